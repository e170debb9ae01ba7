import * as z from 'zod'
import { json } from '../json'
import { fieldValues, userKey } from '../user/shapes'

// What of the history is kept and handed from one floor to another, as it is checked where it comes in.

/** Changes that were saved together, as far as a search finds them. */
export const historyBatch = z.object({
  id: z.string(),
  changes: z.number(),
  users: z.number(),
  fields: z.array(z.string()),
  /** How they ended, most frequent first. */
  outcomes: z.array(z.object({ outcome: z.string(), changes: z.number() })),
  /** Fields of which all its changes asked one and the same value; told of one batch at a time. */
  values: z.array(z.object({ path: z.string(), now: json })).optional(),
  /** Its changes stand below it in the list. */
  open: z.boolean(),
})
export type HistoryBatch = z.infer<typeof historyBatch>

export const historyRow = z.object({
  id: z.string(),
  seq: z.number(),
  user: userKey,
  userName: z.string(),
  action: z.string(),
  fields: z.array(z.string()),
  outcome: z.string(),
  words: z.string(),
  account: z.string(),
  origin: z.string(),
  reason: z.string().optional(),
  batchId: z.string().optional(),
  startedWall: z.number(),
  /** What each field was, as far as it is known, and what it became, or was to become and did not. */
  values: z.array(
    z.object({
      path: z.string(),
      before: json.optional(),
      now: json,
      unapplied: z.literal(true).optional(),
    }),
  ),
})
export type HistoryRow = z.infer<typeof historyRow>

export const historyEntry = historyRow.omit({ values: true }).extend({
  before: fieldValues,
  asked: fieldValues,
  /** What the body carried along unchanged, of a service that was written whole. */
  carried: fieldValues.optional(),
  after: fieldValues.optional(),
  request: z.string(),
  answer: z.string().optional(),
  status: z.number().optional(),
  errorCode: z.string().optional(),
  durationMs: z.number().optional(),
  unguardedMs: z.number().optional(),
  reverts: z.string().optional(),
  revertedBy: z.string().optional(),
})
export type HistoryEntry = z.infer<typeof historyEntry>

export const historyWindow = z.object({
  total: z.number(),
  start: z.number(),
  rows: z.array(historyRow),
  problems: z.array(z.string()),
})
export type HistoryWindow = z.infer<typeof historyWindow>

export const historyLine = historyRow.extend({
  /** The line stands for all of these, and is otherwise their newest. */
  batch: historyBatch.optional(),
  /** It stands below the line of its batch. */
  inBatch: z.literal(true).optional(),
})
export type HistoryLine = z.infer<typeof historyLine>

export const historyLines = historyWindow.extend({
  rows: z.array(historyLine),
  /** How many changes all the lines stand for. */
  changes: z.number(),
})
export type HistoryLines = z.infer<typeof historyLines>

/** What a history channel is about: everything that a search finds, of one user or of all. */
export const historyScope = z.object({ search: z.string().max(1000), userId: z.string().max(400).optional() })
export type HistoryScope = z.infer<typeof historyScope>

export const historySummary = z.object({
  total: z.number(),
  /** Days with entries, oldest first, as `2026-11-15` in this machine's time zone. */
  days: z.array(z.object({ day: z.string(), entries: z.number(), failed: z.number() })),
  outcomes: z.array(z.object({ outcome: z.string(), label: z.string(), entries: z.number() })),
  problems: z.array(z.string()),
})
export type HistorySummary = z.infer<typeof historySummary>

/** `base` is what the server has as far as is known, `mine` what would be put back: the edits of a save. */
export const revertPlan = z.object({
  changes: z.array(
    z.object({
      user: userKey,
      userName: z.string(),
      edits: z.array(z.object({ path: z.string(), base: json, mine: json })),
      /** The history entries that the change puts back, for `outbox.save`. */
      reverts: z.array(z.string()),
    }),
  ),
  /** What stays as it is, and why. Without a path: the whole entry. */
  leftOut: z.array(
    z.object({
      id: z.string(),
      user: userKey,
      userName: z.string(),
      path: z.string().optional(),
      why: z.string(),
    }),
  ),
  /** Values that wait and go with their outbox entries: what the server has was never seen. */
  takenOut: z
    .array(z.object({ entry: z.string(), user: userKey, userName: z.string(), path: z.string(), mine: json }))
    .optional(),
})
export type RevertPlanView = z.infer<typeof revertPlan>

export const historyReport = z.object({
  /** Checked links of the chain, and entries that are there. */
  links: z.number(),
  entries: z.number(),
  /** One sentence: sound, or what is wrong first. */
  message: z.string(),
  /** What is wrong, the first first. Empty: the history is as it was written. */
  faults: z.array(
    z.object({
      what: z.enum(['changed', 'missing', 'added', 'chain-broken', 'cut-off']),
      seq: z.number().optional(),
      id: z.string().optional(),
      words: z.string(),
    }),
  ),
  moreFaults: z.number(),
})
export type HistoryReport = z.infer<typeof historyReport>
