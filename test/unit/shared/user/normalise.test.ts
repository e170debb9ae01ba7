import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../../shared/json'
import { fields } from '../../../../shared/user/catalogue'
import { normaliseUser } from '../../../../shared/user/normalise'
import { fieldValue } from '../../../../shared/user/value'
import { detail, key, recordOf, render, row } from './samples'

/** A full record of these fields. */
function full(more: JsonObject) {
  return recordOf({ ...key, defaultAlias: 'a@x', endpointType: 'none', ...more })
}

describe('the spellings of the server', () => {
  test('a detail object', () => {
    const record = recordOf(detail)
    expect(record.completeness).toBe('full')
    expect(record.key).toEqual(key)
    expect(record.extra).toEqual({})
    expect(record.fields).toMatchObject({
      extension: 9858,
      pagerPhoneNumber: 9871515000,
      'address.zipOrPostalCode': 45204,
      'accessDeviceEndpoint.useDomain': true,
      'accessDeviceEndpoint.supportVisualDeviceManagement': false,
      'accessDeviceEndpoint.contacts': [{ sipContact: 'mark@192.0.2.7:5060' }],
      'accessDeviceEndpoint.accessDevice': {
        deviceName: 'generic_sip',
        deviceLevel: 'Group',
        serviceProviderId: 'ent.odin',
        groupId: 'grp.odin',
      },
      'accessDeviceEndpoint.accessDevice.macAddress': '022222222222',
      'accessDeviceEndpoint.accessDevice.numberOfPorts': { unlimited: 'true' },
      alternateUserId: [{ alternateUserId: 'mr@odin.example', description: 'short' }],
      passwordExpiresDays: 'never',
      department: { serviceProviderId: 'ent.odin', groupId: 'grp.odin', name: 'Sales' },
    })
    for (const empty of [
      'aliases',
      'yahooId',
      'nationalPrefix',
      'trunkAddressing.trunkGroupDeviceEndpoint.contacts',
    ]) {
      expect(record.fields).not.toHaveProperty([empty])
      expect(fieldValue(record, empty)).toBeNull()
    }
  })

  test('a basic row', () => {
    const record = recordOf(row)
    expect(record.completeness).toBe('row')
    expect(record.fields).toMatchObject({
      lastName: 1,
      countryCode: 1,
      phoneNumber: '+1-5136549858',
      departmentFullPath: 'Sales (grp.odin)',
    })
    expect(record.extra).toEqual({})
    expect(fieldValue(record, 'department'), 'never editable from a row').toBeUndefined()
    expect(fieldValue(record, 'title'), 'not in a row').toBeUndefined()
    expect(fieldValue(record, 'emailAddress'), 'null in a row').toBeNull()
  })

  test('an answer that echoes a PUT body is not taken for a full record', () => {
    const echo = { ...key, lastName: 'New', timeZone: 'Europe/Paris', endpointType: 'none', aliases: ['a@b'] }
    expect(recordOf(echo).completeness).toBe('row')
  })

  test.each([
    ['a one-element list around it', [detail]],
    ['two of them', [[detail]]],
  ])('%s', (_, json) => {
    expect(recordOf(json as Json)).toEqual(recordOf(detail))
  })

  test.each([
    [
      'department of empty texts',
      { department: { serviceProviderId: '', groupId: '', name: '' } },
      'department',
    ],
    ['department null', { department: null }, 'department'],
    ['department as PHP says an empty element', { department: [] }, 'department'],
    ['address absent', {}, 'address.city'],
    ['address as PHP says an empty element', { address: [] }, 'address.city'],
    ['white space', { title: ' \t' }, 'title'],
    ['a list of empties', { aliases: ['', null] }, 'aliases'],
    [
      'a contact of empties',
      { accessDeviceEndpoint: { contacts: [{ sipContact: '' }] } },
      'accessDeviceEndpoint.contacts',
    ],
  ])('%s is empty', (_, more, path) => {
    const record = full(more as JsonObject)
    expect(fieldValue(record, path)).toBeNull()
    expect(record.extra).toEqual({})
  })

  test('a list that PHP rendered with its keys', () => {
    expect(full({ aliases: { 0: 'a@b', 2: 'c@d' } }).fields.aliases).toEqual(['a@b', 'c@d'])
  })

  test.each([
    ['0', 0],
    [-107, -107],
    ['-2147483648', 'never'],
    [2147483647, 'never'],
  ])('passwordExpiresDays %s', (sent, kept) => {
    expect(full({ passwordExpiresDays: sent }).fields.passwordExpiresDays).toBe(kept)
  })

  test('an enterprise department has no group', () => {
    expect(
      full({ department: { serviceProviderId: 'e', groupId: '', name: 'D' } }).fields.department,
    ).toEqual({
      serviceProviderId: 'e',
      name: 'D',
    })
  })
})

describe('what is not understood', () => {
  test.each([
    ['an object for a text', { title: { a: 1 } }, 'title', 'title'],
    ['a boolean for a text', { lastName: true }, 'lastName', 'lastName'],
    ['a number whose digits are already lost', { phoneNumber: 2 ** 60 }, 'phoneNumber', 'phoneNumber'],
    ['a text for a boolean', { isPlace: 'maybe' }, 'isPlace', 'isPlace'],
    ['a text for a folder', { address: 'Main Street 1' }, 'address', 'address.city'],
    ['an object in a list of texts', { aliases: ['a@b', { c: 1 }] }, 'aliases', 'aliases'],
    ['a department without a name', { department: { groupId: 'g' } }, 'department', 'department'],
    ['a full record with a department as text', { department: 'Sales' }, 'department', 'department'],
  ])('%s is set aside, and the field is unknown, not empty', (_, more, aside, path) => {
    const record = full(more as JsonObject)
    expect(record.extra).toEqual({ [aside]: (more as JsonObject)[aside] })
    expect(fieldValue(record, path)).toBeUndefined()
  })

  test('unknown keys keep their place', () => {
    const record = full({
      'a.b': 1,
      address: { planet: 'Earth', city: 'Bonn' },
      accessDeviceEndpoint: {
        contacts: [{ sipContact: 'a', q: '0.5' }],
        accessDevice: { deviceName: 'd', deviceLevel: 'Group', shoeSize: 43 },
      },
    })
    expect(record.extra).toEqual({
      'a\\.b': 1,
      'address.planet': 'Earth',
      'accessDeviceEndpoint.contacts[0].q': '0.5',
      'accessDeviceEndpoint.accessDevice.shoeSize': 43,
    })
    expect(record.fields['address.city']).toBe('Bonn')
    expect(fieldValue(record, 'accessDeviceEndpoint.contacts')).toEqual([{ sipContact: 'a' }])
  })

  test('keys that are names of every object', () => {
    const text = JSON.stringify({ ...key, lastName: 'L', constructor: 'c', toString: { a: 1 } }).replace(
      '"lastName"',
      '"__proto__":{"isAdmin":true},"hasOwnProperty":1,"lastName"',
    )
    const record = recordOf(JSON.parse(text))
    expect(Object.keys(record.extra).sort()).toEqual([
      '__proto__',
      'constructor',
      'hasOwnProperty',
      'toString',
    ])
    expect(Object.getPrototypeOf(record.extra)).toBe(Object.prototype)
    expect((record.fields as { isAdmin?: unknown }).isAdmin).toBeUndefined()
    expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined()
    expect(fieldValue(record, 'constructor')).toBeUndefined()
    expect(fieldValue(record, '__proto__')).toBeUndefined()
  })

  test('passwords are not kept, wherever they are', () => {
    const record = full({
      password: 'hunter2',
      impPassword: 'hunter2',
      sipPassword: 'hunter2',
      voice: [{ portalPasscode: 4242, resetToken: 'hunter2', passwordNeeded: true }],
    })
    expect(JSON.stringify(record)).not.toMatch(/hunter2|4242/)
    expect(record.extra).toEqual({
      sipPassword: '(hidden)',
      voice: [{ portalPasscode: '(hidden)', resetToken: '(hidden)', passwordNeeded: true }],
    })
  })
})

describe('what is no user', () => {
  test.each([
    ['nothing', null, 'nothing'],
    ['undefined', undefined, 'nothing'],
    ['a text', '<html>', 'a string'],
    ['an empty list', [], 'a list of 0'],
    ['two users', [detail, detail], 'a list of 2'],
    ['no user id', { ...key, userId: '' }, 'no userId'],
    ['no group', { serviceProviderId: 's', userId: 'u' }, 'no groupId'],
    ['a user id that is an object', { ...key, userId: {} }, 'no userId'],
  ])('%s', (_, json, reason) => {
    const read = normaliseUser(json)
    expect(read).toMatchObject({ ok: false, reason: expect.stringContaining(reason) })
  })

  test('keys from the prototype do not count', () => {
    expect(normaliseUser(Object.create(key)).ok).toBe(false)
  })

  const nested = (levels: number): Json => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`)

  test('64 levels are read, more are refused, and 100,000 do no harm', () => {
    expect(normaliseUser({ ...key, x: nested(64) }).ok).toBe(true)
    expect(normaliseUser({ ...key, x: nested(65) })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('64'),
    })
    expect(normaliseUser({ ...key, x: nested(100_000) }).ok).toBe(false)
    expect(normaliseUser({ ...detail, userServices: [nested(100_000)] }).ok).toBe(false)
    expect(normaliseUser(JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).ok).toBe(false)
  })
})

// --- properties ----------------------------------------------------------------------------------------------

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '',
    ' ',
    'true',
    'False',
    '0042',
    '-12',
    '+1-5136549858',
    '<img src=x>',
    '2147483647',
    'a.b',
    '\u2028',
    '__proto__',
  ),
)
const scalar: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: text },
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.constant(null),
)
const partNames = [...new Set(fields.flatMap((field) => field.parts?.map((part) => part.name) ?? []))]
const objectOfParts = fc.dictionary(fc.oneof(fc.constantFrom(...partNames), text), scalar, { maxKeys: 5 })
const garbage = fc.oneof(
  { weight: 3, arbitrary: scalar },
  fc.array(scalar, { maxLength: 4 }),
  objectOfParts,
  fc.array(objectOfParts, { maxLength: 3 }),
  fc.jsonValue({ maxDepth: 3 }).map((value) => value as Json),
)

/** Server objects: any catalogue path holds anything, with unknown keys beside, at every level. */
const serverUser: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom(...fields.map((field) => field.path)), garbage), { maxLength: 25 }),
    fc.dictionary(text, garbage, { maxKeys: 3 }),
    fc.boolean(),
  )
  .map(([values, unknown, isFull]) => {
    const user = JSON.parse(JSON.stringify(unknown)) as Record<string, Json>
    if (isFull) Object.assign(user, { endpointType: 'none', isEnterprise: true })
    for (const [path, value] of values) {
      let folder = user
      const names = path.split('.')
      for (const name of names.slice(0, -1)) {
        const inner = Object.hasOwn(folder, name) ? folder[name] : undefined
        if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) folder[name] = {}
        folder = folder[name] as Record<string, Json>
      }
      folder[names.at(-1) as string] = value
    }
    return Object.assign(user, key)
  })

/** The values at the ends of a JSON tree, in one spelling, so that what normalising may do to them does not count. */
/** `ODIN_FUZZ_RUNS` asks for more. */
const runs = Number(process.env.ODIN_FUZZ_RUNS ?? 10_000)

function leaves(value: Json, found: string[] = []): string[] {
  if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) leaves(item as Json, found)
  } else if (value !== null && String(value).trim() !== '') {
    const word = String(value).trim().toLowerCase()
    found.push(
      word === '-2147483648' || word === '2147483647' ? 'never' : word.replace(/^(-?)0+(?=\d)/, '$1'),
    )
  }
  return found
}

/** What lies under a key that speaks of a secret, however deep. */
function hiddenLeaves(value: Json): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, item]) =>
    /passw|passcode|secret|token/i.test(name) && !/expires/i.test(name)
      ? leaves(item as Json)
      : hiddenLeaves(item as Json),
  )
}

describe('for every server object', () => {
  test('reading never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), serverUser, fc.anything({ withNullPrototype: true })), (json) => {
        expect(typeof normaliseUser(json).ok).toBe('boolean')
      }),
      { numRuns: runs },
    )
  })

  test('reading it back gives the same', () => {
    fc.assert(
      fc.property(serverUser, (json) => {
        const record = recordOf(json)
        expect(recordOf(render(record))).toEqual(record)
      }),
      { numRuns: runs },
    )
  })

  test('nothing is lost: every value is in a field, set aside, or a secret', () => {
    fc.assert(
      fc.property(serverUser, (json) => {
        const { key: kept, fields: read, extra } = recordOf(json)
        const rest = leaves([kept, read, extra] as unknown as Json)
        const secrets = hiddenLeaves(json)
        // A row's department text may equal its departmentFullPath, and is then kept once.
        const twice = json.department === json.departmentFullPath ? leaves(json.department ?? null) : []
        const spare = [...rest, ...secrets, ...twice]
        for (const leaf of leaves(json)) {
          const at = spare.indexOf(leaf)
          expect(at, `“${leaf}” of ${JSON.stringify(json)}`).toBeGreaterThanOrEqual(0)
          spare.splice(at, 1)
        }
      }),
      { numRuns: runs },
    )
  })

  test('a field is of its kind, and texts are never blank', () => {
    fc.assert(
      fc.property(serverUser, (json) => {
        const { fields: read } = recordOf(json)
        for (const field of fields) {
          if (!Object.hasOwn(read, field.path)) continue
          const value = read[field.path] as Json
          if (field.kind === 'boolean') expect(typeof value).toBe('boolean')
          else if (field.kind === 'integer')
            expect(value === 'never' || Number.isSafeInteger(value)).toBe(true)
          else if (field.kind === 'list') expect((value as Json[]).length).toBeGreaterThan(0)
          else if (field.kind !== 'object') expect(String(value).trim()).not.toBe('')
        }
      }),
    )
  })
})
