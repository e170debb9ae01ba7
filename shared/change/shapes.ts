import * as z from 'zod'
import { json } from '../json'

// What of an unsent change is kept and handed from one floor to another, as it is checked where it comes in.

export const entryState = z.enum([
  'queued',
  'held',
  'preflight',
  'inflight',
  'verifying',
  'unknown',
  'waiting',
  'conflict',
  'partial',
  'rejected',
  'parked',
  'done',
  'cancelled',
  'superseded',
])

export const fieldConflict = z.object({ path: z.string(), base: json.optional(), theirs: json, mine: json })
