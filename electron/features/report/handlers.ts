import { open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import type { Handlers } from '../../../shared/ipc/bridge'
import type { ReportPart } from '../../../shared/ipc/contract'
import { withFile } from '../../ipc/refusal'
import { type SaveFile, writeAll } from '../../platform/file-sink'
import type { Clock } from '../../platform/ports'
import { type ReportFacts, reportParts } from './report'

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

/** As they were shown. */
const zipped = (parts: readonly ReportPart[]): Uint8Array =>
  zipSync(Object.fromEntries(parts.map(({ name, text }) => [name, strToU8(text)])))

/** Lines before a crash that tell how it came to it. */
const linesBefore = 30

const isCrash = (line: string): boolean => {
  // Most lines need no parsing.
  if (!line.includes('"crash.')) return false
  try {
    return String(JSON.parse(line).event).startsWith('crash.')
  } catch {
    return false
  }
}

/** The last crash in any of the logs, with what came before it; nothing where there was none. */
export async function lastCrash(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => [])
  // The newest has no number, or the smallest.
  const age = (name: string): number => Number(/^gungnir\.(\d+)\.log$/.exec(name)?.[1] ?? 0)
  const logs = names.filter((name) => /^gungnir(\.\d+)?\.log$/.test(name)).sort((a, b) => age(a) - age(b))
  for (const name of logs) {
    const text = await readFile(join(directory, name), 'utf8').catch(() => '')
    const lines = text.split('\n')
    const at = lines.findLastIndex(isCrash)
    if (at >= 0) return lines.slice(Math.max(0, at - linesBefore), at + 1)
  }
  return []
}

/** What a person can hand on when something is wrong. It is shown first, and nothing is sent. */
export function reportHandlers(deps: {
  readonly clock: Clock
  readonly logDirectory: string
  readonly facts: () => Omit<ReportFacts, 'at' | 'log' | 'crash'>
  readonly saveFile: SaveFile
}): Pick<Handlers, 'app.report' | 'app.saveReport'> {
  const { clock, logDirectory, facts, saveFile } = deps
  return {
    'app.report': async () => {
      const [log, crash] = await Promise.all([endOfLog(logDirectory), lastCrash(logDirectory)])
      return reportParts({ ...facts(), at: clock.wall(), log, crash })
    },

    async 'app.saveReport'(parts) {
      const sink = await saveFile({ name: 'gungnir-report', extension: 'zip', kind: 'Zip file' })
      if (sink === undefined) return {}
      await withFile('written', writeAll(sink, [zipped(parts)]))
      return { path: sink.path }
    },
  }
}
