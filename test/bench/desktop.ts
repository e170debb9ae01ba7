import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { electronPath } from '../../build/electron-path.mjs'
import { launchSwitches, playwrightLoader } from '../../build/launch.mjs'
import type { GungnirBridge } from '../../shared/ipc/bridge'
import { startDemoServer } from '../e2e/demo-server'
import { top } from '../e2e/top'

export interface Running {
  readonly app: ElectronApplication
  readonly page: Page
  /** From the start of the process to the page showing what was waited for. */
  readonly startMs: number
  close(): Promise<void>
}

async function run(folder: string, profile: string, ready: string): Promise<Running> {
  const { path } = await electronPath()
  const began = performance.now()
  const app = await _electron.launch({
    executablePath: path,
    args: [
      '-r',
      playwrightLoader,
      ...launchSwitches({ virtual: true }),
      folder,
      `--user-data-dir=${profile}`,
      '--lang=en-US',
    ],
    cwd: top,
    chromiumSandbox: true,
  })
  const page = await app.firstWindow()
  // The TypeScript loader wraps named functions in a helper that a page does not have.
  await page.evaluate('globalThis.__name = (value) => value')
  await page.waitForSelector(ready)
  return { app, page, startMs: performance.now() - began, close: () => app.close() }
}

/** The app on a profile, ready when it shows a user, or with an empty profile its first screen. */
export const openGungnir = (profile: string): Promise<Running> =>
  run('.', profile, '[role=gridcell]:not(:empty), .first-run button')

/** A window of the same size with one word in it: what Electron itself costs. */
export async function openEmpty(): Promise<Running> {
  const folder = temporary('empty')
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'empty', version: '1.0.0', main: 'main.js' }),
  )
  writeFileSync(join(folder, 'page.html'), '<!doctype html><title>Empty</title><p id="ready">Ready</p>')
  writeFileSync(
    join(folder, 'main.js'),
    `const { app, BrowserWindow } = require('electron')
app.whenReady().then(() => new BrowserWindow({ width: 1280, height: 800, webPreferences: { sandbox: true } }).loadFile('page.html'))`,
  )
  return await run(folder, temporary('empty-profile'), '#ready')
}

const made: string[] = []

export function temporary(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `gungnir-bench-${name}-`))
  mkdirSync(folder, { recursive: true })
  made.push(folder)
  return folder
}

export function removeTemporary(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
}

/** A profile folder that holds `users` cached users; its server is gone when this resolves. */
export async function filledProfile(users: number): Promise<string> {
  const profile = temporary('profile')
  const server = await startDemoServer({ users })
  const running = await openGungnir(profile)
  try {
    const { baseUrl, username, password } = server
    await running.page.evaluate(
      async ({ baseUrl, username, password }) => {
        const { gungnir } = window as unknown as { gungnir: GungnirBridge }
        const saved = await gungnir.connections.save({
          name: 'Bench',
          baseUrl,
          username,
          password,
          callsPerSecond: 100,
        })
        if (!saved.ok) throw new Error(saved.error.message)
        const connected = await gungnir.connections.connect(saved.value.id)
        if (!connected.ok) throw new Error(connected.error.message)
      },
      { baseUrl, username, password },
    )
    for (;;) {
      const status = await running.page.evaluate(async () => {
        const { gungnir } = window as unknown as { gungnir: GungnirBridge }
        const [shown, progress] = [await gungnir.app.status(), await gungnir.users.progress()]
        return { users: shown.ok ? shown.value.users : 0, running: !progress.ok || progress.value.running }
      })
      if (status.users >= users && !status.running) break
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  } finally {
    await running.close()
    await server.kill()
  }
  return profile
}

/** Proportional memory of a process and all below it, in MB. Linux only. */
export function memoryOf(app: ElectronApplication): number {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // It ended while we looked.
    }
  }
  const root = app.process().pid
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || isBelow(parents.get(pid)))
  let kilobytes = 0
  for (const pid of parents.keys()) {
    if (!isBelow(pid)) continue
    try {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0)
    } catch {
      // As above.
    }
  }
  return kilobytes / 1024
}
