import * as z from 'zod'
import type { OutboxEntry } from '../../../shared/change/types'
import { fieldEdit, userKey } from '../../../shared/user/shapes'
import { Refusal } from '../../ipc/refusal'
import { type JsonAnswer, readJson } from '../../odin/answer'
import type { OpenRequest, SaveSuggestion } from '../../platform/file-sink'
import type { Pause } from '../../platform/pause'

/** Unsent changes of one account on one server, to be sent from another machine. Holds no password and no answer. */
const unsentFile = z.object({
  format: z.literal('gungnir-unsent'),
  version: z.literal(1),
  origin: z.string().max(2000),
  account: z.string().max(400),
  /** Wall ms. */
  madeAt: z.number(),
  /** Who at which computer; earlier versions did not say. */
  madeBy: z.string().max(400).optional(),
  changes: z.array(z.unknown()),
})

/** One change that is carried to another outbox. */
export const unsentChange = z.object({
  user: userKey,
  edits: z
    .array(fieldEdit.extend({ moved: z.literal(true).optional() }))
    .min(1)
    .max(200),
  reason: z.string().max(1000).optional(),
  reverts: z.string().max(1_000_000).optional(),
  /** Wall ms; earlier versions did not say. */
  madeAt: z.number().optional(),
})
export type UnsentChange = z.infer<typeof unsentChange>

export interface UnsentFile extends Omit<z.infer<typeof unsentFile>, 'changes'> {
  readonly name: string
  /** It is no file but a database that was put aside at `madeAt`. */
  readonly aside?: true
  /** In the order of the file; one that cannot be read is a sentence that says so. */
  readonly changes: readonly (UnsentChange | string)[]
}

const mostBytes = 200_000_000
/** Lists, objects and values in them: about forty for each change that an outbox would ever hold. */
const mostMembers = 20_000_000
/** More than a person could have made and anybody would look through. */
const mostChanges = 500_000

export const unsentRequest: OpenRequest = {
  title: 'Import unsent changes',
  kind: 'Unsent changes',
  extensions: ['json'],
  mostBytes,
}

export const unsentSuggestion: SaveSuggestion = {
  name: 'gungnir-unsent',
  extension: 'json',
  kind: 'Unsent changes',
}

/** What of an entry is carried to another outbox. */
export const unsentOf = ({ user, edits, reason, reverts, createdWall }: OutboxEntry): UnsentChange => ({
  user,
  edits: [...edits] as UnsentChange['edits'],
  ...(reason === undefined ? {} : { reason }),
  ...(reverts === undefined ? {} : { reverts }),
  madeAt: createdWall,
})

/** The file, one change in a line. */
export function* unsentText(
  of: {
    readonly origin: string
    readonly account: string
    readonly madeAt: number
    readonly madeBy?: string
  },
  entries: readonly OutboxEntry[],
): Generator<string> {
  const head = JSON.stringify({ format: 'gungnir-unsent', version: 1, ...of })
  yield `${head.slice(0, -1)},"changes":[`
  for (const [at, change] of entries.map(unsentOf).entries()) {
    yield `${at === 0 ? '' : ','}\n${JSON.stringify(change)}`
  }
  yield '\n]}\n'
}

/** Reads such a file, or says what is wrong with it. One change that cannot be read takes no other one with it. */
export async function readUnsent(name: string, bytes: Uint8Array, pause: Pause): Promise<UnsentFile> {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw unreadable(name, 'it is no text in UTF-8')
  }
  const read = readJson(text, mostMembers)
  if (!read.ok) throw unreadable(name, notJson[read.cause])
  const parsed = unsentFile.safeParse(read.json)
  if (!parsed.success) throw unreadable(name, firstProblem(parsed.error, 'the file'))
  const { changes: all, ...head } = parsed.data
  if (all.length > mostChanges) {
    throw new Refusal('file', `${name} holds ${all.length} changes; at most ${mostChanges} are taken in.`, {
      next: 'Nothing was changed. Export them in several files.',
    })
  }
  const changes: (UnsentChange | string)[] = []
  for (const one of all) {
    const change = unsentChange.safeParse(one)
    changes.push(change.success ? change.data : firstProblem(change.error, 'the change'))
    if (pause.due()) await pause.wait()
  }
  return { name, ...head, changes }
}

const notJson: Readonly<Record<Extract<JsonAnswer, { ok: false }>['cause'], string>> = {
  empty: 'it is empty',
  html: 'it is a web page',
  truncated: 'it is cut short or damaged',
  'not-json': 'it is not JSON',
  'too-deep': 'it is nested too deeply',
  'too-large': 'it holds far more values than changes have',
}

const firstProblem = ({ issues: [issue] }: z.ZodError, whole: string): string =>
  `${issue?.path.map(String).join('.') || whole}: ${issue?.message ?? 'not as expected'}`.slice(0, 300)

const unreadable = (name: string, why: string) =>
  new Refusal('file', `${name} holds no unsent changes of Gungnir: ${why}.`, {
    next: 'Choose a file that Export unsent changes has written.',
  })
