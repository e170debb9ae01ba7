import type { FieldPath, FieldValue } from '../../../../shared/user/types'
import { displayValue } from '../../../../shared/user/value'
import { usersSource } from '../store'

/** The country code that goes without saying in this list; undefined until that is known. */
export const usualCountry = (): string | undefined => usersSource.latest()?.usualCountry

/** A value of a user in words. A number tells its country where that is not the usual one of the list. */
export const shownWords = (path: FieldPath, value: FieldValue): string =>
  displayValue(path, value, usualCountry())
