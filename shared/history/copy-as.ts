import { keyOf, type Service, serviceAt, serviceOf } from '../calls/catalogue'
import type { Json, JsonObject } from '../json'
import { editable, fieldAt } from '../user/catalogue'
import { bodyFor } from '../user/patch'
import type { UserKey } from '../user/types'
import { publicEntry } from './public'
import type { HistoryEntry } from './shapes'

export type CopyForm = 'odins_spear' | 'curl'

/**
 * The change of an entry as a script that would make it again, with neither password nor token in it: those come from
 * the environment of whoever runs it.
 */
export function copyAs(form: CopyForm, entry: HistoryEntry): string {
  const open = publicEntry(entry)
  const service = serviceAt(entry.fields[0] ?? '')
  if (service === undefined) return callAs(form, entry.origin, bodyOf(open))
  const about = serviceOf(service)
  return serviceCallAs(form, open.origin, about, serviceBodyOf(about, open), objectIn(open.answer ?? ''))
}

/**
 * The PUT of a service with this body, which names its user, as a script: odins_spear where it has the call, else curl.
 * @param known the service as the server has it besides, for a call that always says everything
 */
export function serviceCallAs(
  form: CopyForm,
  origin: string,
  service: Service,
  body: JsonObject,
  known: JsonObject = {},
): string {
  const spear = form === 'odins_spear' ? spearOfService(service, origin, { ...known, ...body }) : undefined
  return spear ?? curlOf(origin, service.path, body)
}

/** A `PUT /users` with this body as a script; secrets are for the caller to leave out. */
export function callAs(form: CopyForm, origin: string, body: JsonObject & UserKey): string {
  const { serviceProviderId, groupId, userId, ...updates } = body
  const key = { serviceProviderId, groupId, userId }
  return form === 'curl' ? curlOf(origin, '', { ...key, ...updates }) : spear(origin, key, updates)
}

/** The JSON object in a text that begins with something else or nothing. */
function objectIn(text: string): JsonObject | undefined {
  const start = text.indexOf('{')
  try {
    const body: unknown = JSON.parse(start < 0 ? '' : text.slice(start))
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as JsonObject
  } catch {}
  return undefined
}

/** The body of a service as it was sent, or its changed fields alone. */
const serviceBodyOf = ({ fields }: Service, entry: HistoryEntry): JsonObject =>
  objectIn(entry.request) ?? {
    userId: entry.user.userId,
    ...Object.fromEntries(
      fields.flatMap(({ path }) =>
        Object.hasOwn(entry.asked, path) ? [[keyOf(path), entry.asked[path] as Json]] : [],
      ),
    ),
  }

/**
 * The one service that odins_spear writes is do not disturb. It always sends both switches, and one that is left out as
 * off, so both are named, as the server had them afterwards.
 */
function spearOfService({ id }: Service, origin: string, whole: JsonObject): string | undefined {
  if (id !== 'doNotDisturb') return undefined
  const { userId, isActive, ringSplash } = whole
  if (typeof userId !== 'string' || typeof isActive !== 'boolean' || typeof ringSplash !== 'boolean') {
    return undefined
  }
  return [
    ...spearHead(origin),
    'api.do_not_disturb.put_user_do_not_disturb(',
    `    user_id=${pythonText(userId)},`,
    `    dnd_active=${python(isActive)},`,
    `    ring_splash_active=${python(ringSplash)},`,
    ')',
    '',
  ].join('\n')
}

/** The body as it was sent; rebuilt from the fields if the request's text does not hold one. */
function bodyOf(entry: HistoryEntry): JsonObject & HistoryEntry['user'] {
  const sent = objectIn(entry.request)
  if (sent !== undefined) return { ...entry.user, ...sent }
  const edits = entry.fields.flatMap((path) => {
    const field = fieldAt(path)
    const mine = Object.hasOwn(entry.asked, path) ? entry.asked[path] : undefined
    return field !== undefined && editable(field) && mine !== undefined ? [{ path, mine }] : []
  })
  return bodyFor(entry.user, edits)
}

/** Inside single quotes a POSIX shell takes every character for itself but the quote. */
function shellQuoted(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`
}

function curlOf(origin: string, path: string, body: JsonObject): string {
  return [
    `# The token: curl -s ${shellQuoted(`${origin}/auth/token`)} -H 'Content-Type: application/json' -d '{"username": "…", "password": "…"}'`,
    `curl -X PUT ${shellQuoted(`${origin}/users${path}`)} \\`,
    `  -H "Authorization: Bearer $ODIN_TOKEN" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  --data ${shellQuoted(JSON.stringify(body, null, 2))}`,
    '',
  ].join('\n')
}

/** A Python literal. JSON's strings are Python's too once everything beyond ASCII is escaped, but for lone surrogates. */
function python(value: Json, indent = ''): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return pythonText(value)
  const inner = `${indent}    `
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    return `[\n${value.map((item: Json) => `${inner}${python(item, inner)},\n`).join('')}${indent}]`
  }
  const entries = Object.entries(value)
  if (entries.length === 0) return '{}'
  return `{\n${entries.map(([key, item]) => `${inner}${pythonText(key)}: ${python(item, inner)},\n`).join('')}${indent}}`
}

function pythonText(text: string): string {
  const escaped = [...text].map((character) => {
    const code = character.codePointAt(0) ?? 0
    if (character === '"' || character === '\\') return `\\${character}`
    if (code < 0x20 || code === 0x7f || (code >= 0x80 && code < 0xa0))
      return `\\x${code.toString(16).padStart(2, '0')}`
    // Separators that end a line, marks that turn the direction of the text round, and halves of pairs.
    if (
      /[\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]/.test(character) &&
      code < 0x10000
    ) {
      return `\\u${code.toString(16).padStart(4, '0')}`
    }
    return character
  })
  return `"${escaped.join('')}"`
}

const spearHead = (origin: string): string[] => [
  'import os',
  '',
  'from odins_spear import API',
  '',
  'api = API(',
  `    base_url=${pythonText(origin)},`,
  '    username=os.environ["ODIN_USERNAME"],',
  '    password=os.environ["ODIN_PASSWORD"],',
  ')',
  'api.authenticate()',
  '',
]

function spear(origin: string, key: UserKey, updates: JsonObject): string {
  const { serviceProviderId, groupId, userId } = key
  return [
    ...spearHead(origin),
    'api.users.put_user(',
    `    service_provider_id=${pythonText(serviceProviderId)},`,
    `    group_id=${pythonText(groupId)},`,
    `    user_id=${pythonText(userId)},`,
    `    updates=${python(updates, '    ')},`,
    ')',
    '',
  ].join('\n')
}
