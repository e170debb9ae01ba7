import {
  type BodyForm,
  formOf,
  type Service,
  type ServiceId,
  serviceOf,
} from '../../../../shared/calls/catalogue'
import { missingNeed, serviceBody } from '../../../../shared/calls/normalise'
import type { OutboxEntry } from '../../../../shared/change/types'
import type { JsonObject } from '../../../../shared/json'
import { bodyFor } from '../../../../shared/user/patch'
import type { FieldEdit, FieldPath, FieldValue, UserRecord } from '../../../../shared/user/types'
import { fieldValue } from '../../../../shared/user/value'
import type { CallOptions, OdinClient, OdinResult, PutAnswer, PutOptions } from '../../../odin/types'

/**
 * What an entry is about, the options of its user or one service, decides which call reads it, which writes it and what
 * the body is. Everything else of the protocol is the same for all.
 */
type About = Pick<OutboxEntry, 'user' | 'service'>

export const isAbout = (entry: About, service: ServiceId | undefined): boolean => entry.service === service

/** Reads what the entry is about, as the server has it now. */
export const readAbout = (
  client: OdinClient,
  { user, service }: About,
  options: CallOptions,
): Promise<OdinResult<UserRecord>> =>
  service === undefined ? client.user(user.userId, options) : client.service(service, user, options)

/** Sends the one PUT of an attempt. */
export const putAbout = (
  client: OdinClient,
  { user, service }: About,
  body: JsonObject,
  options: PutOptions,
): Promise<OdinResult<PutAnswer>> =>
  service === undefined
    ? client.putUser({ ...body, ...user }, options)
    : client.putService(service, user, body, options)

/** The form of its body. To be asked once for each body: a person may switch the connection to another meanwhile. */
export const formAbout = ({ service }: About, partialBodies: boolean): BodyForm =>
  service === undefined ? 'changed' : formOf(service, partialBodies)

/** The body for these edits, over what has just been read. */
export const bodyAbout = (
  { user, service }: About,
  edits: readonly FieldEdit[],
  read: UserRecord,
  form: BodyForm,
): JsonObject =>
  service === undefined ? bodyFor(user, edits) : serviceBody(serviceOf(service), user, edits, read, form)

/** The fields that such a body carries besides the edits, as the read showed them. */
export function carriedAbout(
  edits: readonly FieldEdit[],
  read: UserRecord,
  form: BodyForm,
): Readonly<Record<FieldPath, FieldValue>> | undefined {
  if (form === 'changed') return undefined
  const edited = new Set(edits.map(({ path }) => path))
  return Object.fromEntries(Object.entries(read.fields).filter(([path]) => !edited.has(path)))
}

/** The field without which these edits would leave the service switched on for nothing. */
export function needAbout(
  { service }: About,
  edits: readonly FieldEdit[],
  read: UserRecord,
): FieldPath | undefined {
  if (service === undefined) return undefined
  const about: Service = serviceOf(service)
  const mine = new Map(edits.map((edit) => [edit.path, edit.mine]))
  return missingNeed(about, (path) => (mine.has(path) ? (mine.get(path) ?? null) : fieldValue(read, path)))
}
