import { X } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../ui/Button'
import { Notice } from '../ui/Notice'
import { dismissError, useMessages } from './messages'
import { useStatus } from './status'

/** The newest short message. It stays in the page when empty: a region that comes with its text is not read out. */
export function MessageLine() {
  const info = useMessages((state) => state.info)
  return (
    <div role="status" aria-label="Messages" className="status-message">
      {info && (
        <span key={info.id} className="message" title={info.text}>
          {info.text}
        </span>
      )}
    </div>
  )
}

/** Errors without a place of their own, above the status bar until they are dismissed. */
export function ErrorStrip() {
  const error = useMessages((state) => state.error)
  if (!error) return null
  return (
    <div className="strip strip-error" role="alert" key={error.id}>
      <span className="grow selectable">{error.text}</span>
      <IconButton icon={X} name="Dismiss" onPress={dismissError} />
    </div>
  )
}

/** What the person has to know about secrets and storage on this machine, until they have seen it. */
export function Warnings() {
  const keychain = useStatus(({ status }) => status?.keychainWarning)
  const store = useStatus(({ status }) => status?.storeWarning)
  const [seen, setSeen] = useState<readonly string[]>([])
  const shown = [store, keychain].filter((text) => text !== undefined && !seen.includes(text))
  return shown.map(
    (text) =>
      text && (
        <Notice
          key={text}
          tone="warning"
          actions={
            <Button look="quiet" onPress={() => setSeen([...seen, text])}>
              Understood
            </Button>
          }
        >
          {text}
        </Notice>
      ),
  )
}
