import { setImmediate as turn } from 'node:timers/promises'
import type { Json } from '../../shared/json'
import { errorOfShape } from './errors'
import type { CallOptions, OdinResult } from './types'
import type { Call } from './wire'

/** Sends one call under the current sign-in. */
export type Ask = (call: Call) => Promise<OdinResult<Json>>

/** Undefined is left out: it is no value of an option. */
export const optionsOf = ({
  signal,
  urgency,
  turn,
}: { [K in keyof CallOptions]: CallOptions[K] | undefined }) => ({
  ...(signal === undefined ? {} : { signal }),
  ...(urgency === undefined ? {} : { urgency }),
  ...(turn === undefined ? {} : { turn }),
})

export type Read<T> =
  | { readonly ok: true; readonly value: T; readonly problems?: readonly string[] }
  | { readonly ok: false }

/** Turns the JSON of a result into what was asked for; JSON of another shape is an answer that tells nothing. */
export function shaped<T>(
  result: OdinResult<Json>,
  call: Call,
  read: (json: Json) => Read<T>,
): OdinResult<T> {
  if (!result.ok) return result
  const { status, raw } = result
  const understood = read(result.value)
  if (!understood.ok) {
    const answer = { status, headers: {}, body: raw }
    return {
      ok: false,
      error: errorOfShape(answer, 'shape', { isRead: call.method === 'GET', isSecure: true }),
    }
  }
  const { value, problems } = understood
  return {
    ok: true,
    value,
    status,
    raw,
    ...(problems === undefined || problems.length === 0 ? {} : { problems }),
  }
}

/**
 * Reads each element of a list. Elements that cannot be understood are left out and counted, because one odd row
 * must not hide a group; a list of nothing but such rows is no list of these.
 *
 * @param read undefined for what cannot be understood.
 */
export function readEach<T>(
  items: readonly Json[],
  what: string,
  read: (item: Json) => T | undefined,
): Read<T[]> {
  const value: T[] = []
  for (const item of items) {
    const one = read(item)
    if (one !== undefined) value.push(one)
  }
  return counted(value, items.length, what)
}

/** As `readEach`, letting other work go on between: tens of thousands of rows take a while. */
export async function readMany<T>(
  items: readonly Json[],
  what: string,
  read: (item: Json) => T | undefined,
): Promise<Read<T[]>> {
  const value: T[] = []
  for (let at = 0; at < items.length; at++) {
    if (at > 0 && at % 500 === 0) await turn()
    const one = read(items[at] as Json)
    if (one !== undefined) value.push(one)
  }
  return counted(value, items.length, what)
}

function counted<T>(value: T[], count: number, what: string): Read<T[]> {
  const lost = count - value.length
  if (lost === 0) return { ok: true, value }
  if (value.length === 0) return { ok: false }
  return {
    ok: true,
    value,
    problems: [`${lost} of ${count} ${what} could not be understood and are left out.`],
  }
}
