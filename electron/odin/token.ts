import type { Json, JsonObject } from '../../shared/json'
import { asObject, booleanAt, numberAt, readJson, textAt, valueAt } from './answer'
import type { OdinSession } from './types'

/** What a token says about its own life, in seconds since 1970 by the server's clock. */
export interface TokenLife {
  readonly issuedAt?: number
  readonly expiresAt?: number
}

/** Reads the claims of a JWT without trusting them: they only decide when to ask for a new one. */
export function lifeOf(token: string): TokenLife {
  const claims = token.split('.')[1]
  if (claims === undefined || claims.length > 20_000) return {}
  const read = readJson(Buffer.from(claims, 'base64url').toString('utf8'))
  const object = read.ok ? asObject(read.json) : undefined
  const issuedAt = numberAt(object, 'iat')
  const expiresAt = numberAt(object, 'exp')
  return {
    ...(issuedAt === undefined ? {} : { issuedAt }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}

/** A token that can be put into a header, or nothing. */
export function tokenOf(json: Json): string | undefined {
  const token = textAt(asObject(json), 'token')
  return token !== undefined && /^[\x21-\x7e]{1,16384}$/.test(token) ? token : undefined
}

/** "Never expires", as administrators and as users see it. */
const never = new Set([-2147483648, 2147483647])

/**
 * The session fields of an answer to sign-in, refresh or `GET /auth/session`. Servers differ in how many of them
 * the first two give, so what is missing is left out.
 */
export function sessionFields(json: Json): Partial<OdinSession> {
  const object = asObject(json)
  const fields: { -readonly [K in keyof OdinSession]?: OdinSession[K] } = {}
  const text = (name: 'userId' | 'loginType' | 'serviceProviderId' | 'groupId' | 'resellerId') => {
    const value = textAt(object, name)
    if (value !== undefined) fields[name] = value
  }
  text('userId')
  text('loginType')
  text('serviceProviderId')
  text('groupId')
  text('resellerId')
  for (const name of ['softwareVersion', 'encoding', 'systemDomain'] as const) {
    const value = textAt(object, name)
    if (value !== undefined) fields[name] = value
  }
  for (const name of ['isSystemAdmin', 'readOnly'] as const) {
    const value = booleanAt(object, name)
    if (value !== undefined) fields[name] = value
  }
  const path = textAt(object, 'groupDepartmentPathName') ?? textAt(object, 'groupDepartmentName')
  if (path !== undefined) fields.departmentPathName = path
  const days = numberAt(object, 'passwordExpiresDays')
  if (days !== undefined && !never.has(days)) fields.passwordExpiresInDays = days
  const policy = policyOf(valueAt(object, 'policy'))
  if (policy !== undefined) fields.policy = policy
  return fields
}

/** The web policy: an object, or a list where PHP had nothing to say or wraps the object. */
function policyOf(json: Json | undefined): Readonly<Record<string, string>> | undefined {
  const object = asObject(json)
  if (object === undefined) return Array.isArray(json) ? {} : undefined
  const entries: [string, string][] = []
  for (const name of Object.keys(object as JsonObject)) {
    const value = textAt(object, name)
    if (value !== undefined) entries.push([name, value])
  }
  return Object.fromEntries(entries)
}
