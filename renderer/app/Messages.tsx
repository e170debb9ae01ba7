import { X } from 'lucide-react'
import { useState } from 'react'
import type { Status } from '../../shared/ipc/contract'
import { openBackup } from '../features/history/backup'
import { Button, IconButton } from '../ui/Button'
import { confirm } from '../ui/confirm'
import { Notice } from '../ui/Notice'
import { ask, gungnir } from './bridge'
import { dismissError, sayError, useMessages } from './messages'
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
  const choices = useStatus(({ status }) => status?.storeChoices)
  const [seen, setSeen] = useState<readonly string[]>([])
  const shown = [store, keychain].filter((text) => text !== undefined && !seen.includes(text))
  return shown.map(
    (text) =>
      text && (
        <Notice
          key={text}
          tone="warning"
          actions={
            text === store && choices ? (
              <Choices choices={choices} />
            ) : (
              <Button look="quiet" onPress={() => setSeen([...seen, text])}>
                Understood
              </Button>
            )
          }
        >
          {text}
        </Notice>
      ),
  )
}

type Choice = NonNullable<Status['storeChoices']>[number]

/** Nothing is put aside or begun anew before a person has said so. The question stays until it is answered. */
function Choices({ choices }: { choices: readonly Choice[] }) {
  const decide = (choice: 'again' | 'anew') => void ask(gungnir.app.storage(choice)).catch(sayError)
  const anew = async () => {
    const sure = await confirm({
      title: 'Begin anew?',
      text: 'The database stays in the profile folder under a name that begins with gungnir.db.kept, and its key in whichever keychain has it. Gungnir starts with an empty one. What was kept is brought over at the first start that finds its key.',
      action: 'Begin anew',
    })
    if (sure) decide('anew')
  }
  const actions: Record<Choice, () => void> = {
    again: () => decide('again'),
    restore: () => openBackup('restore'),
    anew: () => void anew(),
  }
  return choices.map((choice) => (
    <Button key={choice} look={choice === 'again' ? 'primary' : 'quiet'} onPress={actions[choice]}>
      {choiceNames[choice]}
    </Button>
  ))
}

const choiceNames: Record<Choice, string> = {
  again: 'Try again',
  restore: 'Restore a back-up…',
  anew: 'Begin anew',
}
