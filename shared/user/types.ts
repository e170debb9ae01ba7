import type { ServiceId } from '../calls/catalogue'
import type { Json, JsonObject } from '../json'

/** What names one user on one server. `userId` alone is unique system-wide; the other two scope it. */
export interface UserKey {
  readonly serviceProviderId: string
  readonly groupId: string
  readonly userId: string
}

/** A catalogue path such as `lastName`, `address.city` or `department`: the unit of editing, merging and history. */
export type FieldPath = string

/**
 * The canonical value of one field. `null` is "empty": the server says it as `""`, `null` or by leaving the
 * key out, and all three mean the same. An unknown value (not read yet) is `undefined`, never `null`.
 * Objects and lists appear only for fields that the server replaces whole (department, aliases, contacts…).
 */
export type FieldValue = Json

/** One user as read from the server, in canonical form. */
export interface UserRecord {
  readonly key: UserKey
  /**
   * `row`: a basic list row, which carries only some fields; the missing ones are unknown.
   * `full`: a detail object; a missing field is empty.
   */
  readonly completeness: 'row' | 'full'
  /** Of a user's call-handling service, which one: then these are its fields, all of them, and no others. */
  readonly service?: ServiceId
  /** Canonical values by catalogue path. Empty fields are left out. */
  readonly fields: Readonly<Record<FieldPath, FieldValue>>
  /** What the server sent and the catalogue does not know or could not understand: shown as it came, never sent. */
  readonly extra: Readonly<Record<string, Json>>
  /** The object of a service as the server sent it, for a body that has to carry it whole. */
  readonly sent?: JsonObject
}

/** One edit of one field. `base` left out means the value was not known when the edit was made. */
export interface FieldEdit {
  readonly path: FieldPath
  readonly base?: FieldValue
  readonly mine: FieldValue
  /** The server may have something else than the base by now, so an edit back to it is still one. */
  readonly moved?: true
}
