import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asList, booleanAt, bounded, numberAt, readJson, textAt } from '../../../../electron/odin/answer'
import type { Json } from '../../../../shared/json'
import { deepest } from '../../../../shared/user/bounds'

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

describe('reading JSON', () => {
  it('reads it whatever stands before it', () => {
    expect(readJson('\ufeff {"a":1}')).toEqual({ ok: true, json: { a: 1 } })
    expect(readJson('[]')).toEqual({ ok: true, json: [] })
    expect(readJson('null')).toEqual({ ok: true, json: null })
  })

  it.each([
    ['', 'empty'],
    [' \n ', 'empty'],
    ['<!DOCTYPE html><html></html>', 'html'],
    ['{"userId":"a', 'truncated'],
    ['[{"userId":"a"},', 'truncated'],
    ['Service Unavailable', 'not-json'],
    [nested(deepest + 1), 'too-deep'],
    [nested(2_000_000), 'too-deep'],
    [`[${'{},'.repeat(7_000_000)}{}]`, 'too-large'],
  ])('says what else it is: %.20s', (body, cause) => {
    const read = readJson(body)
    // A runtime may refuse the deepest ones while parsing; that they are refused is what counts.
    expect(read.ok).toBe(false)
    if (!read.ok) expect([cause, 'truncated']).toContain(read.cause)
  })

  it('allows the depth that it promises', () => {
    expect(readJson(nested(deepest)).ok).toBe(true)
  })

  it('takes no list away because one element is nested too deeply: nothing stands in its place', () => {
    const deep = `{"userId":"b","title":${nested(deepest + 10)}}`
    for (const [open, close] of [
      ['[', ']'],
      ['[[', ']]'],
    ]) {
      const read = readJson(`${open}{"userId":"a"},${deep},{"userId":"c"}${close}`)
      const list = [{ userId: 'a' }, null, { userId: 'c' }]
      expect(read).toEqual({ ok: true, json: open === '[' ? list : [list] })
    }
    expect(readJson(`[${deep}]`)).toEqual({ ok: false, cause: 'too-deep' })
    expect(readJson(`[${deep},${deep}]`)).toEqual({ ok: false, cause: 'too-deep' })
    expect(readJson(deep)).toEqual({ ok: false, cause: 'too-deep' })
  })

  it('drops __proto__ at every level and leaves prototypes alone', () => {
    const read = readJson(
      '{"__proto__":{"admin":true},"a":[{"__proto__":1,"b":2}],"constructor":{"prototype":{}}}',
    )
    expect(read.ok).toBe(true)
    if (!read.ok) return
    const copy = Object.assign({}, read.json as object) as Record<string, unknown>
    expect(copy.admin).toBeUndefined()
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
    expect(JSON.stringify(read.json)).toBe('{"a":[{"b":2}],"constructor":{"prototype":{}}}')
    expect(({} as Record<string, unknown>).admin).toBeUndefined()
  })

  it('knows __proto__ with its letters escaped', () => {
    const letters = [...'__proto__']
    for (let n = 0; n < letters.length; n++) {
      const name = letters.map((letter, at) =>
        at === n ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : letter,
      )
      const read = readJson(`[{"${name.join('')}":{"admin":true},"a":1}]`)
      expect(read.ok && Object.getOwnPropertyNames((read.json as object[])[0])).toEqual(['a'])
    }
  })

  it('never throws and never gives what is too deep or harmful', () => {
    const walk = (json: Json, depth: number): void => {
      expect(depth).toBeLessThanOrEqual(deepest + 1)
      if (typeof json !== 'object' || json === null) return
      expect(Object.hasOwn(json, '__proto__')).toBe(false)
      for (const value of Object.values(json)) walk(value as Json, depth + 1)
    }
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json({ maxDepth: 6 }), fc.nat(200).map(nested)), (body) => {
        const read = readJson(body)
        if (read.ok) walk(read.json, 1)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('values', () => {
  const object = { n: 9871515000, s: ' a ', e: '', t: 'TRUE', f: 'false', one: '1', i: '-12', x: null }
  it('evens out numbers, texts and booleans', () => {
    expect(textAt(object, 'n')).toBe('9871515000')
    expect(textAt(object, 's')).toBe('a')
    expect(textAt(object, 'e')).toBeUndefined()
    expect(textAt(object, 'toString')).toBeUndefined()
    expect([booleanAt(object, 't'), booleanAt(object, 'f'), booleanAt(object, 'one')]).toEqual([
      true,
      false,
      true,
    ])
    expect([numberAt(object, 'i'), numberAt(object, 's'), numberAt(object, 'n')]).toEqual([
      -12,
      undefined,
      9871515000,
    ])
  })

  it('takes a bare object for a list of one, and PHP’s numbered object for a list', () => {
    const isRow = (row: object) => 'id' in row
    expect(asList([{ id: 1 }], isRow)).toEqual([{ id: 1 }])
    expect(asList([[{ id: 1 }]], isRow)).toEqual([{ id: 1 }])
    expect(asList({ id: 1 }, isRow)).toEqual([{ id: 1 }])
    expect(asList({ 0: { id: 1 }, 2: { id: 2 } }, isRow)).toEqual([{ id: 1 }, { id: 2 }])
    expect(asList({ error: 'x' }, isRow)).toBeUndefined()
    expect(asList({}, isRow)).toBeUndefined()
    expect(asList(null, isRow)).toBeUndefined()
    expect(asList('x', isRow)).toBeUndefined()
  })

  it('cuts texts at whole characters', () => {
    expect(bounded('ab', 2)).toBe('ab')
    expect(bounded('aé', 2)).toBe('a')
    expect(bounded('漢字', 5)).toBe('漢')
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), fc.nat(60), (text, limit) => {
        const cut = bounded(text, limit)
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(limit)
        expect(text.replace(/\p{Surrogate}/gu, '\ufffd').startsWith(cut.replace(/\ufffd+$/, ''))).toBe(true)
      }),
    )
  })
})
