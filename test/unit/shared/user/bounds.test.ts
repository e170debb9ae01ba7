import { describe, expect, it } from 'vitest'
import { costOf, shortened } from '../../../../shared/user/bounds'
import { normaliseUser } from '../../../../shared/user/normalise'
import { key, recordOf } from './samples'

const empties = Array.from({ length: 300_000 }, () => [])

describe('a value that no user can have', () => {
  it.each([
    ['a title of megabytes', { title: 'x'.repeat(7_001_000) }, 'title', /^x{1000}… 7 MB more$/],
    [
      'many aliases',
      { aliases: Array.from({ length: 100_000 }, (_, n) => `a${n}@x`) },
      'aliases',
      /^… 100,000 values more$/,
    ],
    ['lists of nothing', { title: empties }, 'title', /^… 300,000 values more$/],
    [
      'a part of an object',
      { address: { city: 'y'.repeat(2_001_000) } },
      'address.city',
      /^y{1000}… 2 MB more$/,
    ],
  ])('%s is shown shortened, is not known and is not sent', (_what, more, path, shown) => {
    const { fields, extra } = recordOf({ ...key, lastName: 'Ruiz', ...more })
    expect(fields.lastName).toBe('Ruiz')
    expect(Object.hasOwn(fields, path)).toBe(false)
    expect(extra[path]).toMatch(shown)
  })

  it('many unknown fields, and large ones, are kept only up to a bound', () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`k${n}`, n]))
    expect(Object.keys(recordOf({ ...key, ...many }).extra).length).toBeLessThanOrEqual(500)
    const large = Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`k${n}`, 'z'.repeat(9_000)]))
    expect(JSON.stringify(recordOf({ ...key, ...large }).extra).length).toBeLessThan(1_000_000)
    const [path = ''] = Object.keys(recordOf({ ...key, ['p'.repeat(1_000_000)]: 1 }).extra)
    expect(path.length).toBeLessThan(300)
  })

  it('what users have is kept as it is', () => {
    const value = [{ sipContact: 'mark@192.0.2.7:5060' }, { unlimited: 'true' }]
    expect(costOf(value)).toBeLessThan(100)
    expect(shortened('🙂'.repeat(6_000))).toMatch(/^(🙂){500}… 11 kB more$/u)
  })
})

describe('an id that cannot be used', () => {
  it.each([
    ['too long', { ...key, userId: 'u'.repeat(401) }],
    ['a group too long', { ...key, groupId: 'g'.repeat(201) }],
    ['U+0000', { ...key, userId: 'a\0b' }],
    ['half a surrogate pair', { ...key, userId: 'a\ud800' }],
  ])('%s: is no user', (_what, object) => {
    expect(normaliseUser(object).ok).toBe(false)
  })
})
