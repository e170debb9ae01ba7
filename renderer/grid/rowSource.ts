/** A part of a list, as the main process answers for a range. */
export interface Window<Row> {
  readonly total: number
  readonly start: number
  readonly rows: readonly Row[]
  /** Where the rows that were asked after stand in this very list, in their order; nothing for who is not in it. */
  readonly places?: readonly (number | undefined)[] | undefined
}

/** A row by its id, and where it stands. */
export interface Place {
  readonly id: string
  readonly row: number
}

/** What the grid shows: a list of known length of which only the parts looked at are here. */
export interface RowSource<Row> {
  /** Runs after every change until the returned function is called. */
  subscribe(listener: () => void): () => void
  /** Grows with every change. */
  version(): number
  /** Rows in the whole list; nothing before the first answer. */
  total(): number | undefined
  /** The row at an index, or nothing while it is being fetched. */
  row(index: number): Row | undefined
  /**
   * The grid looks at these rows (both ends included): fetch what is missing of them.
   * @param also the row of the cursor, which may be out of sight
   */
  want(first: number, last: number, also?: number): void
  /** The rows of a range, fetched if need be, all of one state of the list. Rejects as the fetch does. */
  read(first: number, last: number): Promise<readonly Row[]>
  /** Why the last fetch failed, until one succeeds. */
  error(): unknown
}

export interface OwnedRowSource<Row, W extends Window<Row>> extends RowSource<Row> {
  /**
   * Fetches again and swaps everything at once when the answer is here, so that nothing on screen blinks.
   * @param from `start`: a different list, shown from its top; `here`: the same list, which may have changed.
   * @param before runs in the same moment as the swap, to move a cursor along with its row.
   * @param find rows whose places are asked for. The first of those in `staying` that is still there is to stay where it is
   * seen: what is fetched is around it, wherever it stands by then.
   */
  reload(
    from: 'start' | 'here',
    before?: (answer: W) => void | Promise<void>,
    find?: { readonly staying: readonly Place[]; readonly cursor: string | undefined },
  ): Promise<void>
  /**
   * Puts other rows in the place of those that are here, until they are fetched again: for what is known of them without
   * asking. Answers to older questions are dropped, for they do not know it.
   */
  amend(change: (row: Row) => Row): void
  /** The newest answer, for what it says besides rows. */
  latest(): W | undefined
  /** Forgets everything. */
  clear(): void
}

/** How often a list that moves on is asked for again before it is shown as it came. */
const mostChases = 5
/** How often a range is read before a list that never stands still is given up. */
const mostReads = 20
/** Most rows kept at once: enough that going back a few screens asks nothing. */
const pagesKept = 40

/**
 * @param fetch asks for `count` rows from `start`, and where the rows of the ids in `find` stand if it can tell; answers to
 * older questions are dropped.
 * @param pageSize rows asked for at once, or a multiple of it.
 */
export function createRowSource<Row, W extends Window<Row>>(
  fetch: (start: number, count: number, find?: readonly string[]) => Promise<W>,
  pageSize = 50,
): OwnedRowSource<Row, W> {
  let pages = new Map<number, readonly Row[]>()
  let asked = new Map<number, Promise<void>>()
  /** Not asked for again until a reload, or a list that cannot be read would be asked for without end. */
  let failed = new Set<number>()
  let total: number | undefined
  let latest: W | undefined
  let problem: unknown
  let version = 0
  let generation = 0
  /** The newest reload: whoever waits for an older one waits for this. */
  let reloading: { readonly generation: number; readonly done: Promise<void> } | undefined
  /** Grows when one state of the list takes the place of another. */
  let states = 0
  let first = 0
  let last = 0
  let also: number | undefined
  const listeners = new Set<() => void>()

  const pageOf = (index: number) => Math.floor(index / pageSize)

  const changed = () => {
    version++
    for (const listener of [...listeners]) listener()
  }

  /** Keeps the pages nearest to what is looked at. */
  const trim = () => {
    if (pages.size <= pagesKept) return
    const middle = pageOf((first + last) / 2)
    const nearest = [...pages.keys()].sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))
    for (const page of nearest.slice(pagesKept)) pages.delete(page)
  }

  const accept = (answer: W) => {
    for (let at = 0; at < answer.rows.length; at += pageSize) {
      const page = pageOf(answer.start + at)
      pages.delete(page)
      pages.set(page, answer.rows.slice(at, at + pageSize))
    }
    total = answer.total
    latest = answer
    problem = undefined
    trim()
  }

  const ask = (page: number): Promise<void> => {
    const running = asked.get(page)
    if (running) return running
    const mine = generation
    const question = fetch(page * pageSize, pageSize).then(
      (answer) => {
        if (mine !== generation) return
        asked.delete(page)
        accept(answer)
        changed()
      },
      (error: unknown) => {
        if (mine !== generation) return
        asked.delete(page)
        failed.add(page)
        problem = error
        changed()
        throw error
      },
    )
    asked.set(page, question)
    return question
  }

  const missing = (from: number, to: number) => {
    const end = total === undefined ? to : Math.min(to, total - 1)
    const out: number[] = []
    for (let page = pageOf(Math.max(0, from)); page <= pageOf(Math.max(0, end)); page++) {
      if (!pages.has(page)) out.push(page)
    }
    return total === 0 ? [] : out
  }

  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    version: () => version,
    total: () => total,
    latest: () => latest,
    error: () => problem,
    row: (index) => pages.get(pageOf(index))?.[index % pageSize],

    want(from, to, cursor) {
      first = from
      last = to
      also = cursor !== undefined && cursor >= 0 ? cursor : undefined
      if (total === undefined) return
      const out = also === undefined ? [] : missing(also, also)
      for (const page of new Set([...missing(from, to), ...out])) {
        if (!failed.has(page)) void ask(page).catch(() => undefined)
      }
    },

    async read(from, to) {
      for (let attempt = 1; ; attempt++) {
        const [asked, state] = [generation, states]
        const same = () => generation === asked && states === state
        const out: Row[] = []
        for (let page = pageOf(from); page <= pageOf(to) && same(); page++) {
          const rows = pages.get(page) ?? (await fetch(page * pageSize, pageSize)).rows
          const base = page * pageSize
          out.push(...rows.slice(Math.max(0, from - base), Math.max(0, to + 1 - base)))
        }
        if (same()) return out
        // Fetched anew meanwhile, as it is for every change that is told: read again what it is now.
        if (attempt === mostReads) throw new Error('The list changed each time that it was read.')
      }
    },

    reload(from, before, { staying, cursor: cursorId } = { staying: [], cursor: undefined }) {
      const mine = ++generation
      asked = new Map()
      failed = new Set()
      const superseded = () => (reloading?.generation === generation ? reloading.done : undefined)
      const find = [...staying.map(({ id }) => id), ...(cursorId === undefined ? [] : [cursorId])]
      /** The pages of a range in one answer, which is of one state of the list. */
      const rowsOf = (from: number, to: number) => {
        const page = pageOf(Math.max(0, from))
        const count = (pageOf(Math.max(0, to)) - page + 1) * pageSize
        return fetch(page * pageSize, count, ...(find.length > 0 ? [find] : []))
      }
      const has = ({ start, rows }: W, row: number) => row >= start && row < start + rows.length
      /** What is looked at, around the rows that stay. */
      const looked = async (): Promise<W> => {
        let by = 0
        for (let chases = 0; ; chases++) {
          const answer = await rowsOf(first + by, last + by)
          const at = staying.findIndex((_, index) => answer.places?.[index] !== undefined)
          const [was, now] = [staying[at]?.row, answer.places?.[at]]
          if (was === undefined || now === undefined || mine !== generation) return answer
          by = now - was
          const [top, bottom] = [Math.max(0, first + by), Math.min(last + by, answer.total - 1)]
          if (chases === mostChases || (has(answer, top) && has(answer, bottom))) return answer
        }
      }
      /** The row of the cursor, which may be out of sight. */
      const cursor = async (seen: W): Promise<W[]> => {
        if (also === undefined) return []
        const row = seen.places?.[staying.length] ?? also
        return has(seen, row) || row >= seen.total ? [] : [await rowsOf(row, row)]
      }
      const run = async (): Promise<void> => {
        try {
          const newest = await (from === 'start' ? fetch(0, pageSize) : looked())
          const others = from === 'start' ? [] : await cursor(newest)
          if (mine !== generation) return superseded()
          await before?.(newest)
          if (mine !== generation) return superseded()
          states++
          pages = new Map()
          for (const answer of [...others, newest]) accept(answer)
        } catch (error) {
          if (mine !== generation) return superseded()
          problem = error
        }
        changed()
      }
      reloading = { generation: mine, done: run() }
      return reloading.done
    },

    amend(change) {
      if (total === undefined) return
      generation++
      asked = new Map()
      pages = new Map([...pages].map(([page, rows]) => [page, rows.map(change)]))
      changed()
    },

    clear() {
      generation++
      pages = new Map()
      asked = new Map()
      failed = new Set()
      total = undefined
      latest = undefined
      problem = undefined
      changed()
    },
  }
}
