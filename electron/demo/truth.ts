import type { PlannedAnswer, PlannedFault } from './http/faults'
import type { WireEntry } from './http/wire-log'
import type { FaultOptions } from './options'
import type { PhoneToggle } from './phones'
import type { ForeignEdit } from './second-administrator'

/**
 * What a test may ask and do behind the API's back. Every argument and answer can be cloned, so that the same
 * calls work on a server in a worker.
 */
export interface DemoTruth {
  /** The server's record as GET /users shows it to an administrator in the plain manner. */
  user(userId: string): Readonly<Record<string, unknown>> | undefined
  /** User ids from a place in the whole list on. */
  userIds(start: number, count: number): readonly string[]
  /** Someone else's PUT /users, by the same rules; throws the refusal. It is not in the wire log. */
  edit(userId: string, changes: Readonly<Record<string, unknown>>): void
  /**
   * One service of a user as its own GET shows it in the plain manner, without the user id; undefined when it is not
   * assigned. `name` is the server's, such as `Do Not Disturb`.
   */
  service(userId: string, name: string): Readonly<Record<string, unknown>> | undefined
  /** What a phone or someone else sets on a service, by the same rules; throws the refusal. It is not in the wire log. */
  editService(userId: string, name: string, changes: Readonly<Record<string, unknown>>): void
  remove(userId: string): void
  /** The next matching call goes wrong in this way. */
  planFault(fault: PlannedFault): void
  /** The next matching call is answered with exactly this, and nothing is done. */
  planAnswer(answer: PlannedAnswer): void
  setFaults(options: FaultOptions | undefined): void
  setLatency(ms: number): void
  /** Every token becomes invalid. */
  endSessions(): void
  wire(): readonly WireEntry[]
  clearWire(): void
  foreignEdits(): readonly ForeignEdit[]
  phoneToggles(): readonly PhoneToggle[]
  /** Stacks of unexpected errors inside the server; empty unless it has a bug. */
  failures(): readonly string[]
}
