import { describe, expect, it } from 'vitest'
import { matchingOptions } from '../../../../renderer/ui/OptionsList'
import { finds } from '../../../../shared/query/find'
import { parseHistoryQuery } from '../../../../shared/query/history'
import { matches } from '../../../../shared/query/match'
import { parseQuery } from '../../../../shared/query/parse'
import { calendar, change, ledger } from '../../electron/history/support'

// What stands there, what is typed, and whether the one is found by the other: the same wherever one can type.
const cases: readonly (readonly [text: string, typed: string, found: boolean])[] = [
  ['O’Brian', "o'brian", true],
  ["O'Brian", 'o´brian', true],
  ['Oʼ Neil', 'o’ neil', true],
  ['ʻOkina', "'okina", true],
  ['Müller‑Dubois', 'muller-dubois', true],
  ['Anne-Marie', 'anne–marie', true],
  ['Schiff\u00adfahrt', 'schifffahrt', true],
  ['Zwi\u200bschen', 'zwischen', true],
  ['\u200eŁódź\u200f', 'lodz', true],
  ['محـــمد', 'محمد', true],
  ['Straße', 'STRASSE', true],
  ['Anne Marie', 'marie', true],
  ['Anne Marie', 'maria', false],
  ['+1-5135550188', '+1 (513) 555‑0188', true],
  ['+1-5135550188', 'tel:+1-513-555-0188', true],
  ['+1-5135550188', '\u202a513–555–0188\u202c', true],
  ['+1-5135550188', '٥١٣٥٥٥٠١٨٨', true],
  ['+1-5135550188', '<+15135550188>,', true],
  ['D´Angelo', "d'angelo", true],
  ['N’Diaye', 'n`diaye', true],
  ['Müller−Dubois', 'müller‐dubois', true],
  ['Anne\u200d-\u2060Marie', 'anne-marie', true],
  ['שרה', '\u2067שרה\u2069', true],
  ['Desk ٤١٧', 'desk 417', true],
  ['Desk 417', 'desk ۴۱۷', true],
  ['C:\\Sales', 'c:\\sales', true],
  ['Room b:12', 'b:12', true],
  ['C:\\Sales', 'c:\\support', false],
  ['+1-5135550188', '513.555.0188', true],
  ['+1-5135550188', '513,555,0188', true],
  ['+1-5135550188', '(513)555-0188', true],
  ['+1-5135550188', 'TEL:5135550188', true],
  ['+1-5135550188', '+１ ５１３ ５５５ ０１８８', true],
  ['+1-5135550188', '513−555−0188;', true],
  ['+1-5135550188', '001 513 555 0188', true],
  ['+1-5135550188', '+49 5135550188', false],
]

const ways: Readonly<Record<string, (text: string, typed: string) => boolean>> = {
  users: (text, typed) => {
    const fields = text.startsWith('+') ? { phoneNumber: text } : { lastName: text }
    const key = { serviceProviderId: 'acme', groupId: 'sales', userId: 'u@x' }
    const record = { key, completeness: 'full' as const, fields, extra: {} }
    return matches(parseQuery(typed), { record, states: new Set(), around: {} })
  },
  history(text, typed) {
    const { history } = ledger()
    history.append(change('h1', text.startsWith('+') ? { asked: { phoneNumber: text } } : { userName: text }))
    return history.window({ start: 0, count: 1, query: parseHistoryQuery(typed, calendar) }).total === 1
  },
  pickers: (text, typed) => matchingOptions([{ id: '1', label: text }], typed).items.length === 1,
  palette: (text, typed) => finds(`Go to ${text}`, typed),
}

describe.each(Object.keys(ways))('the search of %s', (where) => {
  it.each(cases)('%s by %s: %s', (text, typed, found) => {
    expect(ways[where]?.(text, typed)).toBe(found)
  })
})
