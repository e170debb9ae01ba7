import type { FieldEdit, FieldPath, FieldValue } from '../../../../shared/user/types'
import { sameValue } from '../../../../shared/user/value'
import type { Clock } from '../../../platform/ports'
import type { EngineOptions } from './options'
import type { RecentWrite } from './ports'

interface Memory {
  /** Nothing at all is sent for the user before this. */
  blockedUntil: number
  fields: { path: FieldPath; value: FieldValue; until: number }[]
}

/** So many users are remembered without asking who could be forgotten. */
const fewest = 1000

/**
 * Remembers which of our PUTs could still arrive, or arrive a second time, so that nothing newer is sent into their
 * way. Users are named by origin and user id, whoever was signed in.
 */
export function createRecent(
  clock: Clock,
  { settleMs, spacingMs }: Pick<EngineOptions, 'settleMs' | 'spacingMs'>,
) {
  const users = new Map<string, Memory>()
  let sweepAt = fewest

  const memoryOf = (user: string): Memory => {
    let memory = users.get(user)
    if (memory === undefined) {
      if (users.size >= sweepAt) sweep()
      memory = { blockedUntil: Number.NEGATIVE_INFINITY, fields: [] }
      users.set(user, memory)
    }
    return memory
  }

  const sweep = (): void => {
    const now = clock.mono()
    for (const [user, { blockedUntil, fields }] of users) {
      if (blockedUntil <= now && fields.every(({ until }) => until <= now)) users.delete(user)
    }
    // Those that must be kept are not looked at again for each user that comes.
    sweepAt = Math.max(fewest, users.size * 2)
  }

  const note = (user: string, asked: Readonly<Record<FieldPath, FieldValue>>): void => {
    const memory = memoryOf(user)
    const until = clock.mono() + spacingMs
    memory.fields = memory.fields.filter((one) => one.until > clock.mono())
    for (const [path, value] of Object.entries(asked)) memory.fields.push({ path, value, until })
  }

  return {
    /** A PUT was answered, whatever the answer was. */
    answered: note,
    /** A PUT may still be on its way, although nobody waits for its answer any more. */
    lost(user: string): void {
      memoryOf(user).blockedUntil = clock.mono() + settleMs
    },
    /** Writes of an earlier run count as if they had been made just now: the clock of that run is gone. */
    recall(writes: readonly RecentWrite[], userOf: (write: RecentWrite) => string): void {
      for (const write of writes) {
        if (write.lingering) memoryOf(userOf(write)).blockedUntil = clock.mono() + settleMs
        note(userOf(write), write.asked)
      }
    },
    /** Monotonic ms before which these values must not be sent, and which rule says so. */
    earliest(
      user: string,
      edits: readonly Pick<FieldEdit, 'path' | 'mine'>[],
    ): { at: number; rule: 'spacing' | 'quarantine' } {
      const memory = users.get(user)
      if (memory === undefined) return { at: Number.NEGATIVE_INFINITY, rule: 'spacing' }
      let at = Number.NEGATIVE_INFINITY
      for (const { path, value, until } of memory.fields) {
        const edit = edits.find((one) => one.path === path)
        if (edit !== undefined && !sameValue(path, edit.mine, value)) at = Math.max(at, until)
      }
      return memory.blockedUntil > at
        ? { at: memory.blockedUntil, rule: 'quarantine' }
        : { at, rule: 'spacing' }
    },
  }
}
export type Recent = ReturnType<typeof createRecent>
