import { fields } from './catalogue'
import type { FieldPath } from './types'
import { fieldValue, sameValue, type Valued } from './value'

/** The fields, in catalogue order, that both records know and that differ for the server. Keys are compared too. */
export function diffFields(before: Valued, after: Valued): FieldPath[] {
  const differing: FieldPath[] = []
  for (const { path } of fields) {
    const one = fieldValue(before, path)
    const two = fieldValue(after, path)
    if (one === undefined || two === undefined || sameValue(path, one, two)) continue
    differing.push(path)
  }
  return differing
}
