import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  choosePlace,
  type Place,
  type Rectangle,
  readPlace,
  smallest,
  writePlace,
} from '../../../../electron/shell/window-place'

const laptop: Rectangle = { x: 0, y: 25, width: 1440, height: 875 }
const right: Rectangle = { x: 1440, y: 0, width: 2560, height: 1400 }
const at = (x: number, y: number, width = 1280, height = 800, maximized = false): Place => ({
  x,
  y,
  width,
  height,
  maximized,
})
const centre = at(80, 63)

describe('where the window opens', () => {
  it('is the middle of the primary screen the first time', () => {
    expect(choosePlace(undefined, [laptop, right])).toEqual(centre)
  })

  it('is where it was, on whichever screen', () => {
    expect(choosePlace(at(100, 50), [laptop])).toEqual(at(100, 50))
    expect(choosePlace(at(2_000, 100, 1_500, 900, true), [laptop, right])).toEqual(
      at(2_000, 100, 1_500, 900, true),
    )
    expect(choosePlace(at(-1_100, 50), [laptop])).toEqual(at(-1_100, 50))
  })

  it.each<[string, Place]>([
    ['its screen was taken away', at(2_000, 100)],
    ['only a sliver of it would show', at(1_400, 100)],
    ['its title bar would be above the screen', at(100, -100)],
    ['its title bar would be below the screen', at(100, 890)],
  ])('is the middle again when %s', (_why, place) => {
    expect(choosePlace(place, [laptop])).toEqual(centre)
  })

  it('is never larger than its screen nor smaller than the smallest', () => {
    expect(choosePlace(at(10, 30, 5_000, 4_000), [laptop])).toEqual(at(10, 30, 1_440, 875))
    expect(choosePlace(at(10, 30, 10, 10), [laptop])).toMatchObject(smallest)
  })

  it('always has a title bar that a mouse can catch', () => {
    const length = fc.integer({ min: 1, max: 6_000 })
    const coordinate = fc.integer({ min: -9_000, max: 9_000 })
    const screen = fc.record({
      x: coordinate,
      y: coordinate,
      width: fc.integer({ min: 900, max: 6_000 }),
      height: fc.integer({ min: 600, max: 4_000 }),
    })
    const place = fc.record({
      x: coordinate,
      y: coordinate,
      width: length,
      height: length,
      maximized: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(screen, { minLength: 1, maxLength: 4 }), place, (screens, remembered) => {
        const chosen = choosePlace(remembered, screens)
        const caught = screens.some((area) => {
          const wide = Math.min(chosen.x + chosen.width, area.x + area.width) - Math.max(chosen.x, area.x)
          return wide >= 120 && chosen.y >= area.y && chosen.y + 40 <= area.y + area.height
        })
        expect(caught).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('window.json', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gungnir-place-'))
  const file = join(folder, 'window.json')

  it('gives back what was written and leaves nothing else behind', () => {
    expect(readPlace(file)).toBeUndefined()
    writePlace(file, at(1, 2, 1_000, 700, true))
    expect(readPlace(file)).toEqual(at(1, 2, 1_000, 700, true))
    expect(readdirSync(folder)).toEqual(['window.json'])
  })

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"x":0}',
    '{"x":1e99,"y":0,"width":1,"height":1,"maximized":false}',
    '{"x":"0"}',
  ])('counts as absent when it says %s', (text) => {
    writeFileSync(file, text)
    expect(readPlace(file)).toBeUndefined()
  })

  it('is not written through a link that bears its name, or that of a file beside it', () => {
    rmSync(file)
    writeFileSync(join(folder, 'mine.txt'), 'mine')
    for (const name of [file, `${file}.new`]) symlinkSync(join(folder, 'mine.txt'), name)
    writePlace(file, at(1, 2))
    expect(readFileSync(join(folder, 'mine.txt'), 'utf8')).toBe('mine')
    expect(readPlace(file)).toEqual(at(1, 2))
  })

  it('is no error when it cannot be written', () => {
    rmSync(folder, { recursive: true })
    writePlace(file, centre)
    expect(readPlace(file)).toBeUndefined()
  })
})
