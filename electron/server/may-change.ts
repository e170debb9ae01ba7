import { Refusal } from '../ipc/refusal'

/**
 * Why nothing may be changed on the server of a connection from here, in words; undefined where it may. Every reason there is
 * for it is asked here: whoever saves, sends or acts asks the same.
 */
export type MayNotChange = (connectionId: string) => string | undefined

/** Throws a {@link Refusal} where nothing may be changed. */
export function refuseReadOnly(mayNotChange: MayNotChange | undefined, connectionId: string): void {
  const why = mayNotChange?.(connectionId)
  if (why === undefined) return
  throw new Refusal('read-only', `Nothing can be changed on this server: it is read-only. ${why}.`)
}
