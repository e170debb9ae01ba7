import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Handlers } from '../../../shared/ipc/bridge'
import { withFile } from '../../ipc/refusal'
import { type SaveFile, writeAll } from '../../platform/file-sink'
import type { Clock } from '../../platform/ports'
import { type ReportFacts, reportText } from './report'

const mostBytes = 150_000
const mostLines = 400

/** The newest whole lines of the log; none where there is no log. */
export async function endOfLog(directory: string): Promise<string[]> {
  const file = await open(join(directory, 'gungnir.log')).catch(() => undefined)
  if (file === undefined) return []
  try {
    const { size } = await file.stat()
    const from = Math.max(0, size - mostBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from)
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n')
    // The first may have lost its beginning.
    return lines
      .slice(from > 0 ? 1 : 0)
      .filter((line) => line !== '')
      .slice(-mostLines)
  } catch {
    return []
  } finally {
    await file.close()
  }
}

/** What a person can hand on when something is wrong. It is shown first, and nothing is sent. */
export function reportHandlers(deps: {
  readonly clock: Clock
  readonly logDirectory: string
  readonly facts: () => Omit<ReportFacts, 'at' | 'log'>
  readonly saveFile: SaveFile
}): Pick<Handlers, 'app.report' | 'app.saveReport'> {
  const { clock, logDirectory, facts, saveFile } = deps
  return {
    'app.report': async () => reportText({ ...facts(), at: clock.wall(), log: await endOfLog(logDirectory) }),

    async 'app.saveReport'(text) {
      const sink = await saveFile({ name: 'gungnir-report', extension: 'txt', kind: 'Text file' })
      if (sink === undefined) return {}
      await withFile('written', writeAll(sink, [text]))
      return { path: sink.path }
    },
  }
}
