import type { Identity, Sighting } from '../../../../shared/ipc/contract'
import type { UserKey } from '../../../../shared/user/types'
import { withFile } from '../../../ipc/refusal'
import { type SaveFile, writeAll } from '../../../platform/file-sink'
import type { Clock } from '../../../platform/ports'
import { sameServer } from '../../../server/identity'
import type { HistoryRepository, StoredHistoryEntry } from '../../../store/repositories/history'
import type { CallHandlingFeature } from '../../call-handling/call-handling'
import type { Directory } from '../directory'
import { type SheetItem, sheetPage } from './page'

export interface SheetDeps {
  readonly directory: Pick<Directory, 'details' | 'sightings'>
  readonly callHandling: Pick<CallHandlingFeature, 'of'>
  readonly history: Pick<HistoryRepository, 'each'>
  readonly clock: Pick<Clock, 'wall'>
  readonly saveFile: SaveFile
}

/** More changes than this make no page that a person reads. */
const mostChanges = 100

/** Writes the sheet of a user from what is on this computer: it asks the server nothing. */
export const createSheets = ({ directory, callHandling, history, clock, saveFile }: SheetDeps) => ({
  /** The page of a user as it is now. */
  async page({ origin, account }: Identity, key: UserKey): Promise<string> {
    const details = await directory.details(key, false)
    return sheetPage({
      details,
      calls: await callHandling.of(details.key, false),
      history: changesOf(history, origin, details.key.userId, directory.sightings(details.key.userId)),
      origin,
      account,
      madeAt: clock.wall(),
    })
  },

  /** Asks where to, and writes it there. Nothing is written when a person cancels. */
  async save(page: string, { userId }: UserKey): Promise<{ path?: string }> {
    const sink = await saveFile({ name: fileName(userId), extension: 'html', kind: 'HTML page' })
    if (sink === undefined) return {}
    await withFile('written', writeAll(sink, [page]))
    return { path: sink.path }
  },
})
export type Sheets = ReturnType<typeof createSheets>

/** A user id may hold what no file system takes. */
const fileName = (userId: string): string =>
  `gungnir-user-${userId.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 60)}`

function changesOf(
  history: SheetDeps['history'],
  origin: string,
  userId: string,
  seen: readonly Sighting[],
): { items: readonly SheetItem[]; total: number } {
  const kept: StoredHistoryEntry[] = []
  let total = seen.length
  for (const portion of history.each({ userId })) {
    // Another server may have a user of the same id.
    const here = portion.filter((entry) => sameServer(entry.origin, origin))
    total += here.length
    kept.push(...here.slice(0, mostChanges - kept.length))
  }
  const items: SheetItem[] = [...kept, ...seen].sort((a, b) => timeOf(b) - timeOf(a))
  return { items: items.slice(0, mostChanges), total }
}

const timeOf = (item: SheetItem): number => ('seenAt' in item ? item.seenAt : item.startedWall)
