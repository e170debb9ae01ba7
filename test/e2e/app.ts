import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, test as base, type ElectronApplication, expect } from '@playwright/test'
import { electronPath } from '../../build/electron-path.mjs'
import { launchSwitches, playwrightLoader } from '../../build/launch.mjs'
import { type DemoServer, type DemoServerOptions, startDemoServer } from './demo-server'
import { Screen } from './screen'
import { top } from './top'

const START_MS = 120_000

/** A running Gungnir: what it shows, what it said, and how to end it. */
export interface Gungnir extends Screen {
  readonly electron: ElectronApplication
  /** Everything it wrote so far: standard output and error of all its processes, and the page's console. */
  output(): string
  /** Quits as a person would and waits until it is gone. */
  quit(): Promise<void>
  /** Ends it as a power cut would. */
  kill(): Promise<void>
}

/** How to start Electron on an app. */
export interface Runtime {
  readonly executable: string
  readonly args: readonly string[]
  readonly cwd: string
}

export interface OpenOptions {
  profile?: string
  switches?: readonly string[]
  /** The development build under the Electron of `build/electron-path.mjs` unless told otherwise. */
  runtime?: Runtime
}

interface Fixtures {
  /** A profile folder of this test's own, gone afterwards. */
  profile: string
  startServer: (options?: DemoServerOptions) => Promise<DemoServer>
  /** Starts the app, on this test's profile unless told otherwise. */
  open: (options?: OpenOptions) => Promise<Gungnir>
}

/** Fails a test in which a page threw, and keeps a picture of every page that is open when a test fails. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs off this pattern.
  profile: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'gungnir-profile-'))
    await use(folder)
    // Helper processes of a killed app may still write for a moment.
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  },

  // biome-ignore lint/correctness/noEmptyPattern: as above.
  startServer: async ({}, use) => {
    const servers: DemoServer[] = []
    await use(async (options) => {
      const server = await startDemoServer(options)
      servers.push(server)
      return server
    })
    await Promise.all(servers.map((server) => server.kill()))
  },

  open: async ({ profile }, use, testInfo) => {
    const opened: Gungnir[] = []
    const thrown: string[] = []
    await use(async (options = {}) => {
      const app = await launch({ profile, ...options }, (problem) => thrown.push(problem))
      opened.push(app)
      return app
    })
    for (const [index, app] of opened.entries()) {
      if (testInfo.status !== testInfo.expectedStatus) {
        await testInfo.attach(`output ${index}`, { body: app.output(), contentType: 'text/plain' })
        const picture = testInfo.outputPath(`screen-${index}.png`)
        await app.page.screenshot({ path: picture }).catch(() => {})
      }
      await app.kill()
    }
    expect(thrown, 'no page threw').toEqual([])
  },
})

export { expect }

async function developmentBuild(): Promise<Runtime> {
  const { path } = await electronPath()
  return {
    executable: path,
    args: ['-r', playwrightLoader, ...launchSwitches({ virtual: true }), '.'],
    cwd: top,
  }
}

/**
 * At rest the app gives back memory that nobody holds, and the debugger does not count: the answer to a question of a test
 * may be among it. Then it is asked again.
 */
function askAgain(electron: ElectronApplication): void {
  const ask = electron.evaluate.bind(electron) as (...question: unknown[]) => Promise<unknown>
  const again = async (...question: unknown[]): Promise<unknown> => {
    try {
      return await ask(...question)
    } catch (error) {
      if (!String(error).includes('promise was garbage collected')) throw error
      return again(...question)
    }
  }
  electron.evaluate = again as ElectronApplication['evaluate']
}

async function launch(
  options: OpenOptions & { profile: string },
  onThrown: (problem: string) => void,
): Promise<Gungnir> {
  const { runtime = await developmentBuild(), profile, switches = [] } = options
  const electron = await _electron.launch({
    executablePath: runtime.executable,
    args: [...runtime.args, `--user-data-dir=${profile}`, '--lang=en-US', ...switches],
    cwd: runtime.cwd,
    // Playwright would switch the sandbox off by itself; only root has to, and launchSwitches says so.
    chromiumSandbox: true,
    timeout: START_MS,
    env: { ...process.env, LC_ALL: 'en_US.UTF-8' } as Record<string, string>,
  })
  askAgain(electron)
  const said: string[] = []
  const child = electron.process()
  child.stdout?.on('data', (data) => said.push(String(data)))
  child.stderr?.on('data', (data) => said.push(String(data)))
  const page = await electron.firstWindow({ timeout: START_MS })
  page.setDefaultTimeout(START_MS)
  page.on('console', (message) => said.push(`${message.text()}\n`))
  page.on('pageerror', (error) => onThrown(error.stack ?? error.message))
  page.on('crash', () => onThrown('the page crashed'))

  const ended = once(child, 'exit')
  return Object.assign(new Screen(page), {
    electron,
    output: () => said.join(''),
    quit: async () => {
      // The app ends the connection that this very call came over.
      await electron.evaluate(({ app }) => app.quit()).catch(() => {})
      await ended
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  })
}

/** Every file under a folder with its content. */
export async function filesUnder(folder: string): Promise<{ path: string; content: Buffer }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return await Promise.all(files.map(async (path) => ({ path, content: await readFile(path) })))
}

/** The ways in which a text may lie in a file: plain, UTF-16, base64 at any alignment, hex, percent-encoded, as JSON. */
export function spellings(secret: string): Buffer[] {
  const utf8 = Buffer.from(secret, 'utf8')
  const utf16 = Buffer.from(secret, 'utf16le')
  const texts = new Set([
    utf8.toString('hex'),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    ...[utf8, utf16].flatMap(base64Spellings),
  ])
  return [utf8, utf16, Buffer.from(utf16).swap16(), ...[...texts].map((text) => Buffer.from(text))]
}

/** Inside a longer base64 text the same bytes look different by their offset; the characters at the edges depend on the neighbours. */
function base64Spellings(bytes: Buffer): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    return encoded.slice(offset === 0 ? 0 : offset + 1, -2)
  })
}
