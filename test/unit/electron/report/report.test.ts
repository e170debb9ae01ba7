import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { endOfLog, lastCrash } from '../../../../electron/features/report/handlers'
import { reportParts } from '../../../../electron/features/report/report'
import type { Status } from '../../../../shared/ipc/contract'

const folder = mkdtempSync(join(tmpdir(), 'gungnir-report-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const status = {
  network: 'server-down',
  why: 'odin.example.com:8443 does not answer.',
  workOffline: false,
  users: 1234,
  outbox: { waiting: 3, needsPerson: 1 },
} as unknown as Status

const facts = {
  at: Date.UTC(2026, 10, 15, 12),
  info: { version: '1.2.3', platform: 'linux', electron: '45' },
  status,
  settings: {
    theme: 'dark',
    drafts: { somewhere: { 'zoe@odin.example.com': 'Zoë Łukasz' } },
    'app.refusedPassword': 'https://odin.example.com:8443 admin@example.com',
    'history-overview': true,
  },
  connections: [
    {
      baseUrl: 'https://odin.example.com:8443/api/v2',
      username: 'admin@example.com',
      callsPerSecond: 5,
      demo: false,
    },
  ],
  crash: ['{"event":"crash.main","cause":"no answer of odin.example.com to zoë@example.com"}'],
  log: [
    '{"event":"http","host":"ODIN.example.com","user":"zoë.łukasz@sub.example.org","as":"admin@example.com"}',
  ],
}

test('says what is needed, and nothing of servers, accounts, users or what a person wrote', () => {
  const parts = reportParts(facts)
  expect(parts.map(({ name }) => name)).toEqual(['report.txt', 'last-crash.txt', 'log.txt'])
  const text = parts.map((part) => part.text).join('\n')
  expect(text).toContain('"cause":"no answer of server-1 to (user id)"')
  expect(text).toContain('Gungnir 1.2.3 on linux, Electron 45')
  expect(text).toContain('server-1: https, 5 calls per second')
  expect(text).toContain('server-1 does not answer.')
  expect(text).toContain('3 waiting, 1 need')
  expect(text).toContain('theme: "dark"')
  expect(text).toContain('drafts: (')
  expect(text).toContain('"host":"server-1","user":"(user id)","as":"account-1"')
  expect(text).not.toMatch(/example|Zoë|łukasz|admin/i)
})

test('the end of the log in whole lines; nothing where there is none', async () => {
  expect(await endOfLog(join(folder, 'nowhere'))).toEqual([])
  const line = (at: number) => JSON.stringify({ at, words: 'ü'.repeat(500) })
  const all = Array.from({ length: 1000 }, (_, at) => line(at))
  writeFileSync(join(folder, 'gungnir.log'), `${all.join('\n')}\n`)
  const end = await endOfLog(folder)
  expect(end.length).toBeGreaterThan(50)
  expect(end).toEqual(all.slice(-end.length))
})

test('the last crash, in whichever log it is, with what came before; nothing where there was none', async () => {
  const logs = mkdtempSync(join(folder, 'logs-'))
  const line = (event: string, n = 0) => JSON.stringify({ level: 'error', event, n })
  expect(await lastCrash(logs)).toEqual([])
  writeFileSync(join(logs, 'gungnir.log'), `${line('ready')}\n${line('said', 1)} "crash.main"\n`)
  writeFileSync(join(logs, 'gungnir.10.log'), `${line('crash.page', 10)}\n`)
  expect(await lastCrash(logs)).toEqual([line('crash.page', 10)])
  const many = Array.from({ length: 50 }, (_, n) => line('work', n))
  const crash = line('crash.main', 2)
  writeFileSync(
    join(logs, 'gungnir.2.log'),
    [line('crash.main', 1), ...many, crash, line('after')].join('\n'),
  )
  expect(await lastCrash(logs)).toEqual([...many.slice(-30), crash])
})
