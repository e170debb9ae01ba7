import type { BatchSummary } from '../../../../shared/ipc/contract'
import type { Json } from '../../../../shared/json'
import { fieldAt, labelOf } from '../../../../shared/user/catalogue'
import { fieldNamed, type Meaning, spelled } from '../../../../shared/user/sheet'
import type { Pause } from '../../../platform/pause'
import { headWithin, likelyUserId, readLines, type SheetFile } from './sheet-file'
import type { Reading } from './text'

/** As many as a person tells in years. */
const mostNames = 500
const longestName = 200
/** What of a file is shown to choose by. */
const mostShown = 100
const longestShown = 40

/** What names of columns stand for by a person's own words, kept for the next file of the same program. */
export function createColumnNames(kept: { read(): Json | undefined; write(value: Json): void }) {
  const read = (): Map<string, string | null> => {
    const value = kept.read()
    const names = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
    return new Map(
      Object.entries(names).filter(
        (entry): entry is [string, string | null] =>
          entry[1] === null || (typeof entry[1] === 'string' && fieldAt(entry[1]) !== undefined),
      ),
    )
  }
  const keyOf = (header: string) => spelled(header.replace(/^\ufeff/, ''))
  const headOf = ({ all, columns }: SheetFile) =>
    all.find(({ number }) => number === columns.line)?.cells ?? []

  return {
    /** As they are now, for the names of one file. */
    meanings(): (header: string) => Meaning {
      const names = read()
      return (header) => {
        const key = keyOf(header)
        return names.has(key) ? names.get(key) : fieldNamed(header)
      }
    },

    /** What was taken as said before. */
    remarks(sheet: SheetFile): string[] {
      const names = read()
      return headOf(sheet).flatMap((header, at) => {
        const path = sheet.columns.paths[at]
        const key = keyOf(header)
        if (path === undefined || !names.has(key) || names.get(key) !== path) return []
        const what = path === null ? 'is passed over' : `is read as ${labelOf(path)}`
        return [`Column “${header.trim().slice(0, 60)}” ${what}, as chosen under Columns.`]
      })
    },

    /** Keeps what differs from what the names stand for anyway. */
    remember(sheet: SheetFile): void {
      const names = read()
      for (const [at, header] of headOf(sheet).entries()) {
        const key = keyOf(header)
        if (key === '' || key.length > longestName) continue
        const path = sheet.columns.paths[at] ?? null
        names.delete(key)
        if (path !== (fieldNamed(header) ?? null)) names.set(key, path)
      }
      kept.write(Object.fromEntries([...names].slice(-mostNames)))
    },
  }
}
export type ColumnNames = ReturnType<typeof createColumnNames>

/** The columns of a file and its first lines, for a person to say what they are. */
export async function shownColumns(
  sheet: SheetFile,
  reading: Reading,
  userIds: () => Iterable<readonly string[]>,
  pause: Pause,
): Promise<NonNullable<BatchSummary['columns']>> {
  const { all, columns, why } = sheet
  const { line } = columns
  const paths = columns.paths.slice(0, mostShown).map((path) => path ?? null)
  const userId =
    why === undefined || paths.includes('userId') ? undefined : await likelyUserId(sheet, userIds(), pause)
  if (userId !== undefined && userId < paths.length) paths[userId] = 'userId'
  const top = await readLines({ lines: all.slice(0, headWithin) }, reading, pause)
  return {
    ...(why === undefined ? {} : { why }),
    line,
    paths,
    top: top.map(({ number, cells }) => ({
      number,
      cells: cells.slice(0, mostShown).map((cell) =>
        cell
          .replace(/^\ufeff/, '')
          .trim()
          .slice(0, longestShown),
      ),
    })),
  }
}
