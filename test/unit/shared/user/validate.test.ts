import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../../../shared/json'
import { foldPart } from '../../../../shared/query/fold'
import { editable, fieldAt, fields } from '../../../../shared/user/catalogue'
import { bodyFor } from '../../../../shared/user/patch'
import { validateField } from '../../../../shared/user/validate'
import { isEmptyValue, sameValue } from '../../../../shared/user/value'
import { key } from './samples'

describe('what may be saved, in canonical form', () => {
  test.each<[string, Json, Json]>([
    ['lastName', '  van   der\tBerg\n', 'van der Berg'],
    ['lastName', 'Zoe\u0308\u00a0', 'Zoë'],
    ['lastName', 7, '7'],
    ['lastName', '<b>"O\'Brien" & Söhne</b>', '<b>"O\'Brien" & Söhne</b>'],
    ['lastName', '😀'.repeat(30), '😀'.repeat(30)],
    ['title', ' ', null],
    ['title', null, null],
    ['extension', ' 0042 ', '0042'],
    ['extension', '1'.repeat(20), '1'.repeat(20)],
    ['phoneNumber', '+1-513 654.9858', '+1-513 654.9858'],
    ['phoneNumber', '+1 (513) 555-1512', '+1 513 555-1512'],
    ['phoneNumber', '(513) 555-1512', '513 555-1512'],
    ['phoneNumber', '+49 (0)30 / 12 34 56', '+49 30 12 34 56'],
    ['phoneNumber', '030/123456', '030 123456'],
    ['phoneNumber', '513–555–1512', '513-555-1512'],
    ['phoneNumber', '<tel:+1 513\u00a0555  1512>,', '+1 513 555 1512'],
    ['phoneNumber', '\u202a+1\u2011513\u2011555\u202c', '+1-513-555'],
    ['callingLineIdPhoneNumber', '+1(513)555.1512', '+1 513 555.1512'],
    ['mobilePhoneNumber', '+1 (513) 555-1512', '+1 513 555-1512'],
    ['mobilePhoneNumber', '0171/1234567', '0171 1234567'],
    ['mobilePhoneNumber', '*67 513 555 1512#', '*67 513 555 1512#'],
    ['pagerPhoneNumber', 'ask at the desk', 'ask at the desk'],
    ['emailAddress', 'a@b', 'a@b'],
    ['aliases', ['a.b!~*@x-y.example'], ['a.b!~*@x-y.example']],
    ['aliases', 'a@b, c@d\ne@f', ['a@b', 'c@d', 'e@f']],
    ['aliases', [], null],
    [
      'department',
      { serviceProviderId: 's', groupId: '', name: ' D ', fullPath: 'x' },
      { name: 'D', serviceProviderId: 's' },
    ],
    [
      'accessDeviceEndpoint.contacts',
      'a@b;transport=tcp\nc',
      [{ sipContact: 'a@b;transport=tcp' }, { sipContact: 'c' }],
    ],
    ['accessDeviceEndpoint.contacts', '10.1.2.3:5060', [{ sipContact: '10.1.2.3:5060' }]],
    ['accessDeviceEndpoint.hotlineContact', 'desk@pbx.example;user=phone', 'desk@pbx.example;user=phone'],
    ['accessDeviceEndpoint.hotlineContact', '+15135551512', '+15135551512'],
    ['accessDeviceEndpoint.useHotline', 'yes', true],
    ['accessDeviceEndpoint.useHotline', false, false],
    ['accessDeviceEndpoint.portNumber', '12', 12],
    ['accessDeviceEndpoint.linePort', '+49228@pbx.example', '+49228@pbx.example'],
    ['endpointType', 'none', 'none'],
    ['alternateUserId', [{ alternateUserId: 'a@b' }], [{ alternateUserId: 'a@b' }]],
  ])('%s %j', (path, value, saved) => {
    expect(validateField(path, value)).toEqual({ value: saved })
  })
})

describe('what is wrong, where, and what to do', () => {
  test.each<[string, Json, string]>([
    ...[
      'ask at the desk',
      'sip:ana@acme.example',
      'ana@acme.example',
      '2-Jan',
      '513 555 1512 ext. 3',
      '++49',
    ].map((text): [string, Json, string] => [
      'mobilePhoneNumber',
      text,
      `Mobile number must be digits, * and #, with + in front and single spaces, dots or dashes between if you like; it is “${text}”.`,
    ]),
    ['extension', '12a4', 'Extension must be 2 to 20 digits; “12a4” has a letter.'],
    ['extension', '12 34', 'Extension must be 2 to 20 digits; “12 34” has a space.'],
    ['extension', '12-4', 'Extension must be 2 to 20 digits; “12-4” has “-”.'],
    ['extension', '٣٤٥٦', 'Extension must be 2 to 20 digits; “٣٤٥٦” has “٣”.'],
    ['extension', '1', 'Extension must be 2 to 20 digits; “1” has 1.'],
    ['lastName', '', 'Last name cannot be empty. Type a value.'],
    ['lastName', null, 'Last name cannot be empty. Type a value.'],
    ['lastName', 'x'.repeat(31), 'Last name can have at most 30 characters; it has 31. Leave out 1.'],
    [
      'lastName',
      'a\u0007b',
      'Last name has a character that cannot be sent (U+0007). Remove it; it may be invisible.',
    ],
    [
      'lastName',
      '\ud83d',
      'Last name has a character that cannot be sent (U+D83D). Remove it; it may be invisible.',
    ],
    ['lastName', 'x'.repeat(1_000_000), 'Last name is far too long: it has 1,000,000 characters.'],
    ['lastName', { a: 1 }, 'Last name must be a text; it is {"a":1}.'],
    ['emailAddress', 'no-at', 'E-mail must look like name@example.com; it is “no-at”.'],
    ['emailAddress', 'a b@c', 'E-mail must look like name@example.com; it is “a b@c”.'],
    ['emailAddress', 'a@b@c', 'E-mail must look like name@example.com; it is “a@b@c”.'],
    ['aliases', ['nobody'], 'Aliases must each have exactly one @; “nobody” has 0.'],
    ['aliases', ['a@b@c'], 'Aliases must each have exactly one @; “a@b@c” has 2.'],
    ['aliases', ['@b'], 'Aliases must each have a name before the @ and a domain after it; “@b” has not.'],
    [
      'aliases',
      ['ä@b'],
      "Aliases can have only letters a to z, digits and - _ . ! ~ * ' ( ) @; “ä@b” has “ä”.",
    ],
    [
      'callForwardingAlways.forwardToPhoneNumber',
      'bob',
      'Forward always to must be a number, an extension, a star code with a number, or an address such as ana@acme.example; it is “bob”.',
    ],
    [
      'callForwardingAlways.forwardToPhoneNumber',
      'ana@acme example;1',
      'Forward always to must be a number, an extension, a star code with a number, or an address such as ana@acme.example; it is “ana@acmeexample;1”.',
    ],
    [
      'voiceMessaging.transferPhoneNumber',
      'ana@acme.example',
      'Pressing 0 in voice mail calls must be a number, an extension, or a star code with a number; it is “ana@acme.example”.',
    ],
    ['aliases', ['sip:a@b'], 'Aliases must not begin with “sip:”. Leave that out.'],
    ['aliases', ['a@b', 'c@d', 'e@f', 'g@h'], 'Aliases can hold at most 3; there are 4. Remove 1.'],
    ['aliases', ['a@b', 'A@b'], 'Aliases has “A@b” twice. Remove one.'],
    [
      'aliases',
      [`${'a'.repeat(160)}@b`],
      'Aliases can have at most 161 characters; it has 162. Leave out 1.',
    ],
    [
      'accessDeviceEndpoint.linePort',
      'a b',
      "Line/port can have only letters a to z, digits and - _ . ! ~ * ' ( ) @; “a b” has “ ”.",
    ],
    [
      'accessDeviceEndpoint.contacts',
      ['sip:a@b'],
      'Contacts: SIP contact must not begin with “sip:”. Leave that out.',
    ],
    [
      'accessDeviceEndpoint.contacts',
      ['a b@c'],
      `Contacts: SIP contact can have only letters a to z, digits and - _ . ! ~ * ' ( ) & = + $ , ; ? / : % @; “a b@c” has “ ”.`,
    ],
    [
      'accessDeviceEndpoint.contacts',
      ['ä@b'],
      `Contacts: SIP contact can have only letters a to z, digits and - _ . ! ~ * ' ( ) & = + $ , ; ? / : % @; “ä@b” has “ä”.`,
    ],
    [
      'accessDeviceEndpoint.contacts',
      ['a"b@c'],
      `Contacts: SIP contact can have only letters a to z, digits and - _ . ! ~ * ' ( ) & = + $ , ; ? / : % @; “a"b@c” has “"”.`,
    ],
    [
      'accessDeviceEndpoint.contacts',
      ['a#b@c'],
      `Contacts: SIP contact can have only letters a to z, digits and - _ . ! ~ * ' ( ) & = + $ , ; ? / : % @; “a#b@c” has “#”.`,
    ],
    [
      'accessDeviceEndpoint.contacts',
      ['[::1]'],
      `Contacts: SIP contact can have only letters a to z, digits and - _ . ! ~ * ' ( ) & = + $ , ; ? / : % @; “[::1]” has “[”.`,
    ],
    [
      'accessDeviceEndpoint.contacts',
      ['<a@b>'],
      `Contacts: SIP contact can have only letters a to z, digits and - _ . ! ~ * ' ( ) & = + $ , ; ? / : % @; “<a@b>” has “<”.`,
    ],
    ['accessDeviceEndpoint.contacts', ['a@b@c'], 'Contacts: SIP contact can have only one @; “a@b@c” has 2.'],
    [
      'accessDeviceEndpoint.hotlineContact',
      'sip:a@b',
      'Hotline contact must not begin with “sip:”. Leave that out.',
    ],
    [
      'accessDeviceEndpoint.hotlineContact',
      'a b@c',
      `Hotline contact can have only letters a to z, digits and - _ . ! ~ * ' ( ) & = + $ , ; ? / : % @; “a b@c” has “ ”.`,
    ],
    [
      'phoneNumber',
      '555 (12) (34)',
      'Phone number must be digits, with + in front and single spaces, dots or dashes between if you like; it is “555 (12) (34)”.',
    ],
    ['accessDeviceEndpoint.portNumber', 0, 'Port number must be a whole number from 1 to 1024; it is “0”.'],
    [
      'accessDeviceEndpoint.portNumber',
      1.5,
      'Port number must be a whole number from 1 to 1024; it is “1.5”.',
    ],
    ['accessDeviceEndpoint.useHotline', 'perhaps', 'Use hotline must be Yes or No; it is “perhaps”.'],
    [
      'endpointType',
      'phone',
      'Endpoint type must be one of none, accessDeviceEndpoint, trunkAddressing; it is “phone”.',
    ],
    ['department', { name: 'D' }, 'Department: Service provider is missing.'],
    [
      'department',
      { name: 'D', serviceProviderId: 'é'.repeat(16) },
      'Department: Service provider can have at most 30 bytes; it has 32. Leave out 2.',
    ],
    [
      'accessDeviceEndpoint.accessDevice',
      { deviceName: 'd', deviceLevel: 'Galaxy' },
      'Device: Device level must be one of System, Service Provider, Group; it is “Galaxy”.',
    ],
    [
      'phoneNumber',
      '555 CALL',
      'Phone number must be digits, with + in front and single spaces, dots or dashes between if you like; it is “555 CALL”.',
    ],
    ['timeZoneDisplayName', 'x', 'Time zone name cannot be changed: the server sets it.'],
    ['__proto__', 'x', '“__proto__” is not a field of a user.'],
  ])('%s %j', (path, value, problem) => {
    expect(validateField(path, value)).toEqual({ problem })
  })

  test('the group’s own extension length', () => {
    const context = { extensionLength: { min: 4, max: 4 } }
    expect(validateField('extension', '1234', context)).toEqual({ value: '1234' })
    expect(validateField('extension', '123', context)).toEqual({
      problem: 'Extension must be 4 digits in this group; “123” has 3.',
    })
    expect(validateField('extension', '123456', { extensionLength: { min: 3, max: 5 } })).toEqual({
      problem: 'Extension must be 3 to 5 digits in this group; “123456” has 6.',
    })
  })

  // A pattern that tries every way to divide such a text would not come to an end within the limit of any test.
  test('a pattern comes to an end on long texts', () => {
    for (const path of [
      'phoneNumber',
      'aliases',
      'emailAddress',
      'accessDeviceEndpoint.linePort',
      'extension',
    ]) {
      for (const text of [`${'1'.repeat(19_000)}!`, `${'1 '.repeat(9_000)}!`]) {
        expect(validateField(path, text)).toHaveProperty('problem')
      }
      validateField(path, ' '.repeat(19_000))
    }
  })
})

describe('for every value', () => {
  const anyField = fc.constantFrom(...fields.filter(editable).map((field) => field.path))
  const anyValue = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.stringMatching(/^[0-9+ -]{1,12}$/),
    fc.emailAddress(),
    fc.jsonValue({ maxDepth: 2 }).map((value) => value as Json),
    fc.record({ deviceName: fc.string(), deviceLevel: fc.constantFrom('Group', 'System') }),
    fc.record({ name: fc.string(), serviceProviderId: fc.string(), groupId: fc.string() }),
  )

  test('there is a value or a problem; the value is stable, within its limits, and can be sent', () => {
    fc.assert(
      fc.property(anyField, anyValue, (path, value) => {
        const checked = validateField(path, value)
        if ('problem' in checked) {
          expect(checked.problem).toMatch(/\.$/)
          return
        }
        expect(validateField(path, checked.value)).toEqual(checked)
        const field = fieldAt(path)
        if (isEmptyValue(checked.value)) expect(field?.clear).not.toBe('no')
        if (typeof checked.value === 'string' && field?.max) {
          expect([...checked.value].length).toBeLessThanOrEqual(field.max)
        }
        expect(() => bodyFor(key, [{ path, mine: checked.value }])).not.toThrow()
        if (typeof value === 'string' && typeof checked.value === 'string') {
          // A number is put into the spelling and the digits that are taken, also where the server keeps it as it is spelled.
          const isNumber = field?.compare === 'number' || field?.compare === 'stored-number' || field?.dialled
          const [compared, typed] = isNumber
            ? ['phoneNumber', foldPart(value)]
            : [path, value.normalize('NFC')]
          expect(sameValue(compared, checked.value, typed.trim())).toBe(true)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
