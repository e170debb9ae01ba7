import { type ExportFormat, exportHistory } from '../../../shared/history/export'
import { type FileSink, type SaveSuggestion, writeAll } from '../../platform/file-sink'
import type { StoredHistoryEntry } from '../../store/repositories/history'

const kinds: Readonly<Record<ExportFormat, string>> = {
  csv: 'CSV file',
  jsonl: 'JSON Lines file',
  html: 'HTML report',
}

/** How the file is to be called. */
export const suggestionOf = (format: ExportFormat): SaveSuggestion => ({
  name: 'gungnir-history',
  extension: format,
  kind: kinds[format],
})

/**
 * Writes the entries into the file portion by portion; between two of them others have their turn. The file is there
 * whole or not at all: when it cannot be written, it is discarded and the cause is thrown.
 */
export async function writeExport(
  sink: FileSink,
  options: {
    readonly format: ExportFormat
    readonly search: string
    readonly madeAt: number
    readonly total: number
    readonly portions: Iterable<readonly StoredHistoryEntry[]>
    readonly onProgress: (done: number) => void
  },
): Promise<number> {
  const { format, search, madeAt, total, portions, onProgress } = options
  let entries = 0
  const counted = function* () {
    for (const portion of portions) {
      // Where an entry was made and by which change is our own bookkeeping.
      yield portion.map(({ connectionId: _, entryId: __, ...entry }) => entry)
      entries += portion.length
    }
  }
  const texts = function* () {
    for (const text of exportHistory(format, counted(), { search, entries: total, madeAt })) {
      yield text
      onProgress(entries)
    }
  }
  await writeAll(sink, texts())
  return entries
}
