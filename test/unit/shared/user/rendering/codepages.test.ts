import { describe, expect, it } from 'vitest'
import { lettersChanged } from '../../../../../shared/user/rendering/letters'

const names = ['Müller', 'Łódź', 'Zoë', 'Groß', 'José', 'Ødegård', 'Șerban', 'Иванов', 'Жуков', 'Αντώνης']

/** Pages in which programs read UTF-8, as this platform knows them. */
const labels = [
  'windows-1255',
  'windows-1256',
  'windows-874',
  'iso-8859-4',
  'iso-8859-5',
  'iso-8859-7',
  'iso-8859-13',
  'ibm866',
  'x-mac-cyrillic',
  'gbk',
  'big5',
  'euc-kr',
  'shift_jis',
]

describe('UTF-8 that a program read in another page', () => {
  it.each(labels)('%s', (label) => {
    const decoder = new TextDecoder(label)
    const unexplained = names.flatMap((name) => {
      const read = decoder.decode(new TextEncoder().encode(name))
      // Where bytes are taken together with a letter that follows, nothing is left to know the name by.
      const isEaten = [...name].some((letter) => letter <= '\x7f' && !read.includes(letter))
      return read === name || isEaten || lettersChanged(read, name) !== undefined ? [] : [`${name} → ${read}`]
    })
    expect(unexplained).toEqual([])
  })

  it.each([
    ['Müller', 'Mأ¼ller'],
    ['Müller', 'M眉ller'],
    ['Łódź', '艁贸d藕'],
    ['Müller', 'M체ller'],
    ['José', 'Jos├⌐'],
    ['Иванов', '╨ÿ╨▓╨░╨╜╨╛╨▓'],
    ['Łódź', '┼Б├│d┼║'],
    ['Zoë', 'Zo├τ'],
    ['Groß', 'Gro├¤'],
    ['Groß', 'Gro├ş'],
    ['Łódź', '≈Б√≥d≈Ї'],
    ['Müller', 'MΟΦller'],
  ])('%s read as %s', (name, read) => {
    expect(lettersChanged(read, name)).toBeDefined()
  })

  it('another name is not explained away', () => {
    for (const [had, other] of [
      ['Müller', 'Möller'],
      ['Müller', 'Miller'],
      ['Łódź', 'Łask'],
      ['Иванов', 'Петров'],
      ['José', 'Josué'],
    ] as const) {
      expect(lettersChanged(other, had), `${had} → ${other}`).toBeUndefined()
    }
  })
})
