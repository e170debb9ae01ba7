import { type ReactNode, useState } from 'react'
import type { Status } from '../../shared/ipc/contract'
import { colourNames, useColours } from '../features/connections/colours'
import { signInTo, useConnections } from '../features/connections/store'
import { goTo } from '../kernel/pages'
import { networkOf, setWorkOffline, useStatus, whereAs } from '../kernel/status'
import { MenuButton } from '../ui/MenuButton'
import { Switch } from '../ui/Switch'
import { useNow } from '../ui/Time'
import { age, exactTime } from '../ui/time'
import { count } from '../ui/words'
import { MessageLine } from './Messages'

/** One line that always tells the truth: where, as whom, online or why not, how old, and what is waiting. */
export function StatusBar() {
  const status = useStatus((state) => state.status)
  const colour = useColours()(status?.connectionId)
  return (
    <footer className="status-bar" data-colour={colour}>
      <Connection status={status} />
      <MessageLine />
      {status && <Waiting status={status} />}
      <OfflineSwitch status={status} />
    </footer>
  )
}

function Connection({ status }: { status: Status | undefined }) {
  return (
    <div className="status-connection">
      <div role="status" aria-label="Connection" className="status-facts">
        {status ? <Facts status={status} /> : <span>Starting…</span>}
      </div>
      {status && <Age status={status} />}
    </div>
  )
}

/** How old the data is. Beside the region that is read out: it changes by itself every minute. */
function Age({ status }: { status: Status }) {
  const now = Math.max(useNow(), Date.now())
  if (!whereAs(status) || status.users === 0 || status.dataAsOf === undefined) return null
  return <Part title={`Read ${exactTime(status.dataAsOf)}`}>data {age(status.dataAsOf, now)} old</Part>
}

/** The server in use, as a button that opens the saved ones: another is one choice away. */
function Servers({ status }: { status: Status }) {
  const list = useConnections((state) => state.list)
  const others = (list ?? []).filter(({ id }) => id !== status.connectionId)
  const signedOut = list?.find(({ id }) => id === status.connectionId && status.network === 'signed-out')
  if (list === undefined || list.length === 0) return status.connectionName ?? null
  return (
    <MenuButton
      choices={[
        ...(signedOut
          ? [{ id: signedOut.id, label: `Sign in to ${signedOut.name}`, run: () => void signInTo(signedOut) }]
          : []),
        ...others.map((each) => ({
          id: each.id,
          label: `Connect to ${each.name}`,
          run: () => void signInTo(each),
        })),
        { id: 'connections', label: 'Go to Connections', run: () => goTo('connections') },
      ]}
    >
      {status.connectionName ?? 'Choose a server'}
    </MenuButton>
  )
}

function Facts({ status }: { status: Status }) {
  const { dot, word } = networkOf(status)
  const colour = useColours()(status.connectionId)
  return (
    <>
      <span className="dot" data-network={dot} aria-hidden />
      <span>{word}</span>
      <Part>
        <Servers status={status} />
        {status.connectionName !== undefined && status.account !== undefined && ` as ${status.account}`}
      </Part>
      {colour && <span className="hidden-text">, marked {colourNames[colour].toLowerCase()}</span>}
      {status.readOnly !== undefined && <Part title={`${status.readOnly}.`}>Read-only</Part>}
      {status.unencrypted && (
        <Part title="Others on the way can read the password and everything else.">Not encrypted</Part>
      )}
      {!status.workOffline && status.why && <Part>{status.why}</Part>}
    </>
  )
}

function Part({ children, title }: { children: ReactNode; title?: string }) {
  return (
    <span className="status-part" title={title}>
      {' · '}
      {children}
    </span>
  )
}

function Waiting({ status }: { status: Status }) {
  const { waiting, needsPerson } = status.outbox
  if (waiting === 0) return <span className="quiet">Nothing waiting</span>
  return (
    <a href="#/outbox" className="status-waiting">
      {count(waiting)} waiting
      {needsPerson > 0 && `, ${count(needsPerson)} need${needsPerson === 1 ? 's' : ''} you`}
    </a>
  )
}

/** Follows the finger at once; the main process's answer has the last word. */
function OfflineSwitch({ status }: { status: Status | undefined }) {
  const [asked, setAsked] = useState<boolean>()
  const on = asked ?? status?.workOffline ?? false
  return (
    <Switch
      isSelected={on}
      isDisabled={status === undefined}
      onChange={(next) => {
        setAsked(next)
        void setWorkOffline(next).finally(() => setAsked(undefined))
      }}
    >
      Work offline
    </Switch>
  )
}
