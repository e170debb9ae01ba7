import { describe, expect, it } from 'vitest'
import { fileText, likeliest, piecesOf, readingsOf } from '../../../../../electron/features/users/batch/text'
import { createPause } from '../../../../../electron/platform/pause'
import { codePages, decoded, encoded, utf8 } from '../../../../../shared/user/rendering/codepages'

const pause = createPause(() => performance.now(), 8)
const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const page = (id: string) => codePages.find((each) => each.id === id) as (typeof codePages)[number]
const twice = ['Müller', 'Zoë', 'Ødegård'].map((text) => decoded(utf8(text), page('windows-1252')))

describe('code pages', () => {
  // Node takes windows-1252 for ISO-8859-1.
  it.each(codePages.filter(({ id }) => !/cp85|8859-1$|1252/.test(id)))(
    '$id has the letters of the standard',
    (one) => {
      const upper = Uint8Array.from({ length: 128 }, (_, at) => 0x80 + at)
      const letters = new TextDecoder(one.id).decode(upper)
      // A byte without a letter in the standard: one Node says so, another gives the byte itself.
      const known = one.id === 'windows-1253' ? letters.replace('ª', '\ufffd') : letters
      expect(one.letters).toBe(known)
    },
  )

  it('windows-1252 has quotation marks, dashes and € where ISO-8859-1 has controls', () => {
    expect(page('windows-1252').letters.slice(0, 32)).toBe(
      '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ',
    )
  })

  it('write UTF-8 as everybody does', () => {
    const text = 'aüł€😀'
    expect(bytesOf(utf8(text))).toEqual(new TextEncoder().encode(text))
  })
})

describe('the text of a file', () => {
  const names = ['Łukasz Żółkiewski', 'Jiří Dvořák', 'Márton Győri', 'Müller', 'Ana', 'Šárka Žižková']
  it.each([
    ['windows-1250', names],
    ['iso-8859-2', names],
    ['cp852', names],
    ['windows-1251', ['Иванов', 'Смирнова', 'Щукин']],
    ['koi8-r', ['Иванов', 'Смирнова', 'Щукин']],
    ['windows-1253', ['Παπαδόπουλος', 'Ωνάσης']],
    ['windows-1254', ['Şahin', 'Gökçe', 'Iğdır', 'Yıldız']],
    ['windows-1252', ['Müller', 'Zoë', 'Ødegård', 'Œuvré']],
    ['iso-8859-15', ['Müller', 'Zoë', 'Œuvré €']],
    ['cp850', ['Müller', 'Zoë', 'Ødegård']],
    ['macintosh', ['Müller', 'Zoë', 'Ødegård']],
  ])('in %s is read so that most cells are what the users have', async (id, had) => {
    const text = await fileText(bytesOf(encoded(had.join('\n'), page(id))), undefined, pause)
    expect(text.as).toBe('bytes')
    const cells = [...piecesOf(text)].join('').split('\n')
    // One was edited.
    const samples = cells.map((cell, at) => ({ cell, had: at === 0 ? 'Somebody' : had[at] }))
    const { reading } = likeliest(readingsOf(text), samples)
    expect(cells.map((cell) => reading.read(cell))).toEqual(had)
  })

  it('that was encoded twice is put right when the users tell so', async () => {
    const text = await fileText(new TextEncoder().encode(twice.join('\n')), undefined, pause)
    expect(text.as).toBe('utf-8')
    const had = ['Müller', 'Zoë', 'somebody']
    const { reading } = likeliest(
      readingsOf(text),
      twice.map((cell, at) => ({ cell, had: had[at] })),
    )
    expect(reading.read(twice[2] ?? '')).toBe('Ødegård')
    // Without users who tell, what is UTF-8 is UTF-8.
    const unknown = twice.map((cell) => ({ cell, had: undefined }))
    expect(likeliest(readingsOf(text), unknown).reading.id).toBe('utf-8')
  })

  it('stays UTF-8 when one byte of it is damaged', async () => {
    const good = new TextEncoder().encode('Müller,Zoë,Ødegård,Łódź,Köln')
    const text = await fileText(Uint8Array.from([...good, 0x2c, 0xfc, 0x2c, 0x61]), undefined, pause)
    expect([text.as, text.broken, [...piecesOf(text)].join('')]).toEqual([
      'utf-8',
      1,
      'Müller,Zoë,Ødegård,Łódź,Köln,\ufffd,a',
    ])
    // Also with a mark, which does not become part of the first name.
    const marked = await fileText(Uint8Array.from([0xef, 0xbb, 0xbf, 0x61, 0xfc]), 'utf-8', pause)
    expect([...piecesOf(marked)].join('')).toBe('a\ufffd')
  })
})
