import type { JsonObject } from '../../shared/json'
import { sameUserId } from '../../shared/user/id'
import { sameValue } from '../../shared/user/value'
import { textAt, valueAt } from './answer'

/** What a question was about, as far as it was restricted to something. */
export interface Asked {
  readonly serviceProviderId?: string | undefined
  readonly groupId?: string | undefined
}

/**
 * Whether an object of an answer names another service provider or group than was asked for: a cache on the way or a mistake of
 * the server. Such an answer says nothing about what was asked. What it does not name is no difference, nor is another letter
 * case (ids of every kind are compared as user ids are) or a number that has lost its zeros.
 */
export function isOfAnother(object: JsonObject | undefined, asked: Asked): boolean {
  return (['serviceProviderId', 'groupId'] as const).some((name) => {
    const wanted = asked[name]
    const told = valueAt(object, name)
    if (wanted === undefined || textAt(object, name) === undefined) return false
    return (typeof told === 'string' || typeof told === 'number') && !sameValue('userId', wanted, told)
  })
}

/** Whether two ids are the same for the server, which does not tell letters apart by case. */
export const sameId = (a: string | undefined, b: string | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && sameUserId(a, b))
