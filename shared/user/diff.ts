import { serviceOf } from '../calls/catalogue'
import { fields } from './catalogue'
import type { FieldPath } from './types'
import { fieldValue, sameValue, type Valued } from './value'

/** The fields, in catalogue order (of a service, its own), that both records know and that differ for the server. Keys are compared too. */
export function diffFields(before: Valued, after: Valued): FieldPath[] {
  const differing: FieldPath[] = []
  const { service } = after
  for (const { path } of service === undefined ? fields : serviceOf(service).fields) {
    const one = fieldValue(before, path)
    const two = fieldValue(after, path)
    if (one === undefined || two === undefined || sameValue(path, one, two)) continue
    differing.push(path)
  }
  return differing
}
