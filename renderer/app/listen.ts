import { gungnir } from './bridge'
import { listenForKeys, perform } from './keys'
import { say, sayProblem } from './messages'
import { useStatus } from './status'

/** Everything the app hears from outside for as long as it runs; pages add what only they need. */
export function listen(): void {
  gungnir.events.status((status) => useStatus.setState({ status }))
  gungnir.events.message(({ tone, text }) => {
    if (tone === 'error') sayProblem(text)
    else say(text)
  })
  gungnir.events.command(perform)
  listenForKeys()
}
