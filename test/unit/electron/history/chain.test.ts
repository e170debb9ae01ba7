import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openOrRescue } from '../../../../electron/store/open-or-rescue'
import { historyRepository } from '../../../../electron/store/repositories/history'
import {
  type ChainEnd,
  type ChainReport,
  chainEnd,
  verifyChain,
} from '../../../../electron/store/repositories/history-chain'
import { openMemoryStore, openStore, type Store } from '../../../../electron/store/store'
import { folder, key } from '../store/support'
import { change, noon } from './support'

const verify = (store: Store, links = 3, kept?: ChainEnd): ChainReport => {
  const steps = verifyChain(store, links, kept)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** Eight entries: odd ones settled, the first of them twice, the last still open. */
const filled = (store: Store = openMemoryStore()): Store => {
  const history = historyRepository(store)
  for (let i = 1; i <= 8; i++) {
    history.append(change(`h${i}`, { asked: { lastName: `Name ${i}` }, startedWall: noon + i }))
    if (i > 1 && i % 2 === 1) history.settle(`h${i}`, { outcome: 'done', words: 'Saved.' })
  }
  history.settle('h1', { outcome: 'unknown', words: 'Answer lost.' })
  history.settle('h1', { outcome: 'done', words: 'Saved.', after: { lastName: 'Name 1' } })
  return store
}

describe('an untouched history', () => {
  test('is sound, in steps of any size, empty or not', () => {
    const store = filled()
    for (const links of [1, 2, 7, 500]) {
      expect(verify(store, links)).toMatchObject({ links: 13, entries: 8, faults: [], moreFaults: 0 })
    }
    expect(verify(openMemoryStore())).toMatchObject({ links: 0, entries: 0, faults: [], moreFaults: 0 })
  })

  test('is sound after a restart, and while it is being added to', () => {
    const file = join(folder(), 'gungnir.db')
    filled(openStore({ file, key: key() })).close()
    const store = openStore({ file, key: key() })
    const steps = verifyChain(store, 2)
    steps.next()
    historyRepository(store).append(change('h9'))
    historyRepository(store).settle('h2', { outcome: 'done', words: 'Saved.' })
    let step = steps.next()
    while (!step.done) step = steps.next()
    expect(step.value).toMatchObject({ links: 15, entries: 9, faults: [], moreFaults: 0 })
    store.close()
  })

  test('a transaction that is rolled back leaves no link behind', () => {
    const store = filled()
    expect(() =>
      store.transaction(() => {
        historyRepository(store).append(change('h9'))
        throw new Error('the disk is full')
      }),
    ).toThrow('the disk is full')
    expect(verify(store).faults).toEqual([])
    historyRepository(store).append(change('h9'))
    expect(verify(store)).toMatchObject({ entries: 9, faults: [] })
  })

  test('is sound after its database was rescued', () => {
    const file = join(folder(), 'gungnir.db')
    const store = filled(openStore({ file, key: key() }))
    const page = Number(store.rows("SELECT rootpage FROM sqlite_master WHERE name = 'settings'")[0]?.[0])
    store.close()
    const bytes = readFileSync(file)
    writeFileSync(file, bytes.fill(0x5a, (page - 1) * 4096, page * 4096))
    const rescued = openOrRescue({ file, key: key(), wall: noon })
    expect(rescued.rescue?.rescued.history).toBe(8)
    expect(verify(rescued.store)).toMatchObject({ entries: 8, faults: [] })
    expect(historyRepository(rescued.store).indexSome(100)).toBe(8)
    historyRepository(rescued.store).append(change('h9'))
    expect(verify(rescued.store)).toMatchObject({ entries: 9, faults: [] })
    rescued.store.close()
  })
})

describe('tampering is found, and the first bad entry is named', () => {
  test.each<[string, string[], ChainReport['faults']]>([
    [
      'what was asked',
      [`UPDATE history SET row = replace(row, 'Name 4', 'Name X') WHERE seq = 4`],
      [{ what: 'changed', seq: 4, id: 'h4' }],
    ],
    [
      'the account of a settled one',
      [`UPDATE history SET row = replace(row, 'admin@', 'other@') WHERE seq = 3`],
      [{ what: 'changed', seq: 3, id: 'h3' }],
    ],
    [
      'the time',
      ['UPDATE history SET started_wall = 5 WHERE seq = 4'],
      [{ what: 'changed', seq: 4, id: 'h4' }],
    ],
    ['the user', [`UPDATE history SET user_id = 'x' WHERE seq = 4`], [{ what: 'changed', seq: 4, id: 'h4' }]],
    [
      'the outcome of an open one',
      [`UPDATE history SET outcome = 'done' WHERE seq = 2`],
      [{ what: 'changed', seq: 2, id: 'h2' }],
    ],
    [
      'the outcome of a settled one',
      [`UPDATE history SET outcome = 'rejected' WHERE seq = 5`],
      [{ what: 'changed', seq: 5, id: 'h5' }],
    ],
    [
      'what became of it',
      [`UPDATE history SET settled = replace(settled, 'Name 1', 'X') WHERE seq = 1`],
      [{ what: 'changed', seq: 1, id: 'h1' }],
    ],
    [
      'a settlement where there was none',
      [`UPDATE history SET settled = '{"outcome":"done"}', outcome = 'done' WHERE seq = 2`],
      [{ what: 'changed', seq: 2, id: 'h2' }],
    ],
    [
      'no settlement where there was one',
      [`UPDATE history SET settled = NULL, outcome = 'pending' WHERE seq = 3`],
      [{ what: 'changed', seq: 3, id: 'h3' }],
    ],
    [
      'an older settlement put back',
      [
        `UPDATE history SET settled = '{"outcome":"unknown","words":"Answer lost."}', outcome = 'unknown' WHERE seq = 1`,
      ],
      [{ what: 'changed', seq: 1, id: 'h1' }],
    ],
    ['nonsense', [`UPDATE history SET row = 'x' WHERE seq = 6`], [{ what: 'changed', seq: 6, id: 'h6' }]],
    ['one removed', ['DELETE FROM history WHERE seq = 4'], [{ what: 'missing', seq: 4 }]],
    ['the last one removed', ['DELETE FROM history WHERE seq = 8'], [{ what: 'missing', seq: 8 }]],
    [
      'one removed with its link',
      ['DELETE FROM history WHERE seq = 4', 'DELETE FROM history_links WHERE seq = 4'],
      [{ what: 'chain-broken', seq: 5, id: 'h5' }],
    ],
    [
      'the last link removed',
      ['DELETE FROM history_links WHERE link = 13'],
      [{ what: 'changed', seq: 1, id: 'h1' }, { what: 'cut-off' }],
    ],
    [
      'the end removed, and the head told so',
      [
        'DELETE FROM history WHERE seq = 8',
        'DELETE FROM history_links WHERE link > 10',
        'UPDATE history_head SET links = 10',
      ],
      [{ what: 'changed', seq: 1, id: 'h1' }, { what: 'cut-off' }],
    ],
    [
      'the end removed with its links, and a head that fits',
      [
        'DELETE FROM history WHERE seq = 8',
        'DELETE FROM history_links WHERE link > 10',
        `UPDATE history SET settled = NULL, outcome = 'pending' WHERE seq = 1`,
        'UPDATE history_head SET links = 10, hash = (SELECT hash FROM history_links WHERE link = 10)',
      ],
      [{ what: 'cut-off' }],
    ],
    ['everything removed', ['DELETE FROM history', 'DELETE FROM history_links'], [{ what: 'cut-off' }]],
    [
      'one added',
      [
        `INSERT INTO history (id, connection_id, user_id, started_wall, outcome, row) SELECT 'new', connection_id, user_id, started_wall, outcome, replace(row, '"h8"', '"new"') FROM history WHERE seq = 8`,
      ],
      [{ what: 'added', seq: 9, id: 'new' }],
    ],
    [
      'one added with a link',
      [
        `INSERT INTO history (id, connection_id, user_id, started_wall, outcome, row) SELECT 'new', connection_id, user_id, started_wall, outcome, row FROM history WHERE seq = 8`,
        `INSERT INTO history_links SELECT 14, 'open', 9, digest, hash, NULL FROM history_links WHERE link = 13`,
      ],
      [{ what: 'chain-broken', seq: 9, id: 'new' }, { what: 'cut-off' }],
    ],
    [
      'two swapped',
      [
        'UPDATE history SET seq = 100 WHERE seq = 4',
        'UPDATE history SET seq = 4 WHERE seq = 6',
        'UPDATE history SET seq = 6 WHERE seq = 100',
      ],
      [
        { what: 'changed', seq: 4, id: 'h6' },
        { what: 'changed', seq: 6, id: 'h4' },
      ],
    ],
    [
      'the contents of two swapped',
      [
        `INSERT INTO settings SELECT 'kept', row FROM history WHERE seq = 4`,
        'UPDATE history SET row = (SELECT row FROM history WHERE seq = 6) WHERE seq = 4',
        `UPDATE history SET row = (SELECT value FROM settings WHERE key = 'kept') WHERE seq = 6`,
      ],
      [
        { what: 'changed', seq: 4, id: 'h4' },
        { what: 'changed', seq: 6, id: 'h6' },
      ],
    ],
    [
      'two links swapped',
      [
        'UPDATE history_links SET link = 100 WHERE link = 2',
        'UPDATE history_links SET link = 2 WHERE link = 3',
        'UPDATE history_links SET link = 3 WHERE link = 100',
      ],
      [
        { what: 'chain-broken', seq: 3, id: 'h3' },
        { what: 'chain-broken', seq: 2, id: 'h2' },
      ],
    ],
    [
      'a digest made to fit',
      [
        `UPDATE history SET row = replace(row, 'Name 4', 'Name X') WHERE seq = 4`,
        'UPDATE history_links SET digest = hash WHERE seq = 4',
      ],
      [{ what: 'chain-broken', seq: 4, id: 'h4' }],
    ],
    [
      'a removal with a forged trim',
      [
        'DELETE FROM history WHERE seq <= 2',
        `INSERT INTO history_links SELECT 14, 'trim', 2, digest, hash, '{}' FROM history_links WHERE link = 13`,
      ],
      [{ what: 'chain-broken', seq: 2 }, { what: 'cut-off' }],
    ],
  ])('%s', (_, sql, faults) => {
    const store = filled()
    for (const statement of sql) expect(store.run(statement).changes, statement).toBeGreaterThan(0)
    for (const links of [1, 500]) {
      const report = verify(store, links)
      expect(report.faults.slice(0, faults.length)).toEqual(faults)
    }
  })

  const cutShort = [
    'DELETE FROM history WHERE seq = 8',
    'DELETE FROM history_links WHERE link > 10',
    `UPDATE history SET settled = NULL, outcome = 'pending' WHERE seq = 1`,
    'UPDATE history_head SET links = 10, hash = (SELECT hash FROM history_links WHERE link = 10)',
  ]

  test('an end removed with all that tells of it is still missed when more has been written since', () => {
    const store = filled()
    for (const statement of cutShort) store.run(statement)
    historyRepository(store).append(change('h9'))
    historyRepository(store).append(change('h10'))
    expect(verify(store).faults).toEqual([{ what: 'cut-off' }])
  })

  test.each([
    ['as a whole', ['DELETE FROM history', 'DELETE FROM history_links', 'DELETE FROM history_head']],
    ['at its end', cutShort],
  ])(
    'a history that is removed %s, its numbers too, does not reach the end that was remembered',
    (_, sql) => {
      const store = filled()
      const end = chainEnd(store)
      for (const statement of [...sql, `DELETE FROM sqlite_sequence WHERE name = 'history'`])
        store.run(statement)
      expect(verify(store).faults).toEqual([])
      expect(verify(store, 100, end).faults).toEqual([{ what: 'cut-off' }])
      // Nor does one that has grown as long since.
      const history = historyRepository(store)
      for (let n = 0; n < 20; n++) history.append(change(`new${n}`))
      expect(verify(store, 100, end).faults).toEqual([{ what: 'cut-off' }])
    },
  )

  test('many faults are counted, not listed', () => {
    const store = openMemoryStore()
    const history = historyRepository(store)
    for (let i = 1; i <= 130; i++) history.append(change(`h${i}`))
    store.run(`UPDATE history SET outcome = 'x'`)
    const report = verify(store)
    expect(report.faults).toHaveLength(100)
    expect(report.moreFaults).toBe(30)
  })
})

describe('trimming', () => {
  test('removes the oldest that are settled, leaves a mark, and the chain stays sound', () => {
    const store = filled()
    const history = historyRepository(store)
    // The second is still open, so that nothing behind the first may go.
    expect(history.trim(noon + 5, noon)).toBe(1)
    expect(verify(store)).toMatchObject({ entries: 7, faults: [] })
    history.settle('h2', { outcome: 'done', words: 'Saved.' })
    expect(history.trim(noon + 4, noon)).toBe(2)
    expect(history.trim(noon + 4, noon)).toBe(0)
    expect(history.window({ start: 0, count: 20 }).entries.map(({ seq }) => seq)).toEqual([8, 7, 6, 5, 4])
    expect(history.byId('h2')).toBeUndefined()
    const report = verify(store)
    expect(report).toMatchObject({ entries: 5, faults: [] })
    const notes = store.rows(`SELECT note FROM history_links WHERE kind = 'trim' ORDER BY link`)
    expect(notes.map(([note]) => JSON.parse(String(note)))).toEqual([
      { through: 1, entries: 1, before: noon + 5, wall: noon },
      { through: 3, entries: 2, before: noon + 4, wall: noon },
    ])
    store.run('DELETE FROM history WHERE seq = 5')
    expect(verify(store).faults).toEqual([{ what: 'missing', seq: 5 }])
  })

  test('of everything leaves numbers that are never given out again', () => {
    const store = openMemoryStore()
    const history = historyRepository(store)
    history.append(change('h1', { outcome: 'done' }))
    expect(history.trim(noon + 1, noon)).toBe(1)
    expect(history.append(change('h2'))).toBe(2)
    expect(verify(store)).toMatchObject({ entries: 1, faults: [] })
  })
})
