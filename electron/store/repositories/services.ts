import { isServiceId, type ServiceId, serviceOf } from '../../../shared/calls/catalogue'
import { normaliseService } from '../../../shared/calls/normalise'
import type { JsonObject } from '../../../shared/json'
import { foldedId } from '../../../shared/user/id'
import type { FieldPath, FieldValue, UserKey, UserRecord } from '../../../shared/user/types'
import { fieldValue } from '../../../shared/user/value'
import type { Db, SqlRow } from '../connection'
import { number, optionalText, parsed, text } from './rows'

/** One service of a user as cached. Times are wall milliseconds. */
export interface CachedService {
  readonly service: ServiceId
  /** Undefined: the user does not have the service. */
  readonly record: UserRecord | undefined
  readonly readAt: number
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The fields of services by path, as far as they are known; `null` is known to be empty. */
export function knownFields(services: readonly CachedService[]): Record<FieldPath, FieldValue> {
  const known: Record<FieldPath, FieldValue> = {}
  for (const { service, record } of services) {
    for (const { path } of serviceOf(service).fields) {
      const value = record && fieldValue(record, path)
      if (value !== undefined) known[path] = value
    }
  }
  return known
}

/** A damaged one is left out: it is read again. */
const serviceOfRow = (row: SqlRow, key: UserKey): CachedService[] => {
  const service = text(row, 'service')
  if (!isServiceId(service)) return []
  const readAt = number(row, 'read_at')
  const json = optionalText(row, 'object')
  if (json === undefined) return [{ service, record: undefined, readAt }]
  const object = parsed(json)
  const record = isObject(object) ? normaliseService(serviceOf(service), key, object) : undefined
  return record === undefined ? [] : [{ service, record, readAt }]
}

/** Call-handling services of users: the server's copy, never with unsent changes in it. */
export const servicesRepository = (db: Db) => ({
  ofUser: (connectionId: string, key: UserKey): CachedService[] =>
    db
      .all(
        'SELECT service, object, read_at FROM services WHERE connection_id = ? AND user_id = ?',
        connectionId,
        foldedId(key.userId),
      )
      .flatMap((row) => serviceOfRow(row, key)),

  /** Some services of several users, by their keys; who has none here is left out. */
  ofUsers: (
    connectionId: string,
    keys: readonly UserKey[],
    wanted: readonly ServiceId[],
  ): Map<UserKey, CachedService[]> => {
    const byId = new Map(keys.map((key) => [foldedId(key.userId), key]))
    const found = new Map<UserKey, CachedService[]>()
    const rows = db.all(
      `SELECT user_id, service, object, read_at FROM services WHERE connection_id = ?
       AND user_id IN (SELECT value FROM json_each(?)) AND service IN (SELECT value FROM json_each(?))`,
      connectionId,
      JSON.stringify([...byId.keys()]),
      JSON.stringify(wanted),
    )
    for (const row of rows) {
      const key = byId.get(text(row, 'user_id'))
      if (key === undefined) continue
      const services = found.get(key)
      if (services === undefined) found.set(key, serviceOfRow(row, key))
      else services.push(...serviceOfRow(row, key))
    }
    return found
  },

  /** Whether anything was ever read of anybody. */
  hasAny: (connectionId: string): boolean =>
    db.rows('SELECT 1 FROM services WHERE connection_id = ? LIMIT 1', connectionId).length > 0,

  /**
   * Stores what was just read of one service; `undefined`: the user does not have it.
   * @returns what was there of it before
   */
  put: (
    connectionId: string,
    key: UserKey,
    service: ServiceId,
    record: UserRecord | undefined,
    readAt: number,
  ): CachedService | undefined => {
    if (key.userId.includes('\0')) return undefined
    const object = record === undefined ? null : JSON.stringify(record.sent ?? {})
    const before = db.get(
      'SELECT service, object, read_at FROM services WHERE connection_id = ? AND user_id = ? AND service = ?',
      connectionId,
      foldedId(key.userId),
      service,
    )
    db.run(
      `INSERT INTO services (connection_id, user_id, service, object, read_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (connection_id, user_id, service)
         DO UPDATE SET object = excluded.object, read_at = excluded.read_at`,
      connectionId,
      foldedId(key.userId),
      service,
      object,
      readAt,
    )
    // Whoever keeps up with the users learns that something of this one is new.
    if (before === undefined || (optionalText(before, 'object') ?? null) !== object) {
      db.run(
        `UPDATE users SET version = (SELECT max(version) + 1 FROM users WHERE connection_id = ?)
         WHERE connection_id = ? AND user_id = ?`,
        connectionId,
        connectionId,
        key.userId,
      )
    }
    return before && serviceOfRow(before, key)[0]
  },

  removeConnection: (connectionId: string): void => {
    db.run('DELETE FROM services WHERE connection_id = ?', connectionId)
  },
})
export type ServicesRepository = ReturnType<typeof servicesRepository>
