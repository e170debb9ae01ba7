import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { localCalendar } from '../../electron/features/history/calendar'
import { historyRepository } from '../../electron/store/repositories/history'
import { verifyChain } from '../../electron/store/repositories/history-chain'
import { openStore, type Store } from '../../electron/store/store'
import { parseHistoryQuery } from '../../shared/query/history'
import { type Figure, median, report } from './report'

/**
 * The history on disk, encrypted: finding the first and the last window of a search with the total, beside a plain SQL
 * LIKE over the entries; writing an entry; checking the chain. `npm run bench -- history [sizes…]`.
 */
const searches = [
  '',
  'sm',
  'smith',
  'anna muller',
  'anna.smith4',
  'CHG-77',
  'ext:1234',
  'field:ext outcome:failed',
  'when:7d',
  'when:30d smith -by:root',
  'nothing like it',
]
const windowRows = 60
const answer = `{"lastName":"Smith","padding":"${'x'.repeat(1500)}"}`
const firstNames = ['Anna', 'Ben', 'Carla', 'Dimitri', 'Eva', 'Zoë', '静香']
const lastNames = ['Smith', 'Jones', 'Müller', 'Garcia', 'Petrov', 'Okafor', 'Nguyen', 'Łukasz']
const start = Date.UTC(2026, 0, 1)
const everyMs = 60_000

const nth = <T>(list: readonly T[], at: number): T => list[at % list.length] as T

/** Fills a history with so many settled entries; how long each took, in ms. */
export function fill(store: Store, entries: number): number {
  const history = historyRepository(store)
  const began = performance.now()
  for (let from = 0; from < entries; from += 1000) {
    store.transaction(() => {
      for (let at = from; at < Math.min(entries, from + 1000); at++) {
        const [first, last] = [nth(firstNames, at), nth(lastNames, at)]
        const id = `change-${at}`
        history.append({
          id,
          connectionId: 'bench',
          entryId: `entry-${at}`,
          user: {
            serviceProviderId: `sp${at % 3}`,
            groupId: `group${at % 40}`,
            userId: `${first}.${last}${at % 25_000}@odin.example`.toLowerCase(),
          },
          userName: `${first} ${last}`,
          action: 'change',
          fields: ['lastName', 'extension'],
          outcome: 'pending',
          words: 'Sending.',
          account: at % 7 === 0 ? 'root' : 'admin@odin.example',
          origin: 'https://odin.example/api/v2',
          reason: `CHG-${at % 1000}`,
          ...(at % 3 === 0 ? {} : { batchId: `batch-${Math.floor(at / 500)}` }),
          startedWall: start + at * everyMs,
          before: { lastName: last, extension: String(1000 + (at % 9000)) },
          asked: { lastName: nth(lastNames, at + 1), extension: String(1000 + ((at + 1) % 9000)) },
          request: '{"lastName":"Smith","extension":"1234"}',
        })
        history.settle(id, {
          outcome: at % 50 === 0 ? 'rejected' : 'done',
          words: at % 50 === 0 ? 'The server refused it: [Error 4202]' : 'Saved on the server.',
          after: { lastName: nth(lastNames, at + 1) },
          answer,
          status: 200,
          durationMs: 120,
          unguardedMs: 240,
        })
      }
    })
  }
  return (performance.now() - began) / entries
}

const timed = (work: () => unknown): number => {
  const began = performance.now()
  work()
  return performance.now() - began
}

function figuresOf(store: Store, entries: number): Figure[] {
  const history = historyRepository(store)
  const calendar = localCalendar({ wall: () => start + entries * everyMs })
  const like = timed(() => store.rows(`SELECT count(*) FROM history WHERE row LIKE '%anna.smith4%'`))
  const figures = searches.map((search): Figure => {
    const query = parseHistoryQuery(search, calendar)
    const { total } = history.window({ start: 0, count: 0, query })
    const at = [0, 0, 0, Math.max(0, total - windowRows)]
    const times = at.map((from) => timed(() => history.window({ start: from, count: windowRows, query })))
    return {
      name: `“${search}” finds ${total}; its last window ${(times[3] ?? 0).toFixed(1)} ms; its first`,
      value: median(times.slice(0, 3)),
      unit: 'ms',
      against: { name: 'LIKE', value: like },
      aim: 'below 0.2',
    }
  })
  const open = ['batch-0', `batch-${Math.floor(entries / 1000)}`]
  for (const search of ['', 'smith', 'when:30d', 'nothing like it']) {
    const query = parseHistoryQuery(search, calendar)
    const one = () => timed(() => history.window({ start: 0, count: windowRows, query }))
    const grouped = () => timed(() => history.lines({ start: 0, count: windowRows, query, open }))
    const rounds = Array.from({ length: 9 }, () => [one(), grouped()] as const)
    figures.push({
      name: `“${search}”, each batch as one line; its first window`,
      value: median(rounds.map(([, lines]) => lines)),
      unit: 'ms',
      against: { name: 'change by change', value: median(rounds.map(([plain]) => plain)) },
    })
  }
  const steps: number[] = []
  for (const check = verifyChain(store); ; ) {
    let done = false
    steps.push(timed(() => (done = check.next().done === true)))
    if (done) break
  }
  const all = steps.reduce((sum, step) => sum + step, 0)
  figures.push({
    name: `checking the chain, longest step ${Math.max(...steps).toFixed(1)} ms; a step`,
    value: median(steps),
    unit: 'ms',
  })
  figures.push({ name: 'checking the chain', value: all / 1000, unit: 's' })
  return figures
}

export default async function bench(sizes: readonly number[]): Promise<void> {
  for (const entries of sizes.length === 0 ? [100_000] : sizes) {
    const folder = mkdtempSync(join(tmpdir(), 'gungnir-bench-'))
    const file = join(folder, 'gungnir.db')
    const store = openStore({ file, key: new Uint8Array(32).fill(7) })
    try {
      const perEntry = fill(store, entries)
      store.checkpoint()
      report(`History of ${entries.toLocaleString('en')} entries`, [
        { name: 'an entry opened and settled', value: perEntry, unit: 'ms' },
        { name: 'on disk', value: statSync(file).size / 1e6, unit: 'MB' },
        ...figuresOf(store, entries),
      ])
    } finally {
      store.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
