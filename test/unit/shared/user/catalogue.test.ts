import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  contactPattern,
  editable,
  type Field,
  fieldAt,
  fields,
  labelOf,
} from '../../../../shared/user/catalogue'

interface Described {
  path: string
  type: string
  minLength: number | null
  maxLength: number | null
  maxItems: number | null
  pattern: string | null
  enum: string[] | null
  lookup: string | null
  writable: boolean | null
  clearable: boolean
  clearValue: string | null
  writeVia: string | null
  inList: boolean | string
  inDetail: boolean | string
  minRole: string | null
}

const described: Described[] = JSON.parse(
  readFileSync(new URL('../../../fixtures/user-fields.json', import.meta.url), 'utf8'),
).fields

/** Where the catalogue knowingly differs from the description, and why. */
const exceptions: Record<string, Partial<Field>> = {
  // Only a shortcut of one SDK that may do nothing; accessDeviceEndpoint.contacts is the documented way.
  contacts: { write: 'none', clear: 'no' },
  // A property of the number, which the details tell only sometimes.
  phoneNumberActivated: { inDetail: false },
  // Basic rows tell the department as the same text, and there it is kept.
  departmentFullPath: { inRow: true },
  // "As accessDeviceEndpoint.linePort".
  'trunkAddressing.trunkGroupDeviceEndpoint.linePort': {
    pattern: /^\+?[A-Za-z0-9\-_.!~*'()@]+$/,
  },
  // A SIP address like a contact, without "sip:".
  'accessDeviceEndpoint.hotlineContact': { pattern: contactPattern },
  // Whether and under which name ODiN writes these is unknown.
  userExternalId: { clear: 'no' },
  userPersonId: { clear: 'no' },
  // The note says that each has 1 to 161 characters.
  aliases: { max: 161 },
  // The note says 1..1024.
  'accessDeviceEndpoint.portNumber': { min: 1, max: 1024 },
}

const folders = [
  'address',
  'accessDeviceEndpoint',
  'trunkAddressing',
  'trunkAddressing.trunkGroupDeviceEndpoint',
]

const calls: [prefix: string, write: Field['write']][] = [
  ['PUT /users/alternate-user-id', 'alternate-user-id'],
  ['PUT /users/user-id', 'user-id'],
  ['PUT /users/group-id', 'group-id'],
  ['PUT /users/passwords', 'passwords'],
  ['PUT /users/', 'none'],
  ['PUT /users', 'put-users'],
]

const lookups: [prefix: string, lookup: Field['lookup']][] = [
  ['GET /groups/departments', 'departments'],
  ['GET /system/languages', 'languages'],
  ['GET /system/time-zones', 'timeZones'],
  ['GET /system/states-provinces', 'states'],
  ['GET /groups/network-class-of-services', 'networkClasses'],
  ['GET /groups/dns', 'numbers'],
  ['GET /groups/trunk-groups', 'trunkGroups'],
  ['GET /groups/enterprise-trunks', 'enterpriseTrunks'],
]

function lookup<T>(table: [string, T][], text: string | null): T | undefined {
  return table.find(([prefix]) => text?.startsWith(prefix))?.[1]
}

function kindFits(field: Field, type: string): boolean {
  if (/^(object\[\]|string\[\]|array)/.test(type)) return field.kind === 'list'
  if (/^object/.test(type)) return field.kind === 'object'
  if (/^boolean|^"true"/.test(type)) return field.kind === 'boolean'
  if (/^(integer|number)/.test(type)) return field.kind === 'integer'
  return ['text', 'digits', 'phone', 'email', 'choice', 'lookup'].includes(field.kind)
}

describe('the catalogue against the description of the API', () => {
  test.each(described.map((entry) => [entry.path, entry] as const))('%s', (path, entry) => {
    if (folders.includes(path)) {
      expect(fieldAt(path)).toBeUndefined()
      expect(fields.some((field) => field.path.startsWith(`${path}.`))).toBe(true)
      return
    }
    const field = fieldAt(path)
    if (field === undefined) {
      // A child of something that is replaced whole.
      const at = path.lastIndexOf('.')
      const parent = fieldAt(path.slice(0, at).replace('[]', ''))
      const part = parent?.parts?.find((candidate) => candidate.name === path.slice(at + 1))
      expect(part, 'a field or a part').toBeDefined()
      expect(part?.max ?? null).toBe(entry.maxLength)
      expect(part?.choices?.map((choice) => choice.value) ?? null).toEqual(entry.enum)
      // With a device only its name and level are sent: they are its whole key.
      expect(part?.readOnly !== true).toBe(entry.writable)
      return
    }
    const expected: Partial<Field> = {
      write: lookup(calls, entry.writeVia) ?? 'none',
      clear: entry.clearValue === '[]' ? 'empty-list' : entry.clearValue === 'null' ? 'null' : 'no',
      inRow: entry.inList === true,
      inDetail: entry.inDetail !== false,
      ...exceptions[path],
    }
    expect(field).toMatchObject(expected)
    expect(field.pattern?.source).toBe(
      (expected.pattern ?? (entry.pattern === null ? undefined : new RegExp(entry.pattern)))?.source,
    )
    expect(field.max ?? null).toBe(expected.max ?? entry.maxLength)
    if (entry.maxLength !== null && field.kind !== 'list') expect(field.min).toBe(entry.minLength)
    expect(field.items ?? null).toBe(entry.maxItems)
    expect(field.choices?.map((choice) => choice.value) ?? null).toEqual(entry.enum)
    expect(field.role ?? null).toBe(entry.minRole)
    expect(kindFits(field, entry.type), `${field.kind} for ${entry.type}`).toBe(true)
    if (editable(field) && path !== 'extension') {
      const wanted = path.endsWith('.accessDevice') ? 'devices' : lookup(lookups, entry.lookup)
      expect(field.lookup).toBe(wanted)
    }
    if (entry.writable === false) expect(field.write).not.toBe('put-users')
  })

  test('has no field that the description lacks', () => {
    const known = new Set(described.map((entry) => entry.path))
    expect(fields.map((field) => field.path).filter((path) => !known.has(path))).toEqual([])
  })
})

describe('the catalogue itself', () => {
  test('paths and labels are unique, so that a label names one control', () => {
    for (const of of ['path', 'label'] as const) {
      const texts = fields.map((field) => field[of])
      expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([])
    }
  })

  test('the labels that people and checks rely on', () => {
    const labels = {
      firstName: 'First name',
      lastName: 'Last name',
      extension: 'Extension',
      phoneNumber: 'Phone number',
      'address.addressLine1': 'Address line 1',
      'address.city': 'City',
      emailAddress: 'E-mail',
      mobilePhoneNumber: 'Mobile number',
      title: 'Title',
    }
    for (const [path, label] of Object.entries(labels)) expect(labelOf(path)).toBe(label)
    expect(labelOf('no.such.field')).toBe('no.such.field')
  })

  test('no secret can be edited through the outbox', () => {
    const secrets = fields.filter(
      (field) => /passw/i.test(field.path) && field.kind === 'text' && !field.inRow,
    )
    expect(secrets.map((field) => field.path)).toEqual([
      'impPassword',
      'password',
      'newPassword',
      'oldPassword',
    ])
    for (const field of secrets) {
      expect(field.secret).toBe(true)
      expect(editable(field)).toBe(false)
    }
  })

  test('ids of service providers and groups are limited in bytes', () => {
    expect(fieldAt('serviceProviderId')?.unit).toBe('bytes')
    expect(fieldAt('groupId')?.unit).toBe('bytes')
    expect(fieldAt('lastName')?.unit).toBe('characters')
  })

  test('a path from a hostile answer is no field', () => {
    for (const path of ['__proto__', 'constructor', 'toString', '']) expect(fieldAt(path)).toBeUndefined()
  })
})
