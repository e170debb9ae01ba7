import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editable, fields } from '../../../../shared/user/catalogue'
import { cellText, clearWord, marked, spreadsheetDamage, unmarked } from '../../../../shared/user/cell'
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
    expect(read('endpointType', 'trunk group')).toEqual({ kind: 'change', mine: 'trunkAddressing' })
    expect(read('aliases', 'a@b.example\nc@d.example')).toEqual({
      kind: 'change',
      mine: ['a@b.example', 'c@d.example'],
    })
  })

  it('that a spreadsheet has damaged is repaired where the old value tells how it was', () => {
    expect(read('extension', '123')).toEqual({ kind: 'nothing' })
    expect(read('phoneNumber', '15135550199')).toEqual({ kind: 'nothing' })
    expect(read('phoneNumber', '1.6E+10')).toMatchObject({ kind: 'problem' })
    expect(read('phoneNumber', '1.5135550199E+10')).toEqual({ kind: 'nothing' })
    expect(read('extension', '1.5E+03')).toMatchObject({ kind: 'problem', typed: '1.5E+03' })
    expect(read('extension', '4567.0')).toMatchObject({ kind: 'change', mine: '4567' })
  })

  it('never takes a rounded number for the digits that it was', () => {
    expect(spreadsheetDamage('phoneNumber', '1.6E+10', '+1-5135550199')).toHaveProperty('lost')
    expect(spreadsheetDamage('mobilePhoneNumber', '1.5E+10', '15000000000')).toHaveProperty('repaired')
    expect(spreadsheetDamage('title', '1.5E+10', null)).toBeUndefined()
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
