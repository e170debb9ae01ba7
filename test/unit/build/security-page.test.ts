import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { top } from '../../e2e/top'

const page = readFileSync(join(top, 'docs', 'security.md'), 'utf8')

/** Each file of tests that the page names, with the titles behind it. A title may leave out what a run fills in: “…”. */
const named = [...page.matchAll(/`(test\/[^`]+)`((?:,?\s*“[^”]+”)*)/g)].map(([, file = '', titles = '']) => ({
  file,
  titles: [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => title),
}))

it('the page of what is promised names tests that there are', () => {
  expect(named.length).toBeGreaterThan(40)
  const missing = named.flatMap(({ file, titles }) => {
    if (!existsSync(join(top, file))) return [file]
    const text = readFileSync(join(top, file), 'utf8')
    return titles
      .filter((title) => !title.split('…').every((part) => text.includes(part.trim())))
      .map((title) => `${file}: ${title}`)
  })
  expect(missing).toEqual([])
})

it('all 24 parts are on it, in order', () => {
  const parts = [...page.matchAll(/^\| (\d+)\. /gm)].map(([, number]) => Number(number))
  expect(parts).toEqual(Array.from({ length: 24 }, (_, at) => at + 1))
})
