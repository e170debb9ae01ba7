import type { Json } from '../../../shared/json'
import { isShallow } from '../../../shared/user/bounds'
import type { SqlRow } from '../connection'
import { StoreError } from '../errors'

const wrong = (column: string): never => {
  throw new StoreError('corrupt', `The database holds something unexpected in ${column}.`)
}

export const text = (row: SqlRow, column: string): string => {
  const value = row[column]
  return typeof value === 'string' ? value : wrong(column)
}

export const optionalText = (row: SqlRow, column: string): string | undefined => {
  const value = row[column]
  return value === null || value === undefined ? undefined : text(row, column)
}

export const number = (row: SqlRow, column: string): number => {
  const value = row[column]
  return typeof value === 'number' ? value : wrong(column)
}

export const optionalNumber = (row: SqlRow, column: string): number | undefined => {
  const value = row[column]
  return value === null || value === undefined ? undefined : number(row, column)
}

/** The value of a JSON text; undefined for what is none, or is nested too deeply for whoever walks it. */
export const parsed = (json: string): Json | undefined => {
  try {
    const value = JSON.parse(json) as Json
    return isShallow(value) ? value : undefined
  } catch {
    return undefined
  }
}
