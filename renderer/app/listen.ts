import type { Status } from '../../shared/ipc/contract'
import { gungnir } from '../kernel/bridge'
import { keepAmongPast, nowAt, promisesEnd, sayProblem, tell } from '../kernel/messages'
import { useStatus } from '../kernel/status'
import { listenForUpdates } from '../kernel/updates'
import { keepFocus } from './focus'
import { listenForKeys, perform } from './keys'

/** Everything the app hears from outside for as long as it runs; pages add what only they need. */
export function listen(): void {
  useStatus.subscribe(({ status }, { status: before }) => followStatus(status, before))
  gungnir.events.status((status) => useStatus.setState({ status }))
  gungnir.events.message(({ tone, text, connectionId, actions }) => {
    const more = {
      ...(connectionId === undefined ? {} : { connectionId }),
      ...(actions === undefined ? {} : { actions }),
    }
    if (tone === 'error') sayProblem(text, more)
    else tell(text, more)
  })
  gungnir.events.command(perform)
  listenForUpdates()
  listenForKeys()
  keepFocus()
}

/** What is said about how things stand goes when they stand otherwise. */
function followStatus(status: Status | undefined, before: Status | undefined): void {
  nowAt({ connectionId: status?.connectionId, online: status?.mayAsk === true })
  const known = new Set(before?.outbox.trouble?.first.map(({ id, text }) => `${id} ${text}`))
  const fresh = status?.outbox.trouble?.first.filter(({ id, text }) => !known.has(`${id} ${text}`)) ?? []
  for (const { text } of fresh) keepAmongPast(text)
  if (fresh.length > 0) promisesEnd()
}
