import * as z from 'zod'
import { json } from '../json'
import { isUsableId, type longestId } from './id'

// What of a user is kept and handed from one floor to another, as it is checked where it comes in.

const idOf = (kind: keyof typeof longestId) =>
  z.string().refine((id) => isUsableId(kind, id), `no ${kind} that can be used`)

export const userKey = z.object({
  serviceProviderId: idOf('serviceProviderId'),
  groupId: idOf('groupId'),
  userId: idOf('userId'),
})

/** Canonical values by path. */
export const fieldValues = z.record(z.string(), json)

export const fieldEdit = z.object({ path: z.string().max(200), base: json.optional(), mine: json })

export const userRow = z.object({
  key: userKey,
  /** Server copy, canonical values by path; a path left out is empty in a full record, unknown in a row. */
  fields: fieldValues,
  completeness: z.enum(['row', 'full']),
  /** Unsent edits by path: what the server copy had (left out when that was not read) and what it will become. */
  pending: z.record(
    z.string(),
    z.object({
      old: json.optional(),
      new: json,
      /** Set when it does not go on without a person: the outbox entry, and why in words. */
      trouble: z.object({ entry: z.string(), conflict: z.boolean(), why: z.string() }).optional(),
    }),
  ),
  /** Call handling as people read it, by the path of the column and as far as it was read, unsent edits included. */
  calls: z.record(z.string(), z.string()).optional(),
  /** Worst state among this user's live outbox entries. */
  state: z.enum(['clean', 'changed', 'conflict', 'unknown', 'refused', 'gone']),
  /** It was found on the server; the list of its group was never read. */
  found: z.boolean().optional(),
})
export type UserRow = z.infer<typeof userRow>
