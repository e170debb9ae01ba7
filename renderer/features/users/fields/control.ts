import type { Field } from '../../../../shared/user/catalogue'
import type { FieldValue } from '../../../../shared/user/types'

/** What every kind of control is given. */
export interface ControlProps {
  readonly field: Field
  /** `undefined` when it is not known. */
  readonly value: FieldValue | undefined
  /** What was typed last, if it cannot be taken as a value. */
  readonly typed: string | undefined
  readonly problem: string | undefined
  /** What the field was, and where its change stands. */
  readonly was: string | undefined
  readonly look: 'changed' | 'waiting' | 'invalid' | undefined
  /** Takes a value or a typed text, which is checked first. */
  readonly onValue: (value: FieldValue) => void
}
