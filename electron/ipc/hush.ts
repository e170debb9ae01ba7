import type { EventName, EventPayload } from '../../shared/ipc/contract'
import type { Emit } from './door'

/** More messages than these nobody reads afterwards. */
const mostMessages = 50

/**
 * Holds back what the page would be told while it must not show anything, and tells it afterwards: of what changed the last, of
 * messages all. What a menu asks for is dropped.
 *
 * @param passes what is told all the same
 */
export function createHush(
  tell: Emit,
  isHushed: () => boolean,
  passes: ReadonlySet<EventName>,
): { readonly emit: Emit; readonly release: () => void } {
  const last = new Map<EventName, unknown>()
  let messages: EventPayload<'message'>[] = []
  return {
    emit(name, payload) {
      if (!isHushed() || passes.has(name)) tell(name, payload)
      else if (name === 'message')
        messages = [...messages, payload as EventPayload<'message'>].slice(-mostMessages)
      else if (name !== 'command') last.set(name, payload)
    },
    release() {
      const held = [...last] as [EventName, never][]
      const said = messages
      last.clear()
      messages = []
      for (const [name, payload] of held) tell(name, payload)
      for (const message of said) tell('message', message)
    },
  }
}
