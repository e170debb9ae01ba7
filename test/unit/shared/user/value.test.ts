import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judge } from '../../../../shared/change/judge'
import type { Json } from '../../../../shared/json'
import { fields } from '../../../../shared/user/catalogue'
import { diffFields } from '../../../../shared/user/diff'
import { compareThreeWay, withKnownTexts } from '../../../../shared/user/merge'
import {
  departmentText,
  displayName,
  displayValue,
  drawn,
  fieldValue,
  nameAndId,
  recordedValue,
  sameValue,
} from '../../../../shared/user/value'
import { detail, key, recordOf, row } from './samples'

const sales = { serviceProviderId: 'e', groupId: 'g', name: 'Sales' }

describe('the same for the server', () => {
  test.each<[string, Json, Json]>([
    ['title', 'a  b', ' a b\n'],
    ['extension', 417, '0417'],
    ['extension', 417, '417'],
    ['address.zipOrPostalCode', 124, '00124'],
    ['mobilePhoneNumber', 123456, '0123456'],
    ['callingLineIdPhoneNumber', 15135551234, '+15135551234'],
    ['phoneNumber', 5136549858, '+1-5136549858'],
    ['phoneNumber', 15136549858, '+1-5136549858'],
    ['groupId', 417, '0417'],
    ['serviceProviderId', 7, '007'],
    ['department', { name: 12, groupId: 417 }, { name: '012', groupId: '0417' }],
    ['aliases', ['12', 12], ['012', '12']],
    ['accessDeviceEndpoint.contacts', [{ sipContact: 12 }], [{ sipContact: '012' }]],
    ['title', null, ''],
    ['title', null, ' '],
    ['aliases', null, []],
    ['phoneNumber', '+1-5136549858', '5136549858'],
    ['phoneNumber', '+15136549858', '5136549858'],
    ['phoneNumber', '+15136549858', '+1-5136549858'],
    ['phoneNumber', '+1-513 654.9858', '(513) 654-9858'],
    ['phoneNumber', '+44-2079460123', '2079460123'],
    ['callingLineIdPhoneNumber', '+1-9871514002', '+19871514002'],
    ['userId', 'Ann@X.example', 'ann@x.example'],
    ['defaultAlias', 'Ann@x', 'ann@x'],
    ['aliases', ['a@x', 'b@x'], ['b@x', 'a@x']],
    [
      'alternateUserId',
      [{ alternateUserId: 'A@x', description: 'd' }, { alternateUserId: 'b@x' }],
      [
        { alternateUserId: 'b@x', description: '' },
        { description: 'd', alternateUserId: 'a@x' },
      ],
    ],
    ['accessDeviceEndpoint.contacts', [{ sipContact: 'a' }], [{ sipContact: 'a', pathHeader: 'p' }]],
    ['department', sales, { name: ' Sales ', groupId: 'g', serviceProviderId: 'e' }],
    ['department', { serviceProviderId: 'e', name: 'D' }, { serviceProviderId: 'e', groupId: '', name: 'D' }],
    [
      'accessDeviceEndpoint.accessDevice',
      { deviceName: 'd', deviceLevel: 'Group' },
      { deviceName: 'd', deviceLevel: 'Group', serviceProviderId: 's', groupId: 'g' },
    ],
    ['accessDeviceEndpoint.accessDevice.macAddress', '00:04:F2:ab:cd:ef', '0004f2ABCDEF'],
    ['accessDeviceEndpoint.accessDevice.macAddress', '222222222', '000222222222'],
  ])('%s: %j and %j', (path, a, b) => {
    expect(sameValue(path, a, b)).toBe(true)
    expect(sameValue(path, b, a)).toBe(true)
  })

  test.each<[string, Json, Json]>([
    ['title', 'ab', 'a b'],
    ['title', 'A', 'a'],
    ['title', 'Zoe\u00a0', 'Zoe'],
    ['title', 'x', null],
    ['phoneNumber', '+1-5136549858', '+44-5136549858'],
    ['phoneNumber', '+1-5136549858', '15136549858'],
    ['phoneNumber', '5136549858', '5136549859'],
    ['phoneNumber', '+12345136549858', '5136549858'],
    ['phoneNumber', 'x5136549858', '5136549858'],
    ['callingLineIdPhoneNumber', '+19871514002', '9871514002'],
    ['mobilePhoneNumber', '555-1234', '5551234'],
    ['extension', '0123', '123'],
    ['extension', 123, '1230'],
    ['extension', 123, 'x123'],
    ['aliases', [12, 12], ['12', '13']],
    ['aliases', ['a@x'], ['a@x', 'b@x']],
    ['aliases', ['A@x'], ['a@x']],
    ['alternateUserId', [{ alternateUserId: 'a@x', description: 'd' }], [{ alternateUserId: 'a@x' }]],
    [
      'accessDeviceEndpoint.contacts',
      [{ sipContact: 'a' }, { sipContact: 'b' }],
      [{ sipContact: 'b' }, { sipContact: 'a' }],
    ],
    ['department', sales, { ...sales, groupId: 'h' }],
    ['department', sales, null],
    [
      'accessDeviceEndpoint.accessDevice',
      { deviceName: 'd', deviceLevel: 'Group' },
      { deviceName: 'd', deviceLevel: 'System' },
    ],
    ['isEnterprise', true, false],
    ['isEnterprise', false, null],
    ['accessDeviceEndpoint.portNumber', 1, 2],
  ])('%s: not %j and %j', (path, a, b) => {
    expect(sameValue(path, a, b)).toBe(false)
    expect(sameValue(path, b, a)).toBe(false)
  })

  const anyPath = fc.constantFrom(...fields.map((field) => field.path))
  const anyValue = fc.jsonValue({ maxDepth: 2 }).map((value) => value as Json)

  test('every value is the same as itself and as its copy, and sameness has no order', () => {
    fc.assert(
      fc.property(anyPath, anyValue, anyValue, (path, a, b) => {
        expect(sameValue(path, a, a)).toBe(true)
        expect(sameValue(path, a, structuredClone(a))).toBe(true)
        expect(sameValue(path, a, b)).toBe(sameValue(path, b, a))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('digits that came as a JSON number', () => {
  test('any text of digits equals its number, and stays what it was when the number is read after it', () => {
    const path = fc.constantFrom('extension', 'address.zipOrPostalCode', 'mobilePhoneNumber', 'title')
    const digits = fc.stringMatching(/^0{0,5}[1-9][0-9]{0,9}$/)
    fc.assert(
      fc.property(path, digits, (at, text) => {
        const number = Number(text)
        expect(sameValue(at, text, number)).toBe(true)
        const record = { key, completeness: 'full' as const, fields: { [at]: number }, extra: {} }
        expect(withKnownTexts(record, { [at]: text }).fields[at]).toBe(text)
        expect(withKnownTexts(record, { [at]: `${text}1` }).fields[at]).toBe(number)
      }),
    )
  })

  test('is no conflict with the text that was seen, and does not pass for an edit of the zeros alone', () => {
    expect(compareThreeWay('extension', '0417', 417, '0418')).toBe('send')
    expect(compareThreeWay('extension', '0417', 417, '417')).toBe('send')
    expect(compareThreeWay('extension', 417, '0417', '0418')).toBe('send')
    expect(compareThreeWay('extension', '0416', 417, '0417')).toBe('converged')
    expect(compareThreeWay('extension', '0417', '417', '0418')).toBe('conflict')
  })

  test('is the sent value when it is read after the write', () => {
    const sent = [{ path: 'address.zipOrPostalCode', base: null, mine: '00124' }]
    const record = {
      key,
      completeness: 'full' as const,
      fields: { 'address.zipOrPostalCode': 124 },
      extra: {},
    }
    expect(judge(sent, { 'address.zipOrPostalCode': null }, record)).toEqual({
      fates: { 'address.zipOrPostalCode': 'mine' },
      after: { 'address.zipOrPostalCode': '00124' },
      unread: [],
    })
  })

  test('is shown as its digits, in names and departments too', () => {
    expect(displayValue('extension', 417)).toBe('417')
    expect(displayName({ firstName: 1, lastName: 'Berg' })).toBe('1 Berg')
    expect(displayValue('department', { name: 12, groupId: 417 })).toBe('12 (417)')
  })
})

describe('differences of records', () => {
  test('a record does not differ from itself, nor the row of a user from its details', () => {
    const record = recordOf(detail)
    expect(diffFields(record, recordOf([detail]))).toEqual([])
    expect(
      diffFields(record, recordOf({ ...row, lastName: 'Reverman', emailAddress: 'mark@mail.example' })),
    ).toEqual([])
  })

  test('names what changed, in catalogue order, and says nothing of the unknown', () => {
    const changed = {
      ...detail,
      title: null,
      firstName: 'Marc',
      address: { city: 'Köln' },
      emailAddress: { odd: true },
    }
    expect(diffFields(recordOf(detail), recordOf(changed))).toEqual([
      'firstName',
      'title',
      'address.addressLine1',
      'address.city',
      'address.stateOrProvince',
      'address.zipOrPostalCode',
    ])
    expect(diffFields(recordOf(row), recordOf(detail))).toEqual(['lastName', 'emailAddress'])
  })
})

describe('three-way comparison', () => {
  const base = 'old'
  test.each<[string, Json | undefined, Json | undefined, Json, string]>([
    ['only mine changed', base, base, 'mine', 'send'],
    ['only theirs changed, to the same', base, 'mine', 'mine', 'converged'],
    ['theirs changed to something else', base, 'theirs', 'mine', 'conflict'],
    ['mine is the base again, theirs moved on', base, 'theirs', base, 'conflict'],
    ['nothing changed', base, base, base, 'converged'],
    ['unknown base, equal', undefined, 'mine', 'mine', 'converged'],
    ['unknown base, different', undefined, 'theirs', 'mine', 'conflict'],
    ['unknown base, empty on the server', undefined, null, 'mine', 'send'],
    ['unknown base, nothing but space on the server', undefined, ' ', 'mine', 'send'],
    ['unknown base, cleared', undefined, 'theirs', null, 'conflict'],
    ['unknown theirs', base, undefined, 'mine', 'conflict'],
    ['clear', base, base, null, 'send'],
    ['clear of what is already empty', base, '', null, 'converged'],
    ['set where it was empty', null, '', 'mine', 'send'],
  ])('%s', (_, from, theirs, mine, verdict) => {
    expect(compareThreeWay('title', from, theirs, mine)).toBe(verdict)
  })

  test('the spelling of the server is no change', () => {
    expect(compareThreeWay('phoneNumber', '+1-5136549858', '5136549858', '5136549111')).toBe('send')
  })
})

describe('values for people', () => {
  test.each<[string, Json, string]>([
    ['title', null, ''],
    ['isEnterprise', true, 'Yes'],
    ['passwordExpiresDays', 'never', 'Never'],
    ['passwordExpiresDays', -3, '-3'],
    ['endpointType', 'trunkAddressing', 'Trunk group'],
    ['endpointType', 'newKind', 'newKind'],
    ['aliases', ['a@x', 'b@x'], 'a@x, b@x'],
    ['department', sales, 'Sales (g)'],
    ['department', { serviceProviderId: 'e', name: 'D' }, 'D (e)'],
    ['accessDeviceEndpoint.contacts', [{ sipContact: 'a' }], 'a'],
    ['alternateUserId', [{ alternateUserId: 'a', description: 'd' }, { alternateUserId: 'b' }], 'a (d), b'],
    ['nameDialingName', { nameDialingFirstName: 'A', nameDialingLastName: 'B' }, 'A B'],
    ['accessDeviceEndpoint.accessDevice.numberOfPorts', { unlimited: 'true' }, '{"unlimited":"true"}'],
    ['lastName', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ])('%s %j', (path, value, words) => {
    expect(displayValue(path, value)).toBe(words)
  })

  test.each<[string, string, string]>([
    ['phoneNumber', '+1-5135551245', '5135551245'],
    ['phoneNumber', '5135551245', '5135551245'],
    ['phoneNumber', '+15135551245', '5135551245'],
    ['phoneNumber', '(513) 555-1245', '5135551245'],
    ['phoneNumber', '+49-08912345678', '08912345678'],
    ['phoneNumber', '+498912345678', '+498912345678'],
    ['phoneNumber', '+1-', '+1'],
    ['phoneNumber', '  ', ''],
    ['phoneNumber', 'ext. 12', 'ext. 12'],
    ['callingLineIdPhoneNumber', '+1-987 151.4002', '+19871514002'],
    ['callingLineIdPhoneNumber', '9871515000', '9871515000'],
    ['mobilePhoneNumber', '+1 513 555', '+1 513 555'],
  ])('%s “%s” has one form', (path, value, words) => {
    expect(displayValue(path, value)).toBe(words)
    expect(recordedValue(path, value)).toBe(value.trim() === '' ? '' : value)
  })

  test.each([
    ['+49-5135551245', '1', '+49-5135551245'],
    ['+1-5135551245', '1', '5135551245'],
    ['+15135551245', '1', '5135551245'],
    ['+15135551245', '49', '+1-5135551245'],
    ['+1-5135551245', '', '+1-5135551245'],
    ['+49-08912345678', '49', '08912345678'],
    ['5135551245', '49', '5135551245'],
    ['+498912345678', '49', '+498912345678'],
  ])('a DN %s tells its country where it is not %s', (value, usual, words) => {
    expect(displayValue('phoneNumber', value, usual)).toBe(words)
    expect(displayValue('title', value, usual)).toBe(value)
  })

  test('two DNs whose countries are known look alike only when they are one number', () => {
    const cc = fc.constantFrom('1', '49', '44', '358')
    const digits = fc.stringMatching(/^[1-9]\d{5,9}$/)
    fc.assert(
      fc.property(cc, cc, digits, fc.constantFrom('1', '49', '7', ''), (one, other, national, usual) => {
        const shown = [one, other].map((code) => displayValue('phoneNumber', `+${code}-${national}`, usual))
        expect(shown[0] === shown[1]).toBe(one === other)
      }),
    )
  })

  test('a name in a sentence keeps its direction to itself', () => {
    expect(nameAndId('Ana', 'a@x')).toBe('Ana (a@x)')
    expect(nameAndId('', 'a@x')).toBe('a@x')
    expect(nameAndId('דוד לוי', 'a@x')).toBe('\u2068דוד לוי\u2069 (a@x)')
  })

  test('what turns the direction by itself is drawn as what it is, and turns nothing', () => {
    expect(drawn('Ana\u202eziul\u202c\u2067x\u2069')).toBe('Ana[U+202E]ziul[U+202C][U+2067]x[U+2069]')
    expect(drawn('דוד לוי \u200f محمد')).toBe('דוד לוי \u200f محمد')
    expect(nameAndId('Ana\u202eziul', 'a@x')).not.toMatch(/[\u202a-\u202e]/)
  })

  test('names', () => {
    const record = recordOf({ ...detail, firstName: ' Mark ' })
    expect(displayName(record)).toBe('Mark Reverman')
    expect(displayName(record.fields)).toBe('Mark Reverman')
    expect(displayName({ ...record, fields: {} })).toBe(key.userId)
    expect(displayName({})).toBe('')
  })

  test('the department of a record and of a row', () => {
    expect(departmentText(recordOf(detail))).toBe('Sales (grp.odin)')
    expect(departmentText(recordOf(row))).toBe('Sales (grp.odin)')
    expect(departmentText(recordOf({ ...row, department: null }))).toBe('')
  })

  test('the keys are fields too', () => {
    const record = recordOf(row)
    expect(fieldValue(record, 'userId')).toBe(key.userId)
    expect(fieldValue(record, 'groupId')).toBe(key.groupId)
    expect(fieldValue(record, 'serviceProviderId')).toBe(key.serviceProviderId)
    expect(fieldValue(record, 'password')).toBeUndefined()
  })
})
