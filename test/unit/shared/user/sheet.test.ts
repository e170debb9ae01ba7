import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editable, fields } from '../../../../shared/user/catalogue'
import { cellText, clearWord, marked, unmarked } from '../../../../shared/user/cell'
import { fieldNamed, readCell, readHead } from '../../../../shared/user/sheet'
import type { FieldValue } from '../../../../shared/user/types'

const key = { serviceProviderId: 'ent1', groupId: 'grp1', userId: 'ana@ex.net' }
const full = (values: Record<string, FieldValue>) => ({ key, completeness: 'full' as const, fields: values })
const runs = Number(process.env.GUNGNIR_SHEET_RUNS ?? 50_000)

describe('marks against formulas', () => {
  it.each(['=1+1', '+1-513', '-2', '@sum', "'quoted", '<clear>', '\tx', ' x', "''", "'"])(
    'go on %s and come off again',
    (text) => {
      expect(marked(text)).toBe(`'${text}`)
      expect(unmarked(marked(text))).toBe(text)
    },
  )

  it('leave other texts, and apostrophes that others wrote, alone', () => {
    for (const text of ['Ana', '1234', "O'Brien", "'tis", '']) expect(unmarked(text)).toBe(text)
  })
})

describe('columns', () => {
  it('are found by label, path or short name, in any case, with a byte order mark', () => {
    expect(['\ufeffUser ID', 'LASTNAME', 'last name', 'address.city', 'City', 'ext'].map(fieldNamed)).toEqual(
      ['userId', 'lastName', 'lastName', 'address.city', 'address.city', 'extension'],
    )
    expect(fieldNamed('Shoe size')).toBeUndefined()
  })

  it('need a user id, may come in any order, and may not say a field twice', () => {
    const head = readHead(['City', 'Shoe size', 'MAC address', 'User ID', '', 'Group'])
    if ('problem' in head) throw new Error(head.problem)
    expect(head.userId).toBe(3)
    expect(head.columns).toEqual([
      { at: 0, path: 'address.city', use: 'change' },
      { at: 3, path: 'userId', use: 'key' },
      { at: 5, path: 'groupId', use: 'key' },
    ])
    expect(head.remarks).toHaveLength(2)
    expect(readHead(['City'])).toMatchObject({ problem: expect.stringContaining('User ID') })
    expect(readHead(['User ID', 'City', 'address.city'])).toMatchObject({
      problem: expect.stringContaining('both City'),
    })
  })
})

describe('a cell', () => {
  const ana = full({ lastName: 'Bo', extension: '0123', phoneNumber: '+1-5135550199', title: 'Chief' })
  const read = (path: string, text: string) => readCell(path, text, key, ana)

  it('takes a cell that only says that it was not read for no wish at all', () => {
    for (const text of ['<not read>', ' <NOT READ> '])
      expect(read('title', text)).toEqual({ kind: 'nothing' })
    // Somebody whose title is that text is exported with a mark in front.
    expect(read('title', "'<not read>")).toMatchObject({ mine: '<not read>' })
  })

  it('that is blank or as it was asks for nothing', () => {
    for (const [path, text] of [
      ['title', ''],
      ['title', '   '],
      ['title', 'Chief'],
      ['title', ' Chief '],
      ['phoneNumber', "'+1-5135550199"],
      ['phoneNumber', '5135550199'],
      ['emailAddress', ''],
    ] as const)
      expect(read(path, text)).toEqual({ kind: 'nothing' })
  })

  it('clears with the word, where the server can', () => {
    expect(read('title', clearWord)).toEqual({ kind: 'change', mine: null })
    expect(read('emailAddress', '<Clear>')).toEqual({ kind: 'nothing' })
    expect(read('lastName', clearWord)).toMatchObject({ kind: 'problem' })
    expect(read('title', "'<clear>")).toEqual({ kind: 'change', mine: '<clear>' })
  })

  it('is checked like typed text', () => {
    expect(read('lastName', 'Ny')).toEqual({ kind: 'change', mine: 'Ny' })
    expect(read('lastName', 'x'.repeat(31))).toMatchObject({ kind: 'problem', typed: 'x'.repeat(31) })
    expect(read('accessDeviceEndpoint.useHotline', 'yes')).toEqual({ kind: 'change', mine: true })
    expect(read('department', 'Sales')).toEqual({
      kind: 'change',
      mine: { name: 'Sales', serviceProviderId: 'ent1', groupId: 'grp1' },
    })
    expect(read('department', 'Sales (ent1)')).toEqual({
      kind: 'change',
      mine: { name: 'Sales', serviceProviderId: 'ent1' },
    })
    expect(read('department', 'Support (Tier 2)')).toEqual({
      kind: 'change',
      mine: { name: 'Support (Tier 2)', serviceProviderId: 'ent1', groupId: 'grp1' },
    })
    expect(read('department', 'Support (Tier 2) (GRP1)')).toEqual(read('department', 'Support (Tier 2)'))
    expect(read('endpointType', 'trunk group')).toEqual({ kind: 'change', mine: 'trunkAddressing' })
    expect(read('aliases', 'a@b.example\nc@d.example')).toEqual({
      kind: 'change',
      mine: ['a@b.example', 'c@d.example'],
    })
  })

  it('that a spreadsheet has damaged is repaired where the old value tells how it was', () => {
    expect(read('extension', '123')).toMatchObject({ kind: 'kept' })
    expect(read('phoneNumber', '15135550199')).toMatchObject({ kind: 'kept' })
    expect(read('phoneNumber', '1.6E+10')).toMatchObject({ kind: 'problem' })
    expect(read('phoneNumber', '1.5135550199E+10')).toMatchObject({ kind: 'kept' })
    expect(read('extension', '1.5E+03')).toMatchObject({ kind: 'problem', typed: '1.5E+03' })
    expect(read('extension', '4567.0')).toMatchObject({ kind: 'change', mine: '4567' })
  })

  it('never takes a rounded number for the digits that it was', () => {
    const with_ = (value: string) => full({ phoneNumber: value, mobilePhoneNumber: value, title: value })
    expect(readCell('phoneNumber', '1.6E+10', key, with_('+1-5135550199'))).toMatchObject({ kind: 'problem' })
    expect(readCell('mobilePhoneNumber', '1.5E+10', key, with_('15000000000'))).toMatchObject({
      kind: 'kept',
    })
    expect(readCell('title', '1.5E+10', key, full({}))).toMatchObject({ kind: 'problem' })
  })

  it.each([
    ['1/2', '01/02/26'],
    ['1/2', '2-Jan'],
    ['12-3', '12. Mrz'],
    ['12-3', '03-Dec'],
    ['1E4', '10000'],
    ['1.10', '1.1'],
    ['1,000', '1000'],
    ['(12)', '-12'],
    ['5%', '5.00%'],
    ['TRUE', 'WAHR'],
    ['May-12', '05/12/26'],
    ['123456789012345678', '1.23456789012346E+017'],
    ['1234567890123456', '1,23457E+15'],
    ['1/2', '46024'],
    ['00001000000000000017', '1000000000000020'],
    ['Łódź', '?ód?'],
    ['タロウ', '???'],
    ['Müller', 'M?ller'],
    ['Müller', 'MÃ¼ller'],
    ['Müller', 'MÃƒÂ¼ller'],
    ['Łódź', '£ód¼'],
    ['Müller', 'MŸller'],
    ['Müller', 'M�ller'],
    ['Chief', 'Chief\u200b'],
    ["O'Brien", 'O’Brien'],
    ['Anne-Marie', 'Anne–Marie'],
    ['0123', '="0123"'],
    ['0123', '123'],
    ['+14165550123', '14165550123'],
    ['AT&T', 'AT&amp;T'],
    ['1:30', '01:30:00'],
    ['10:30 PM', '22:30'],
    ['MAR1', '01-Mar'],
    ['=1+1', '#NAME?'],
    ['1/2', '01-févr.'],
    ['5 1/2', '5.5'],
    ['3/4', '0.75'],
    ['1234', '1,234.00'],
    ['7.5', '7,5'],
    ['12', '$12.00'],
    ['Chief', '"Chief"'],
    ['2/3', '####'],
    ['800000000000,2945', '800000000000,30'],
    ['1234', '١٢٣٤'],
    ['12', '۱۲'],
    ['T', 'TRUE'],
    ['F', 'FALSE'],
    ['y', 'true'],
    ['0', 'False'],
    ['Chief', '<p>Chief</p>'],
    ['Chief', 'Chief<br />'],
    ['Chief', "b'Chief'"],
    ['Chief', '""Chief""'],
    ['Chief', '\\"Chief\\"'],
    ['1234', '’1234'],
    ['Chief', 'Chief_x000D_'],
    ['3-4', 'Wed Mar 04 2026 00:00:00 GMT+0100 (CET)'],
    ['2:30', 'Sat Dec 30 1899 02:30:00 GMT+0000'],
    ['2:30', 'PT2H30M'],
    ['Müller', 'M~ller'],
    ['(+1) 416 555 0123', '(+1) 416 555 0123\u200b'],
  ])('%s that a program made %s stays, and is noted', (had, cell) => {
    const now = full({ title: had, addressLocation: had, 'address.zipOrPostalCode': had })
    for (const path of ['title', 'addressLocation', 'address.zipOrPostalCode']) {
      expect(readCell(path, cell, key, now)).toMatchObject({
        kind: 'kept',
        note: expect.stringContaining('Stays'),
      })
    }
  })

  it.each([
    ['417', '0417'],
    ['14165550123', '+14165550123'],
    ['1/2', '1/3'],
    ['1/2', '2/1'],
    ['Smith', 'Smyth'],
    ['12', '13'],
    ['2-Jan', '1/2'],
    ['MÃ¼ller', 'Müller'],
    ['M?ller', 'Müller'],
    ['1000', '10000'],
    ['Müller', 'Möller'],
    ['Desk 12', 'Desk 13'],
    ['Chief', 'chief'],
    ['10.0', '10.5'],
    ['Łódź', 'Łask'],
    ['', '1/2'],
    ['12A', '12B'],
  ])('%s that a person makes %s is a change', (had, cell) => {
    expect(readCell('title', cell, key, full(had === '' ? {} : { title: had }))).toMatchObject({
      kind: 'change',
      mine: cell,
    })
  })

  it.each([
    ['Müller', 'Muller'],
    ['2.5', '3'],
    ['Jiøí', 'Jiří'],
    ['Chief', 'N/A'],
    ['Chief', 'none'],
    ['Chief', '-'],
    ['Chief', 'null'],
    ['Chief', 'REMOVE'],
    ['Köln', 'Köln\nu2@x'],
    ['', '#REF!'],
    ['Boss', '1.23457E+15'],
    ['Boss', 'M?ller'],
    ['Boss', 'MÃ¼ller'],
    ['Boss', 'Oâ€™Connor'],
    ['Þórður', 'THórdur'],
    ['Müller', 'M"uller'],
    ['Head, Sales', 'Head Sales'],
    ['Head, Sales', 'Head; Sales'],
    ['Chief', 'TRUE'],
    ['Chief', 'FAŁSZ'],
    ['Chief', '0'],
    ['Chief', '01/00/1900'],
    ['Chief', '12:00:00 AM'],
    ['Chief', '#N/D'],
    ['Chief', '=1+1'],
    ['Chief', '=VLOOKUP(A2,x,2)'],
    ['Chief', '="Chief"&""'],
  ])('%s that is %s in the file is for a person to confirm', (had, cell) => {
    const now = full(had === '' ? {} : { title: had })
    expect(readCell('title', cell, key, now)).toMatchObject({ kind: 'problem' })
  })

  it('is no change where a telephone number is only written in another way', () => {
    const wish = (had: string, cell: string) =>
      readCell('mobilePhoneNumber', cell, key, {
        key,
        completeness: 'full',
        fields: { mobilePhoneNumber: had },
      }).kind
    for (const cell of [
      '+1 (416) 555-0123',
      '1-416-555-0123',
      '001 416 555 0123',
      'tel:+1.416.555.0123',
      '(+1) 416 555 0123',
      '=+14165550123',
    ])
      expect([cell, wish('+14165550123', cell)]).toEqual([cell, 'kept'])
    expect(wish('4165550123', '(416) 555–0123')).toBe('kept')
    expect(wish('4165550123', '416-555-0124')).toBe('change')
    expect(wish('4165550123', '+14165550123')).toBe('change')
  })

  it.each([
    ['extension', '0417', '418'],
    ['address.zipOrPostalCode', '00124', '125'],
    ['mobilePhoneNumber', '+14165550123', '14165550199'],
  ])('of %s that may have lost what %s begins with is for a person: %s', (path, had, cell) => {
    const now = { key, completeness: 'full', fields: { [path]: had } } as const
    expect(readCell(path, cell, key, now)).toMatchObject({
      kind: 'problem',
      problem: expect.stringContaining('a spreadsheet drops that'),
    })
  })

  it.each([
    '<delete>',
    '[none]',
    '{{title}}',
    '${'.concat('title}'),
    '%TITLE%',
    '«Title»',
    '[object Object]',
    'NaT',
    'not set',
    '"null"',
    '＜clear＞',
    '&lt;clear&gt;',
    '#REF!',
    'n. a.',
  ])('with %s is probably not meant', (cell) => {
    const now = { key, completeness: 'full', fields: { title: 'Chief' } } as const
    expect(readCell('title', cell, key, now).kind).toBe('problem')
  })

  it.each(['0', '0.00', '0,00 €', '1900-01-00', '00/01/1900', '30.12.1899', '00:00:00', '12:00:00 AM'])(
    'with %s is what a formula makes of nothing',
    (cell) => {
      const now = { key, completeness: 'full', fields: { title: '' } } as const
      expect(readCell('title', cell, key, now).kind).toBe('problem')
    },
  )

  it('is no formula behind our mark, and one that a person wants is typed in the app', () => {
    const now = { key, completeness: 'full', fields: { title: 'Chief' } } as const
    expect(readCell('title', "'=1+1", key, now)).toMatchObject({ kind: 'change', mine: '=1+1' })
    expect(readCell('title', '=1+1', key, now)).toMatchObject({
      problem: expect.stringContaining('formulas are not worked out'),
    })
  })

  it('is what stands in a formula of one text, and behind the apostrophe of a number', () => {
    const now = { key, completeness: 'full', fields: { title: 'Chief', extension: '0417' } } as const
    expect(readCell('title', '="The Boss"', key, now)).toMatchObject({ kind: 'change', mine: 'The Boss' })
    expect(readCell('extension', '="0418"', key, now)).toMatchObject({ kind: 'change', mine: '0418' })
    expect(readCell('extension', "'0418", key, now)).toMatchObject({ kind: 'change', mine: '0418' })
    expect(readCell('title', '#ÜBERLAUF!', key, now).kind).toBe('problem')
  })

  it('loses the characters that nobody sees and nobody needs', () => {
    const now = { key, completeness: 'full', fields: { title: '' } } as const
    expect(readCell('title', 'Le\u200ba\u00add\u202e', key, now)).toMatchObject({
      kind: 'change',
      mine: 'Lead',
    })
    // A joiner is a letter to those who write with it.
    expect(readCell('title', 'می\u200cخواهم', key, now)).toMatchObject({ mine: 'می\u200cخواهم' })
  })

  it('takes no invisible characters, and reads yes and no in the usual languages', () => {
    expect(read('emailAddress', 'x@y.example\u200b')).toMatchObject({ kind: 'change', mine: 'x@y.example' })
    expect(read('extension', '\u200e4567')).toMatchObject({ kind: 'change', mine: '4567' })
    expect(read('extension', '0123\u200b')).toMatchObject({ kind: 'kept' })
    const hotline = 'accessDeviceEndpoint.useHotline'
    for (const word of ['WAHR', 'VRAI', 'Ja', 'PRAWDA', '1', 'true', 'Sì', 'WAAR']) {
      expect(readCell(hotline, word, key, full({ [hotline]: true }))).toEqual({ kind: 'nothing' })
      expect(readCell(hotline, word, key, full({ [hotline]: false }))).toMatchObject({
        kind: 'change',
        mine: true,
      })
    }
    expect(read('mobilePhoneNumber', '2-Jan')).toMatchObject({ kind: 'problem' })
  })
})

describe('what was exported and not touched', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      '=1',
      '+1',
      "'",
      '<clear>',
      '007',
      '1E5',
      '{"a":1}',
      '\ud800',
      'a\r\nb',
      '  x  ',
      ';',
      ',',
    ),
  )
  const values = fc.oneof(
    text,
    fc.array(text, { maxLength: 3 }),
    fc.boolean(),
    fc.integer(),
    fc.constant(null),
    fc.record({ sipContact: text }).map((contact) => [contact]),
    fc.record({ name: text, serviceProviderId: text, groupId: text }),
    fc.record({ nameDialingFirstName: text, nameDialingLastName: text }),
  )

  it('changes nothing, whatever it holds', () => {
    const path = fc.constantFrom(...fields.filter(editable).map((field) => field.path))
    fc.assert(
      fc.property(path, values, (at, value) => {
        const exported = marked(cellText(at, value))
        const now = full(value === null ? {} : { [at]: value })
        expect(readCell(at, exported, key, now)).toEqual({ kind: 'nothing' })
      }),
      { numRuns: runs },
    )
  })
})
