import { describe, expect, test } from 'vitest'
import { createRowSource, type Window } from '../../../../renderer/grid/rowSource'

/** A list whose answers are given by hand, in any order. */
function byHand(pageSize = 10) {
  const asked: {
    start: number
    count: number
    find: readonly string[] | undefined
    answer: (total: number, name?: string, places?: (number | undefined)[]) => void
    fail: () => void
  }[] = []
  const source = createRowSource<string, Window<string>>(
    (start, count, find) =>
      new Promise((resolve, reject) => {
        asked.push({
          start,
          count,
          find,
          answer: (total, name = 'row', places) =>
            resolve({
              total,
              start,
              places,
              rows: Array.from(
                { length: Math.max(0, Math.min(count, total - start)) },
                (_, at) => `${name} ${start + at}`,
              ),
            }),
          fail: () => reject(new Error('no')),
        })
      }),
    pageSize,
  )
  const settle = () => new Promise((resolve) => setTimeout(resolve, 0))
  return { source, asked, settle }
}

describe('a row source', () => {
  test('knows nothing, then what it was told, page by page', async () => {
    const { source, asked, settle } = byHand()
    expect(source.total()).toBeUndefined()
    void source.reload('start')
    asked[0]?.answer(25)
    await settle()
    expect(source.total()).toBe(25)
    expect(source.row(3)).toBe('row 3')
    expect(source.row(12)).toBeUndefined()
    source.want(8, 14)
    source.want(8, 14)
    expect(asked.map(({ start }) => start)).toEqual([0, 10])
    asked[1]?.answer(25)
    await settle()
    expect(source.row(12)).toBe('row 12')
  })

  test('keeps the row of the cursor here, though it is out of sight', async () => {
    const { source, asked, settle } = byHand()
    void source.reload('start')
    asked[0]?.answer(95)
    await settle()
    source.want(0, 5, 72)
    expect(asked.map(({ start }) => start)).toEqual([0, 70])
    asked[1]?.answer(95)
    await settle()
    void source.reload('here')
    asked[2]?.answer(95, 'new')
    await settle()
    expect(asked.slice(2).map(({ start }) => start)).toEqual([0, 70])
    asked[3]?.answer(95, 'new')
    await settle()
    expect([source.row(0), source.row(72), source.row(20)]).toEqual(['new 0', 'new 72', undefined])
  })

  test('swaps everything at once, and drops answers to older questions', async () => {
    const { source, asked, settle } = byHand()
    void source.reload('start')
    asked[0]?.answer(25, 'old')
    await settle()
    source.want(10, 14)
    void source.reload('start')
    void source.reload('start')
    expect(source.row(0)).toBe('old 0')
    asked[3]?.answer(5, 'newest')
    await settle()
    asked[2]?.answer(7, 'late')
    asked[1]?.answer(25, 'old')
    await settle()
    expect(source.total()).toBe(5)
    expect(source.row(0)).toBe('newest 0')
    expect(source.row(12)).toBeUndefined()
  })

  test('reloads what is looked at, and runs what goes with the swap before it is seen', async () => {
    const { source, asked, settle } = byHand()
    void source.reload('start')
    asked[0]?.answer(100)
    await settle()
    source.want(35, 52)
    for (const question of asked.slice(1)) question.answer(100)
    await settle()
    const seen: (string | undefined)[] = []
    void source.reload('here', () => void seen.push(source.row(40)))
    // In one answer, which is of one state of the list.
    expect(asked.slice(4).map(({ start, count }) => [start, count])).toEqual([[30, 30]])
    asked[4]?.answer(100, 'new')
    await settle()
    expect(seen).toEqual(['row 40'])
    expect(source.row(40)).toBe('new 40')
    expect(source.row(0)).toBeUndefined()
  })

  describe('rows that are to stay where they are seen', () => {
    const staying = [
      { id: 'ana', row: 12 },
      { id: 'bo', row: 13 },
    ]
    const looking = async () => {
      const list = byHand()
      void list.source.reload('start')
      list.asked[0]?.answer(100)
      await list.settle()
      list.source.want(10, 18)
      list.asked[1]?.answer(100)
      await list.settle()
      list.asked.length = 0
      return list
    }

    test('what is fetched is around them, however far they have moved meanwhile', async () => {
      const { source, asked, settle } = await looking()
      const told: unknown[] = []
      void source.reload('here', ({ places }) => void told.push(places), { staying, cursor: 'cy' })
      expect(asked[0]).toMatchObject({ start: 10, count: 10, find: ['ana', 'bo', 'cy'] })
      asked[0]?.answer(300, 'old', [112, 113, 115])
      await settle()
      expect(asked[1]).toMatchObject({ start: 110, count: 10 })
      // Others came in between the two questions.
      asked[1]?.answer(400, 'old', [212, 213, 215])
      await settle()
      expect(source.total()).toBe(100)
      asked[2]?.answer(400, 'new', [212, 213, 215])
      await settle()
      expect(told).toEqual([[212, 213, 215]])
      expect([source.row(212), source.row(12), source.total()]).toEqual(['new 212', undefined, 400])
    })

    test('one that is gone leaves it to the next', async () => {
      const { source, asked, settle } = await looking()
      void source.reload('here', undefined, { staying, cursor: undefined })
      asked[0]?.answer(99, 'new', [undefined, 12])
      await settle()
      expect(asked[1]).toMatchObject({ start: 0, count: 20 })
      asked[1]?.answer(99, 'new', [undefined, 12])
      await settle()
      expect([source.row(9), source.row(17)]).toEqual(['new 9', 'new 17'])
    })

    test('the row of the cursor is fetched where it stands now, and does not draw the others after it', async () => {
      const { source, asked, settle } = await looking()
      source.want(10, 18, 72)
      asked.length = 0
      void source.reload('here', undefined, { staying: [], cursor: 'cy' })
      asked[0]?.answer(300, 'new', [172])
      await settle()
      expect(asked.map(({ start }) => start)).toEqual([10, 170])
      asked[1]?.answer(300, 'new', [172])
      await settle()
      expect([source.row(12), source.row(172)]).toEqual(['new 12', 'new 172'])
    })

    test('a list that moves on without end is shown as it came', async () => {
      const { source, asked, settle } = await looking()
      const done = source.reload('here', undefined, { staying, cursor: undefined })
      for (let at = 0; source.total() === 100; at++) {
        asked[at]?.answer(100_000, 'new', [12 + (at + 1) * 100, undefined])
        await settle()
        expect(asked.length, 'it is not asked for without end').toBeLessThan(20)
      }
      await done
      expect(source.total()).toBe(100_000)
    })
  })

  test('a failure keeps what is there and does not ask for ever', async () => {
    const { source, asked, settle } = byHand()
    void source.reload('start')
    asked[0]?.answer(50)
    await settle()
    source.want(10, 12)
    asked[1]?.fail()
    await settle()
    expect(source.error()).toBeInstanceOf(Error)
    expect(source.row(0)).toBe('row 0')
    source.want(10, 12)
    expect(asked).toHaveLength(2)
    void source.reload('here')
    asked[2]?.answer(50)
    await settle()
    expect(source.error()).toBeUndefined()
    expect(source.row(11)).toBe('row 11')
  })

  test('reads a range across pages, from memory where it can', async () => {
    const { source, asked, settle } = byHand()
    void source.reload('start')
    asked[0]?.answer(30)
    await settle()
    const range = source.read(8, 11)
    await settle()
    asked[1]?.answer(30)
    expect(await range).toEqual(['row 8', 'row 9', 'row 10', 'row 11'])
  })

  test('reads a range again when the list is fetched anew meanwhile, and gives rows of one state', async () => {
    const { source, asked, settle } = byHand()
    void source.reload('start')
    asked[0]?.answer(30)
    await settle()
    const range = source.read(8, 11)
    await settle()
    void source.reload('here')
    asked[1]?.answer(30)
    await settle()
    for (let at = 2; at < asked.length; at++) {
      asked[at]?.answer(30)
      await settle()
    }
    expect(await range).toEqual(['row 8', 'row 9', 'row 10', 'row 11'])
  })

  test('keeps only so many pages, those nearest to what is looked at', async () => {
    const { source, asked, settle } = byHand()
    void source.reload('start')
    asked[0]?.answer(10_000)
    await settle()
    for (let page = 1; page <= 60; page++) {
      source.want(page * 10, page * 10 + 5)
      asked.at(-1)?.answer(10_000)
      await settle()
    }
    expect(source.row(605)).toBe('row 605')
    expect(source.row(5)).toBeUndefined()
  })

  test('an empty list asks for nothing more', async () => {
    const { source, asked, settle } = byHand()
    void source.reload('start')
    asked[0]?.answer(0)
    await settle()
    source.want(0, 30)
    expect(asked).toHaveLength(1)
    expect(source.total()).toBe(0)
  })
})
