import type { Json } from '../json'
import { fieldAt } from '../user/catalogue'
import { hiddenText } from '../user/normalise'
import type { FieldPath, FieldValue } from '../user/types'
import { hideSecrets } from './secrets'
import type { HistoryEntry } from './shapes'

/** The entry as it may leave this machine: no value of a secret field, no secret in the server's words. */
export function publicEntry(entry: HistoryEntry): HistoryEntry {
  return {
    ...entry,
    before: publicValues(entry.before),
    asked: publicValues(entry.asked),
    ...(entry.carried === undefined ? {} : { carried: publicValues(entry.carried) }),
    ...(entry.after === undefined ? {} : { after: publicValues(entry.after) }),
    request: hideSecrets(entry.request),
    ...(entry.answer === undefined ? {} : { answer: hideSecrets(entry.answer) }),
  }
}

function publicValues(values: Readonly<Record<FieldPath, FieldValue>>): Record<FieldPath, Json> {
  return Object.fromEntries(
    Object.entries(values).map(([path, value]) => [path, isSecret(path) ? hiddenText : value]),
  )
}

/** Whether a field's value must not be told. A path that the catalogue does not know is judged by its name. */
export function isSecret(path: FieldPath): boolean {
  const field = fieldAt(path)
  return field === undefined ? /passw|passc|secret|token/i.test(path) : field.secret === true
}
