import {
  appendFileSync,
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { createKnownSecrets } from './known-secrets'
import type { Clock, Log } from './ports'

/** A link is not followed. Windows has no such flag. */
const append = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0)

const longestString = 2_000
const deepest = 6
const widest = 60
const hidden = '[hidden]'

/** Shorter ones would blank out ordinary words of every line; their keys hide them all the same. */
const shortestSecret = 4

const secretKey =
  /pass(word|code|phrase)|passwd|token|authori[sz]ation|secret|credential|cookie|databasekey|apikey|privatekey/

/** Shapes that are secrets wherever they stand: bearer headers, JWTs, the user part of a URL. */
const secretShapes: readonly [RegExp, string][] = [
  [/\bBearer\s+[\w.~+/=-]+/gi, `Bearer ${hidden}`],
  [/\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g, hidden],
  [/(\w:\/\/)[^\s/@]+@/g, `$1${hidden}@`],
]

const levels = ['error', 'warn', 'info'] as const
export type LogLevel = (typeof levels)[number]

export interface AppLog extends Log {
  /** From now on the value is blanked out of every line, also in its URL-encoded, base64 and JSON forms. */
  hide(secret: string): void
  /** From now on, nothing that matters less is written. */
  writeOnly(level: LogLevel): void
  readonly directory: string
}

/**
 * One JSON object per line in `directory`/gungnir.log; at `maxBytes` it becomes gungnir.1.log and the oldest of
 * `keep` goes. A log that cannot be written never stops the app.
 */
export function openLog(options: {
  directory: string
  clock: Clock
  maxBytes?: number
  keep?: number
}): AppLog {
  const { directory, clock, maxBytes = 1_000_000, keep = 4 } = options
  const current = join(directory, 'gungnir.log')
  const older = (n: number): string => join(directory, `gungnir.${n}.log`)
  const redact = createRedactor()
  let size = -1
  let most: number = levels.length - 1

  function rotate(): void {
    rmSync(older(keep), { force: true })
    for (let n = keep - 1; n >= 0; n--) {
      try {
        renameSync(n === 0 ? current : older(n), older(n + 1))
      } catch {
        // That generation does not exist yet.
      }
    }
    size = 0
  }

  function write(level: LogLevel, event: string, facts?: Readonly<Record<string, unknown>>): void {
    if (levels.indexOf(level) > most) return
    try {
      const line = `${JSON.stringify({
        time: new Date(clock.wall()).toISOString(),
        level,
        event,
        ...(facts && (redact.value(facts) as object)),
      })}\n`
      if (size < 0) {
        mkdirSync(directory, { recursive: true, mode: 0o700 })
        size = sizeOfOwn(current)
      }
      const bytes = Buffer.byteLength(line)
      if (size > 0 && size + bytes > maxBytes) rotate()
      const file = openSync(current, append, 0o600)
      try {
        appendFileSync(file, line)
      } finally {
        closeSync(file)
      }
      size += bytes
    } catch {
      size = -1
    }
  }

  return {
    directory,
    hide: redact.hide,
    writeOnly: (level) => {
      most = levels.indexOf(level)
    },
    info: (event, facts) => write('info', event, facts),
    warn: (event, facts) => write('warn', event, facts),
    error: (event, facts) => write('error', event, facts),
  }
}

/** Bytes of the log; what stands in its place and may be somebody's, a link or the other name of a file, gives way. */
function sizeOfOwn(path: string): number {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined || (found.isFile() && found.nlink === 1)) return found?.size ?? 0
  rmSync(path)
  return 0
}

/** Turns any value into plain, bounded JSON without secrets. */
export function createRedactor(): { hide(secret: string): void; value(value: unknown): unknown } {
  // Kept for as long as the app runs: a dump of its memory must not hold what the log must not.
  const secrets = createKnownSecrets()

  function hide(secret: string): void {
    if (secret.length < shortestSecret) return
    const bytes = Buffer.from(secret, 'utf8')
    const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]
    forms.push(
      bytes.toString('base64').replace(/=+$/, ''),
      bytes.toString('base64url'),
      bytes.toString('hex'),
    )
    for (const form of forms) secrets.add(form)
  }

  function text(full: string): string {
    const cut = full.length > longestString
    // Enough of the rest that a secret across the limit is still whole, and is seen.
    const longestSecret = secrets.longest()
    let short = secrets.strikeOut(cut ? full.slice(0, longestString + longestSecret) : full, hidden)
    for (const [shape, replacement] of secretShapes) short = short.replace(shape, replacement)
    if (!cut) return short
    const kept = short.slice(0, Math.max(0, Math.min(longestString, short.length - longestSecret)))
    return `${kept}… (${full.length} characters)`
  }

  function failure(error: Error): Record<string, unknown> {
    const code = (error as { code?: unknown }).code
    // Nothing else of an error: HTTP libraries hang the request, headers included, on it.
    return {
      name: text(String(error.name)),
      message: text(String(error.message)),
      ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
      stack: text(String(error.stack ?? '')),
    }
  }

  function plain(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return text(value)
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value
    if (typeof value !== 'object') return value === undefined ? undefined : `(${typeof value})`
    if (value instanceof Error) return failure(value)
    if (depth >= deepest) return '(deeper)'
    if (value instanceof Uint8Array) return `(${value.length} bytes)`
    if (Array.isArray(value)) {
      const items = value.slice(0, widest).map((item) => plain(item, depth + 1))
      return value.length > widest ? [...items, `(${value.length} items)`] : items
    }
    const out: Record<string, unknown> = {}
    for (const [key, item] of Object.entries(value).slice(0, widest)) {
      const name = text(key)
      if (name === '__proto__') continue
      out[name] = secretKey.test(key.toLowerCase().replace(/[^a-z]/g, '')) ? hidden : plain(item, depth + 1)
    }
    return out
  }

  return { hide, value: (value) => plain(value, 0) }
}
