import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { launchSwitches } from '../../build/launch.mjs'
import { expect } from './app'
import { Screen } from './screen'
import { top } from './top'

/** The app that `npm run dist -- --dir` leaves. */
export function packagedApp(): string {
  const places = {
    linux: ['linux-unpacked/gungnir'],
    win32: ['win-unpacked/Gungnir.exe'],
    darwin: ['mac/Gungnir.app/Contents/MacOS/Gungnir', 'mac-arm64/Gungnir.app/Contents/MacOS/Gungnir'],
  }[process.platform as 'linux' | 'win32' | 'darwin']
  const found = places.map((place) => join(top, 'dist', place)).find((path) => existsSync(path))
  if (!found) throw new Error('There is no packaged app: npm run dist -- --dir')
  return found
}

export interface Packaged extends Screen {
  quit(): Promise<void>
  process: ChildProcess
}

export function openPackaged(profile: string): Promise<Packaged> {
  const switches = [...launchSwitches({ virtual: true }), `--user-data-dir=${profile}`, '--lang=en-US']
  return attachPackaged(
    spawn(packagedApp(), [...switches, '--remote-debugging-port=0'], {
      cwd: profile,
      stdio: ['ignore', 'ignore', 'pipe'],
    }),
  )
}

/** Its fuses forbid Node's inspector, which Playwright's own launcher needs: the page is reached over DevTools. */
export async function attachPackaged(child: ChildProcess): Promise<Packaged> {
  const address = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (data) => {
      said += data
      const match = /DevTools listening on (ws:\S+)/.exec(said)
      if (match?.[1]) resolve(match[1])
    })
    child.once('exit', (code) => reject(new Error(`The packaged app ended with ${code}:\n${said}`)))
  })
  await pageShown(address)
  const browser = await chromium.connectOverCDP(address, { timeout: 120_000 })
  const [context] = browser.contexts()
  if (!context) throw new Error('The packaged app has no browser context')
  const page = context.pages()[0] ?? (await context.waitForEvent('page'))
  return Object.assign(new Screen(page), {
    process: child,
    quit: async () => {
      const ended = once(child, 'exit')
      await page.close()
      await ended
    },
  })
}

/** Connecting while the window is still opening can leave Playwright waiting for ever. */
async function pageShown(address: string): Promise<void> {
  const { host } = new URL(address)
  await expect
    .poll(async () => {
      const targets = (await (await fetch(`http://${host}/json/list`)).json()) as {
        type: string
        title: string
      }[]
      return targets.filter(({ type }) => type === 'page').map(({ title }) => title)
    })
    .toEqual(['Gungnir'])
}
