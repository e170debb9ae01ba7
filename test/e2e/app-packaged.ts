import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants, cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
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

/** The folder with the archive of a packaged app. */
export function resourcesOf(executable: string): string {
  return process.platform === 'darwin'
    ? join(executable, '..', '..', 'Resources')
    : join(executable, '..', 'resources')
}

/** A copy of the packaged app, gone when the tests are. @returns its executable */
export function copyOfPackaged(): string {
  const executable = packagedApp()
  const app = process.platform === 'darwin' ? join(executable, '..', '..', '..') : dirname(executable)
  const folder = mkdtempSync(join(tmpdir(), 'gungnir-packaged-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  cpSync(app, join(folder, 'app'), {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
  })
  return join(folder, 'app', relative(app, executable))
}

/** Lets an installed app be driven, byte for byte as it is. @returns the file that says so */
export function letBeDriven(resources: string): string {
  const file = join(resources, 'driven-by-tests')
  writeFileSync(file, '')
  return file
}

let driven: string | undefined
function drivenApp(): string {
  if (driven === undefined) {
    driven = copyOfPackaged()
    letBeDriven(resourcesOf(driven))
  }
  return driven
}

export interface Packaged extends Screen {
  quit(): Promise<void>
  process: ChildProcess
}

export function packagedSwitches(profile: string): string[] {
  return [...launchSwitches({ virtual: true }), `--user-data-dir=${profile}`, '--lang=en-US']
}

export function openPackaged(profile: string): Promise<Packaged> {
  return attachPackaged(
    spawn(drivenApp(), [...packagedSwitches(profile), '--remote-debugging-port=0'], {
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
