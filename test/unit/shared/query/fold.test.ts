import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alike, fold, hasWords } from '../../../../shared/query/fold'

describe('folding', () => {
  it.each([
    ['Müller', 'muller'],
    ['Ødegård', 'odegard'],
    ['Weiß', 'weiss'],
    ['GROẞ', 'gross'],
    ['Łukasz Żółć', 'lukasz zolc'],
    ['Đorđević', 'dordevic'],
    ['Þórður', 'thordur'],
    ['Ærøskøbing', 'aeroskobing'],
    ['İstanbul Işık', 'istanbul isik'],
    ['ΠΑΠΑΔΌΠΟΥΛΟΣ', 'παπαδοπουλοσ'],
    ['παπαδόπουλος', 'παπαδοπουλοσ'],
    ['ЁЛКИН Андрей', 'елкин андреи'],
    ['ｆｕｌｌ　ｗｉｄｔｈ', 'full width'],
    ['  two\tblanks \n here ', 'two blanks here'],
    ['張偉', '張偉'],
    ['נָעֳמִי', 'נעמי'],
    ...'’‘ʼʻ´`′＇'.split('').map((mark) => [`O${mark}Brian`, "o'brian"] as [string, string]),
    ...'‑–—‐−－'.split('').map((hyphen) => [`Anne${hyphen}Marie`, 'anne-marie'] as [string, string]),
    ['Schiff\u00adfahrt', 'schifffahrt'],
    ['\u202a+1513\u202c\u200e', '+1513'],
    ['مـحـمد', 'محمد'],
    ['می\u200cخواهم', 'میخواهم'],
    ['٠١٢٣ ۴۵۶ ７８９ १२', '0123 456 789 12'],
    ['„x“ «y»', '"x" "y"'],
  ])('%s becomes %s', (text, folded) => {
    expect(fold(text)).toBe(folded)
  })

  it('leaves letters as they are where names are only to be sorted together', () => {
    for (const mark of "'’‘ʼ`´") expect(alike(`O${mark}Connor`)).toBe("O'Connor")
    for (const hyphen of '-‑–—') expect(alike(`Anne${hyphen}Marie É`)).toBe('Anne-Marie É')
    expect(alike('Ana\u200b')).toBe('Ana')
  })

  it('changes nothing the second time, and leaves no line break or lone surrogate', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        const once = fold(text)
        expect(fold(once)).toBe(once)
        expect(once).not.toMatch(/[\n\r\t\0]/)
        expect(Buffer.from(once).toString()).toBe(once)
      }),
      { numRuns: 5000 },
    )
  })
})

it('words are found in any order, in whatever dress, in commands and options as in lists', () => {
  expect(hasWords('Connect to Zürich – O’Connor', "o'connor ZURICH -")).toBe(true)
  expect(hasWords('Theme: dark', 'dark\u200b theme')).toBe(true)
  expect(hasWords('Theme: dark', 'light theme')).toBe(false)
  expect(hasWords('Theme: dark', '  ')).toBe(true)
})
