import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../../shared/json'
import { editable, fieldAt, fields } from '../../../../shared/user/catalogue'
import { bodyFor, editsFrom } from '../../../../shared/user/patch'
import { detail, key, recordOf } from './samples'

const edit = (path: string, mine: Json) => ({ path, mine })

describe('the body of a PUT', () => {
  test.each<[string, { path: string; mine: Json }[], JsonObject]>([
    ['no edits', [], {}],
    ['a text', [edit('lastName', 'New')], { lastName: 'New' }],
    ['a clear', [edit('title', null)], { title: null }],
    ['the empty text is a clear', [edit('title', '')], { title: null }],
    [
      'only the changed children of the address',
      [edit('address.city', 'Bonn'), edit('address.country', null)],
      { address: { city: 'Bonn', country: null } },
    ],
    ['aliases, whole', [edit('aliases', ['a@b', 'c@d'])], { aliases: ['a@b', 'c@d'] }],
    ['aliases, cleared', [edit('aliases', null)], { aliases: [] }],
    [
      'contacts without what is read-only',
      [edit('accessDeviceEndpoint.contacts', [{ sipContact: 'a', pathHeader: 'p' }])],
      { accessDeviceEndpoint: { contacts: [{ sipContact: 'a' }] } },
    ],
    [
      'contacts, cleared',
      [edit('accessDeviceEndpoint.contacts', null)],
      { accessDeviceEndpoint: { contacts: [] } },
    ],
    [
      'department',
      [edit('department', { serviceProviderId: 's', name: 'D' })],
      { department: { serviceProviderId: 's', name: 'D' } },
    ],
    ['department, cleared', [edit('department', null)], { department: null }],
    [
      'a device by its key',
      [
        edit('accessDeviceEndpoint.accessDevice', {
          deviceName: 'd',
          deviceLevel: 'Group',
          serviceProviderId: 's',
          groupId: 'g',
        }),
      ],
      { accessDeviceEndpoint: { accessDevice: { deviceName: 'd', deviceLevel: 'Group' } } },
    ],
    [
      'no endpoint',
      [
        edit('accessDeviceEndpoint.linePort', 'a'),
        edit('endpointType', 'none'),
        edit('trunkAddressing.trunkGroupDeviceEndpoint.name', 't'),
      ],
      { endpointType: 'none' },
    ],
    [
      'to a trunk group',
      [
        edit('endpointType', 'trunkAddressing'),
        edit('accessDeviceEndpoint.linePort', 'a'),
        edit('trunkAddressing.trunkGroupDeviceEndpoint.name', 't'),
      ],
      { endpointType: 'trunkAddressing', trunkAddressing: { trunkGroupDeviceEndpoint: { name: 't' } } },
    ],
    [
      'to a device',
      [
        edit('trunkAddressing.physicalLocation', 'x'),
        edit('accessDeviceEndpoint.linePort', 'a'),
        edit('endpointType', 'accessDeviceEndpoint'),
      ],
      { endpointType: 'accessDeviceEndpoint', accessDeviceEndpoint: { linePort: 'a' } },
    ],
    [
      'a false boolean and a number',
      [edit('accessDeviceEndpoint.useHotline', false), edit('accessDeviceEndpoint.portNumber', 7)],
      { accessDeviceEndpoint: { useHotline: false, portNumber: 7 } },
    ],
  ])('%s', (_, edits, body) => {
    expect(bodyFor(key, edits)).toEqual({ ...key, ...body })
  })

  test.each([
    ['what the server works out', 'timeZoneDisplayName', 'x'],
    ['a path that is no field', 'address', { city: 'x' }],
    ['a path that is in every object', '__proto__', { x: 1 }],
    ['a secret', 'impPassword', 'hunter2'],
    ['a password', 'newPassword', 'hunter2'],
    ['the user id', 'userId', 'x@y'],
    ['a clear of what cannot be empty', 'lastName', null],
  ])('%s is refused', (_, path, mine) => {
    expect(() => bodyFor(key, [edit(path, mine as Json)])).toThrow(RangeError)
    expect(() => bodyFor(key, [edit(path, mine as Json)])).not.toThrow(/hunter2/)
  })

  test('for any edits: the keys, the edited paths, and null only where it was cleared', () => {
    const anyEdit = fc
      .constantFrom(...fields.filter((field) => editable(field) && field.path !== 'endpointType'))
      .chain((field) =>
        fc.record({
          path: fc.constant(field.path),
          mine: field.clear === 'no' ? fc.constant<Json>('x') : fc.constantFrom<Json>('x', null),
        }),
      )
    fc.assert(
      fc.property(fc.uniqueArray(anyEdit, { selector: (one) => one.path, maxLength: 8 }), (edits) => {
        const valued = edits.map(({ path, mine }) => {
          const field = fieldAt(path)
          if (mine === null || field?.parts === undefined)
            return edit(path, field?.kind === 'list' && mine !== null ? [mine] : mine)
          const whole = Object.fromEntries(field.parts.map((part) => [part.name, 'x']))
          return edit(path, field.kind === 'list' ? [whole] : whole)
        })
        const body = bodyFor(key, valued)
        const { serviceProviderId, groupId, userId, ...rest } = body
        expect({ serviceProviderId, groupId, userId }).toEqual(key)
        const sent = fields.filter((field) => at(rest, field.path) !== undefined).map((field) => field.path)
        expect(sent.sort()).toEqual(edits.map((one) => one.path).sort())
        for (const { path, mine } of edits) {
          expect(at(rest, path) === null).toBe(mine === null && fieldAt(path)?.clear === 'null')
        }
      }),
    )
  })

  test('what was read and sent back is read the same', () => {
    const record = recordOf(detail)
    const edits = Object.entries(record.fields)
      .filter(([path]) => {
        const field = fieldAt(path)
        return field !== undefined && editable(field)
      })
      .map(([path, mine]) => edit(path, mine))
    const again = recordOf({ ...bodyFor(record.key, edits), defaultAlias: 'mark@odin.example' })
    for (const { path, mine } of edits) {
      if (path === 'accessDeviceEndpoint.accessDevice')
        expect(again.fields[path]).toMatchObject({ deviceName: 'generic_sip' })
      else expect(again.fields[path]).toEqual(mine)
    }
  })
})

function at(json: Json | undefined, path: string): Json | undefined {
  let value = json
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as JsonObject)[name]
  }
  return value
}

describe('a written body', () => {
  const user = { serviceProviderId: 'ent', groupId: 'grp', userId: 'ana@ex.net' }
  const editsOf = (body: unknown) => editsFrom(user, body as never)

  test('asks for the same edits as the one that was made of them', () => {
    const edits = [
      { path: 'title', mine: null },
      { path: 'lastName', mine: 'Bo' },
      { path: 'address.city', mine: 'Köln' },
      { path: 'aliases', mine: ['a@b.example'] },
      { path: 'department', mine: { name: 'Sales', serviceProviderId: 'ent', groupId: 'grp' } },
      { path: 'accessDeviceEndpoint.linePort', mine: 'x@y' },
    ]
    const back = editsOf(bodyFor(user, edits))
    expect(new Set(back as never)).toEqual(new Set(edits))
  })

  test.each([
    [{ userId: 'else' }, 'userId says which user'],
    [{ shoeSize: 1 }, 'shoeSize is not a field'],
    [{ timeZoneDisplayName: 'x' }, 'cannot be changed'],
    [{ address: 'x' }, 'address is not a field'],
    [{ address: { planet: 'x' } }, 'address.planet is not a field'],
    [[1], 'JSON object'],
    [null, 'JSON object'],
    [JSON.parse('{"__proto__": {"x": 1}}'), '__proto__ is not a field'],
  ])('%j is refused with its place', (body, problem) => {
    expect(editsOf(body)).toMatchObject({ problem: expect.stringContaining(problem) })
  })
})
