import { type ReactNode, useState } from 'react'
import type { Status } from '../../shared/ipc/contract'
import { Switch } from '../ui/Switch'
import { useNow } from '../ui/Time'
import { age, exactTime } from '../ui/time'
import { count } from '../ui/words'
import { MessageLine } from './Messages'
import { networkWords, setWorkOffline, useStatus, whereAs } from './status'

/** One line that always tells the truth: where, as whom, online or why not, how old, and what is waiting. */
export function StatusBar() {
  const status = useStatus((state) => state.status)
  return (
    <footer className="status-bar">
      <Connection status={status} />
      <MessageLine />
      {status && <Waiting status={status} />}
      <OfflineSwitch status={status} />
    </footer>
  )
}

function Connection({ status }: { status: Status | undefined }) {
  return (
    <div role="status" aria-label="Connection" className="status-connection">
      {status ? <Facts status={status} /> : <span>Starting…</span>}
    </div>
  )
}

function Facts({ status }: { status: Status }) {
  const now = Math.max(useNow(), Date.now())
  const where = whereAs(status)
  const network = status.workOffline && where ? 'offline' : status.network
  const word = status.workOffline && where ? 'Working offline' : networkWords[status.network]
  return (
    <>
      <span className="dot" data-network={network} aria-hidden />
      <span>{word}</span>
      {where && <Part>{where}</Part>}
      {!status.workOffline && status.why && <Part>{status.why}</Part>}
      {where && status.users > 0 && status.dataAsOf !== undefined && (
        <Part title={`Read ${exactTime(status.dataAsOf)}`}>data {age(status.dataAsOf, now)} old</Part>
      )}
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
