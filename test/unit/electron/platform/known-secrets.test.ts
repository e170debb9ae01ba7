import { getHeapSnapshot } from 'node:v8'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createKnownSecrets } from '../../../../electron/platform/known-secrets'

const heapText = async (): Promise<string> => {
  const parts: Buffer[] = []
  for await (const part of getHeapSnapshot()) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

describe('known secrets', () => {
  test('are struck out as a search for each of them would, the longest first', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'ü', '😀'), maxLength: 30 })
    fc.assert(
      fc.property(
        fc.array(
          letters.filter((one) => one !== ''),
          { maxLength: 4 },
        ),
        letters,
        (secrets, text) => {
          const known = createKnownSecrets()
          for (const secret of secrets) known.add(secret)
          const longestFirst = [...new Set(secrets)].sort((a, b) => b.length - a.length)
          const lengths = [...new Set(longestFirst.map(({ length }) => length))]
          // Secrets of one length are looked for together, from the left.
          const expected = lengths.reduce((left, length) => {
            let out = ''
            for (let at = 0; at < left.length; ) {
              const hit = longestFirst.includes(left.slice(at, at + length)) && at + length <= left.length
              out += hit ? '|' : left.charAt(at)
              at += hit ? length : 1
            }
            return out
          }, text)
          expect(known.strikeOut(text, '|')).toBe(expected)
          expect(known.longest()).toBe(Math.max(0, ...secrets.map(({ length }) => length)))
        },
      ),
      { numRuns: 3000 },
    )
  })

  test('are not in memory', async () => {
    const known = createKnownSecrets()
    // Put together only in a call that has ended: what the test itself holds is not what is looked for.
    const parts = [`first-${process.pid}-`, 'half-of-it']
    const learnt = (() => {
      known.add(parts.join(''))
      return known.strikeOut(`x ${parts.join('')} y`, '•')
    })()
    expect(learnt).toBe('x • y')
    const heap = await heapText()
    expect(heap.includes(parts[0] as string)).toBe(true)
    expect(heap.includes(parts.join(''))).toBe(false)
  })
})
