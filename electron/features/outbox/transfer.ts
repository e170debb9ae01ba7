import * as z from 'zod'
import type { OutboxEntry } from '../../../shared/change/types'
import { fieldEdit, userKey } from '../../../shared/ipc/contract'
import type { Json } from '../../../shared/json'
import { Refusal } from '../../ipc/refusal'
import type { OpenRequest, SaveSuggestion } from '../../platform/file-sink'
import { localDay } from '../../platform/local-day'
import type { ToSave } from './incoming'

/** Unsent changes of one account on one server, to be sent from another machine. Holds no password and no answer. */
const unsentFile = z.object({
  format: z.literal('gungnir-unsent'),
  version: z.literal(1),
  origin: z.string().max(2000),
  account: z.string().max(400),
  /** Wall ms. */
  madeAt: z.number(),
  changes: z
    .array(
      z.object({
        user: userKey,
        edits: z.array(fieldEdit).min(1).max(200),
        reason: z.string().max(1000).optional(),
        reverts: z.string().max(1_000_000).optional(),
      }),
    )
    .max(1_000_000),
})
export type UnsentFile = z.infer<typeof unsentFile>

const mostBytes = 500_000_000

export const unsentRequest: OpenRequest = {
  title: 'Import unsent changes',
  kind: 'Unsent changes',
  extensions: ['json'],
  mostBytes,
}

export const unsentSuggestion = (wall: number): SaveSuggestion => ({
  name: `gungnir-unsent-${localDay(wall)}`,
  extension: 'json',
  kind: 'Unsent changes',
})

/** The file, one change in a line. */
export function* unsentText(
  of: { readonly origin: string; readonly account: string; readonly madeAt: number },
  entries: readonly OutboxEntry[],
): Generator<string> {
  const head = JSON.stringify({ format: 'gungnir-unsent', version: 1, ...of })
  yield `${head.slice(0, -1)},"changes":[`
  for (const [at, { user, edits, reason, reverts }] of entries.entries()) {
    const change = {
      user,
      edits,
      ...(reason === undefined ? {} : { reason }),
      ...(reverts === undefined ? {} : { reverts }),
    }
    yield `${at === 0 ? '' : ','}\n${JSON.stringify(change)}`
  }
  yield '\n]}\n'
}

/** Reads such a file, or says what is wrong with it. */
export function readUnsent(name: string, bytes: Uint8Array): UnsentFile {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json
  } catch {
    throw unreadable(name, 'it is not JSON')
  }
  const parsed = unsentFile.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw unreadable(
    name,
    `${issue?.path.map(String).join('.') || 'the file'}: ${issue?.message ?? 'not as expected'}`,
  )
}

const unreadable = (name: string, why: string) =>
  new Refusal('file', `${name} holds no unsent changes of Gungnir: ${why.slice(0, 300)}.`, {
    next: 'Choose a file that Export unsent changes has written.',
  })

/** The changes of a file as saves; those with one reason are one save. */
export function savesOf(file: UnsentFile): ToSave[] {
  const byReason = new Map<string | undefined, ToSave['changes'][number][]>()
  for (const { user, edits, reason, reverts } of file.changes) {
    const changes = byReason.get(reason) ?? []
    changes.push({
      user,
      edits,
      ...(reverts === undefined ? {} : { reverts: reverts.split(' ') }),
    })
    byReason.set(reason, changes)
  }
  return [...byReason].map(([reason, changes]) => ({ changes, ...(reason === undefined ? {} : { reason }) }))
}
