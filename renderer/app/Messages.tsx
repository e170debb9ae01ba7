import { BellOff, MessagesSquare, X } from 'lucide-react'
import { useState } from 'react'
import { DialogTrigger, Popover } from 'react-aria-components'
import type { MessageAction, Status } from '../../shared/ipc/contract'
import { openBackup } from '../features/history/backup'
import { resolveEntry, showInOutbox } from '../features/outbox/store'
import { ask, gungnir } from '../kernel/bridge'
import { dismissError, dismissInfo, fadeSoon, keepInfo, sayError, useMessages } from '../kernel/messages'
import { usePolicy } from '../kernel/policy'
import { useConnectionId, useStatus } from '../kernel/status'
import { Button, IconButton } from '../ui/Button'
import { confirm } from '../ui/confirm'
import { Empty } from '../ui/Empty'
import { Notice } from '../ui/Notice'
import { Time } from '../ui/Time'
import { count, counted } from '../ui/words'
import { actionName, carryOut } from './messageActions'

/**
 * The newest short message, or how far the sending has got. It stays in the page when empty: a region that comes with
 * its text is not read out.
 */
export function MessageLine() {
  const info = useMessages((state) => state.info)
  const sending = useStatus(({ status }) => status?.outbox.sending)
  const shown = sending === undefined ? info : undefined
  return (
    <div className="status-news">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only keeps what is read from going meanwhile. */}
      <div
        className="status-line"
        onMouseEnter={keepInfo}
        onMouseLeave={fadeSoon}
        onFocus={keepInfo}
        onBlur={fadeSoon}
      >
        <div role="status" aria-label="Messages" className="status-message">
          {sending && <Sending sending={sending} />}
          {shown && (
            <span key={shown.id} className="message" title={shown.text}>
              {shown.text}
            </span>
          )}
        </div>
        {shown?.actions.map((action) => (
          <Action key={action.do} action={action} />
        ))}
      </div>
      <PastMessages />
    </div>
  )
}

/** Counts down. Not read out at every step: its end is. */
function Sending({ sending: { done, of, what } }: { sending: NonNullable<Status['outbox']['sending']> }) {
  return (
    <span aria-live="off" className="message tabular">
      {what === undefined ? 'Sending' : `Sending ${what}`}: {count(done)} of {count(of)}
    </span>
  )
}

function Action({ action }: { action: MessageAction }) {
  return (
    <Button
      look="quiet"
      onPress={() => {
        dismissInfo()
        carryOut(action)
      }}
    >
      {actionName[action.do]}
    </Button>
  )
}

/** What was said before, for who was not looking. Only what is about the server in use. */
function PastMessages() {
  const past = useMessages((state) => state.past)
  const connection = useConnectionId()
  const [open, setOpen] = useState(false)
  const shown = past.filter(({ connectionId }) => connectionId === undefined || connectionId === connection)
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <IconButton icon={MessagesSquare} name="Past messages" />
      <Popover className="popover past-messages" placement="top end" offset={4} aria-label="Past messages">
        <div className="past-messages-list">
          {shown.length === 0 ? (
            <Empty icon={BellOff} title="Nothing was said yet">
              What Gungnir says here can be read again for as long as it runs.
            </Empty>
          ) : (
            <ol>
              {shown.map((message) => (
                <li key={message.id} data-tone={message.tone}>
                  <span className="small quiet">
                    <Time at={message.at} />
                  </span>
                  <span className="selectable">{message.text}</span>
                  {message.actions.map((action) => (
                    <Button
                      key={action.do}
                      look="quiet"
                      onPress={() => {
                        setOpen(false)
                        carryOut(action)
                      }}
                    >
                      {actionName[action.do]}
                    </Button>
                  ))}
                </li>
              ))}
            </ol>
          )}
        </div>
      </Popover>
    </DialogTrigger>
  )
}

/** Errors without a place of their own, above the status bar until they are dismissed or stop being true. */
export function ErrorStrip() {
  const error = useMessages((state) => state.error)
  return (
    <>
      {error && (
        <div className="strip strip-error" role="alert" key={error.id}>
          <span className="grow selectable">{error.text}</span>
          <IconButton icon={X} name="Dismiss" onPress={dismissError} />
        </div>
      )}
      <Trouble />
    </>
  )
}

/** Changes that have just come to need a person, with the next step. Gone when they are settled, or dismissed. */
function Trouble() {
  const trouble = useStatus(({ status }) => status?.outbox.trouble)
  const [seen, setSeen] = useState<readonly string[]>([])
  if (!trouble) return null
  const mark = ({ id, text }: { id: string; text: string }) => `${id} ${text}`
  const left = trouble.first.filter((each) => !seen.includes(mark(each)))
  const [one] = left
  if (!one) return null
  const more = trouble.total - trouble.first.length
  const many = left.length + more
  const dismiss = () => setSeen(trouble.first.map(mark))
  return (
    <div className="strip strip-error" role="alert" key={many === 1 ? mark(one) : many}>
      <span className="grow selectable">
        {many === 1 ? one.text : `${counted(many, 'change')} need you.`}
      </span>
      {many === 1 && one.conflict && <Button onPress={() => void resolveEntry(one.id)}>Resolve…</Button>}
      <Button onPress={() => showInOutbox(one.id)}>Show</Button>
      <IconButton icon={X} name="Dismiss" onPress={dismiss} />
    </div>
  )
}

/** What the person has to know about secrets and storage on this machine, until they have seen it. */
export function Warnings() {
  const keychain = useStatus(({ status }) => status?.keychainWarning)
  const store = useStatus(({ status }) => status?.storeWarning)
  const choices = useStatus(({ status }) => status?.storeChoices)
  const problems = usePolicy(({ policy }) => policy.problems)
  const [seen, setSeen] = useState<readonly string[]>([])
  const shown = [store, keychain, ...problems].filter((text) => text !== undefined && !seen.includes(text))
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
