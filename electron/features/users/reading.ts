import * as z from 'zod'
import type { ReadingChoice } from '../../../shared/ipc/contract'
import type { Json } from '../../../shared/json'
import { settingsRepository } from '../../store/repositories/settings'
import type { Store } from '../../store/store'
import type { Scope } from './index/user-index'

/** Up to so many users the full record of each is read without being asked for. */
const mostByThemselves = 5000

const wishSchema = z.object({
  /** As long as nobody has chosen, the size of the server decides. */
  choice: z.enum(['all', 'opened', 'nothing']).optional(),
  /** Reading by itself was stopped by a person. */
  stopped: z.boolean().optional(),
  /** What a person asked for and what is not read yet. */
  asked: z
    .object({
      serviceProviderId: z.string().optional(),
      groupId: z.string().optional(),
      calls: z.enum(['groups', 'users']).optional(),
      onlyCalls: z.boolean().optional(),
    })
    .optional(),
})
type Wish = z.infer<typeof wishSchema>

/**
 * What is read of call handling beside full records, or (`onlyCalls`) in their place. `groups`: only what one call tells of a
 * whole group; `users`: the rest as well, user by user.
 */
export interface CallsWish {
  readonly calls?: 'groups' | 'users'
  readonly onlyCalls?: boolean
}

/** What both wishes are content with. */
export const bothWishes = (a: CallsWish, b: CallsWish): CallsWish => {
  const calls = a.calls === 'users' ? a.calls : (b.calls ?? a.calls)
  return {
    ...(calls === undefined ? {} : { calls }),
    ...(a.onlyCalls && b.onlyCalls ? { onlyCalls: true } : {}),
  }
}

/** A scope without what says nothing. */
export const bare = ({ serviceProviderId, groupId }: Scope): Scope => ({
  ...(serviceProviderId === undefined ? {} : { serviceProviderId }),
  ...(groupId === undefined ? {} : { groupId }),
})

/** Which full records are wanted of each connection; kept over a restart. */
export function createReading(store: Store) {
  const settings = settingsRepository(store)
  const key = (connectionId: string): string => `users.reading.${connectionId}`

  const wish = (connectionId: string): Wish => {
    const parsed = wishSchema.safeParse(settings.get(key(connectionId)))
    return parsed.success ? parsed.data : {}
  }
  const change = (connectionId: string, changes: { [K in keyof Wish]?: Wish[K] | undefined }): void => {
    const next = Object.entries({ ...wish(connectionId), ...changes }).filter(([, v]) => v !== undefined)
    settings.set(key(connectionId), Object.fromEntries(next) as Json)
  }

  return {
    /** What is read ahead: what was chosen, or what suits a server of so many users. */
    choice({ id, demo }: { readonly id: string; readonly demo: boolean }, users: number): ReadingChoice {
      return wish(id).choice ?? (demo || users <= mostByThemselves ? 'all' : 'opened')
    },
    choose: (connectionId: string, choice: ReadingChoice): void =>
      change(connectionId, { choice, stopped: undefined }),

    isStopped: (connectionId: string): boolean => wish(connectionId).stopped === true,
    /** Nothing more is read until somebody asks for it. */
    stop: (connectionId: string): void => change(connectionId, { stopped: true, asked: undefined }),

    asked(connectionId: string): { readonly scope: Scope; readonly what: CallsWish } | undefined {
      const { asked } = wish(connectionId)
      if (asked === undefined) return undefined
      const { calls, onlyCalls, ...scope } = asked
      return {
        scope,
        what: {
          ...(calls === undefined ? {} : { calls }),
          ...(onlyCalls === undefined ? {} : { onlyCalls }),
        },
      }
    },
    ask: (connectionId: string, scope: Scope, what: CallsWish = {}): void =>
      change(connectionId, { stopped: undefined, asked: { ...bare(scope), ...what } }),
    answered: (connectionId: string): void => change(connectionId, { asked: undefined }),

    forget: (connectionId: string): void => settings.set(key(connectionId), null),
  }
}
export type Reading = ReturnType<typeof createReading>
