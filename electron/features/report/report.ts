import type { ReportPart, Status } from '../../../shared/ipc/contract'
import type { Json } from '../../../shared/json'
import type { SavedConnection } from '../../store/repositories/connections'

/** What a report is made of. */
export interface ReportFacts {
  /** Wall ms. */
  readonly at: number
  readonly info: { readonly version: string; readonly platform: string; readonly electron: string }
  readonly status: Status
  readonly settings: Readonly<Record<string, Json>>
  readonly connections: readonly Pick<SavedConnection, 'baseUrl' | 'username' | 'callsPerSecond' | 'demo'>[]
  /** Lines of the log, oldest first. Secrets were blanked out as they were written. */
  readonly log: readonly string[]
  /** Lines of the log up to the last crash; none where there was none. */
  readonly crash: readonly string[]
}

/** Settings that say how the app looks and nothing about anybody. */
const plainSettings: ReadonlySet<string> = new Set(['theme', 'density', 'navigation', 'history-overview'])

/**
 * What helps whoever looks after Gungnir, as texts that a person can read through. Passwords were never in it; servers,
 * accounts and user ids are named by numbers, and of what a person wrote only the length is told.
 */
export function reportParts(facts: ReportFacts): ReportPart[] {
  const { at, info, status, settings, connections, log, crash } = facts
  const hide = hiding(connections)
  const lines = [
    `Gungnir ${info.version} on ${info.platform}, Electron ${info.electron}`,
    `Made ${new Date(at).toISOString()}`,
    '',
    `Network: ${status.workOffline ? 'working offline' : status.network}${status.why === undefined ? '' : ` (${status.why})`}`,
    `Users on this computer: ${status.users}`,
    `Outbox: ${status.outbox.waiting} waiting, ${status.outbox.needsPerson} need a person`,
    '',
    'Connections',
    ...connections.map(
      ({ baseUrl, callsPerSecond, demo }, at) =>
        `  server-${at + 1}: ${demo ? 'demo' : new URL(baseUrl).protocol.slice(0, -1)}, ${callsPerSecond} calls per second`,
    ),
    '',
    'Settings',
    ...Object.entries(settings)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `  ${key}: ${settingWords(key, value)}`),
    '',
  ]
  const part = (name: ReportPart['name'], of: readonly string[]): ReportPart => ({
    name,
    text: of.map(hide).join('\n'),
  })
  return [part('report.txt', lines), part('last-crash.txt', crash), part('log.txt', log)]
}

const settingWords = (key: string, value: Json): string => {
  if (typeof value === 'boolean' || value === null || plainSettings.has(key)) return JSON.stringify(value)
  return `(${JSON.stringify(value).length} characters, left out)`
}

const ofText = (text: string): RegExp => new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'gi')

function hiding(connections: ReportFacts['connections']): (text: string) => string {
  const names = connections.flatMap(({ baseUrl, username }, at) => {
    const { host, hostname } = new URL(baseUrl)
    return [
      [username, `account-${at + 1}`],
      [host, `server-${at + 1}`],
      [hostname, `server-${at + 1}`],
    ] as const
  })
  // The longest first: an account may have its server's name in it.
  const known = names
    .filter(([text]) => text !== '')
    .sort(([a], [b]) => b.length - a.length)
    .map(([text, by]) => [ofText(text), by] as const)
  return (text) => {
    let hidden = text
    for (const [name, by] of known) hidden = hidden.replace(name, by)
    return hidden.replace(/[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*/gu, '(user id)')
  }
}
