import { describe, expect, it } from 'vitest'
import { readCell } from '../../../../../shared/user/sheet'
import type { FieldValue } from '../../../../../shared/user/types'

const key = { serviceProviderId: 'ent1', groupId: 'grp1', userId: 'ana@ex.net' }
const read = (path: string, had: FieldValue, cell: string) =>
  readCell(path, cell, key, { key, completeness: 'full', fields: { [path]: had } })

type Case = readonly [path: string, had: string, ...cells: string[]]
const each = (cases: readonly Case[]) =>
  cases.flatMap(([path, had, ...cells]) => cells.map((cell) => [path, had, cell] as const))

describe('another spelling of what a user has', () => {
  it.each(
    each([
      ['emailAddress', 'Ana.Berg@ex.net', 'Ana.Berg@EX.NET', 'Ana.Berg@ex.net.', 'smtp:Ana.Berg@ex.net'],
      [
        'title',
        'Chief',
        '**Chief**',
        '*Chief*',
        '`Chief`',
        '• Chief',
        '- Chief',
        'Chief;',
        'Chief |',
        'Chief\\n',
      ],
      ['title', 'R&D (c) team', 'R&D © team', 'R&D (C) team'],
      ['title', 'to -> there', 'to → there', 'to => there'],
      ['title', 'a :) b', 'a ☺ b', 'a 😊 b'],
      ['title', '2x4', '2×4', '2 × 4'],
      ['title', 'Ops...', 'Ops…'],
      [
        'title',
        'www.acme.example',
        'http://www.acme.example/',
        '[www.acme.example](http://www.acme.example)',
      ],
      [
        'title',
        '10:30',
        '10.30',
        '10h30',
        '10 h 30',
        '10:30 Uhr',
        '10.30 Uhr',
        '上午10:30',
        '10時30分',
        '10:30 godz.',
      ],
      ['title', '22:15', '10:15 μμ', '10:15 م', '下午10:15', '22.15'],
      [
        'title',
        '2024-03-05',
        '05.03.2024 г.',
        '5 марта 2024 г.',
        '令和6年3月5日',
        '05/03/2567',
        '5 มีนาคม 2567',
        '1709596800',
      ],
      ['address.zipOrPostalCode', '00124', '00124.', '00124;'],
      ['extension', '0417', '0417.', '0417;', '٠٤١٧', '０４１７'],
      [
        'mobilePhoneNumber',
        '+1-5135550188',
        '<+15135550188>',
        '+1 513 555 0188;',
        '+1–513–555–0188',
        '+١٥١٣٥٥٥٠١٨٨',
      ],
    ]),
  )('%s “%s” written as “%s” stays, and is noted', (path, had, cell) => {
    expect(read(path, had, cell)).toMatchObject({ kind: 'kept' })
  })

  it.each(
    each([
      ['emailAddress', 'Ana.Berg@ex.net', 'ana.berg@ex.net', 'ANA.BERG@EX.NET', 'Ana.Berg@ex,net'],
      ['title', 'Chief', 'Chief.', 'Chief:', 'Chief…'],
      ['title', 'Head -- North', 'Head—North'],
      ['mobilePhoneNumber', '+1-5135550188', '5135550188', '(513) 555-0188'],
      ['phoneNumber', '+44-2079460123', '020 7946 0123', '02079460123'],
    ]),
  )('%s “%s” written as “%s” is for a person to decide', (path, had, cell) => {
    expect(read(path, had, cell)).toMatchObject({ kind: 'problem' })
  })

  it.each(
    each([
      ['title', 'Chief', 'Chief Clerk', '(Chief)', 'chief', 'The Chief.'],
      ['emailAddress', 'Ana.Berg@ex.net', 'Ana.Berg@ex.org', 'a.berg@ex.net'],
      ['mobilePhoneNumber', '+1-5135550188', '+1-5135550189', '5135550189', '+44 5135550188'],
      ['mobilePhoneNumber', '5135550188', '+15135550188'],
      ['title', '10:30', '10.45', '11:30 Uhr'],
      ['title', '2024-03-05', '6 марта 2024 г.', '1709856000'],
      ['address.zipOrPostalCode', '00124', '00125.'],
    ]),
  )('%s “%s” made “%s” is a change', (path, had, cell) => {
    expect(read(path, had, cell)).toMatchObject({ kind: 'change' })
  })
})

describe('yes and no', () => {
  const hotline = 'accessDeviceEndpoint.useHotline'
  const yes = 'sim|Да|ναι|evet|igen|はい|ja.|"TRUE"|✓|✔️|☑|[x]|.T.|enabled|Aktiviert|włączony|ПРАВДА|true;|x'
  const no =
    'não|нет|όχι|hayır|nem|いいえ|nein.|"FALSE"|☐|[ ]|.F.|disabled|Deaktiviert|wyłączony|ЛОЖЬ|false;|0,0'

  it.each(yes.split('|'))('“%s” is yes', (word) => {
    expect(read(hotline, true, word)).toEqual({ kind: 'nothing' })
    expect(read(hotline, false, word)).toMatchObject({ kind: 'change', mine: true })
  })

  it.each(no.split('|'))('“%s” is no', (word) => {
    expect(read(hotline, false, word)).toEqual({ kind: 'nothing' })
    expect(read(hotline, true, word)).toMatchObject({ kind: 'change', mine: false })
  })

  // A cross means yes in a form and no beside a tick.
  it.each(['✗', '✘', '×', '●', 'maybe'])('“%s” may be either', (word) => {
    for (const had of [true, false]) expect(read(hotline, had, word).kind).toBe('problem')
  })
})
