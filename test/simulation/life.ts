import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import type { EngineOptions } from '../../electron/features/outbox/engine/options'

export interface LifeSetup {
  readonly seed: number
  /** Counted from 1; part of every value that is saved, so that no two lives write the same. */
  readonly life: number
  readonly file: string
  readonly key: string
  readonly baseUrl: string
  readonly username: string
  readonly password: string
  readonly callsPerSecond: number
  readonly times: Partial<EngineOptions>
  readonly userIds: readonly string[]
  readonly paths: readonly string[]
}
export type ToChild = 'finish'
export type FromChild =
  | { readonly saving: { readonly userId: string; readonly path: string; readonly value: string } }
  | { readonly saved: string }
  | { readonly done: true }

export const top = fileURLToPath(new URL('../..', import.meta.url))

/** A new folder for what a run leaves behind. Inside the project: the native module is found from there. */
export function newResults(prefix: string): string {
  const results = join(top, 'test-results')
  mkdirSync(results, { recursive: true })
  return mkdtempSync(join(results, prefix))
}

/** One file without TypeScript in it: a process starts four times as fast. */
export async function bundleLife(): Promise<string> {
  // Each run's own: two may go on side by side.
  const outDir = newResults('life-')
  process.once('exit', () => rmSync(outDir, { recursive: true, force: true }))
  await build({
    configFile: false,
    root: top,
    logLevel: 'warn',
    // One file is read faster than a hundred; the native module stays where it is.
    ssr: { noExternal: true, external: ['libsql'] },
    build: {
      ssr: 'test/simulation/life-child.ts',
      outDir,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
    },
  })
  return join(outDir, 'life-child.js')
}

/** Stands for the value that a field had before anybody here saved one. */
export const asItWas = '(as it was)'

/** What has been saved under one account: for each field of each user the values that may be the last one. */
export function createWishes() {
  const possible = new Map<string, string[]>()
  const counts = { saves: 0, inDoubt: 0 }
  return {
    /** By user id and path, separated by a line feed: the last value that was certainly saved, and those after it. */
    possible: possible as ReadonlyMap<string, readonly string[]>,
    counts: counts as Readonly<typeof counts>,
    /** What one process says; `died` when nothing more comes from it. */
    listen() {
      let saving: { readonly name: string; readonly value: string } | undefined
      return {
        heard(message: FromChild): void {
          if ('saving' in message) {
            const { userId, path, value } = message.saving
            saving = { name: `${userId}\n${path}`, value }
            possible.set(saving.name, [...(possible.get(saving.name) ?? [asItWas]), value])
          } else if ('saved' in message && saving !== undefined) {
            possible.set(saving.name, [saving.value])
            saving = undefined
            counts.saves++
          }
        },
        died(): void {
          if (saving !== undefined) counts.inDoubt++
        },
      }
    },
  }
}
export type Wishes = ReturnType<typeof createWishes>

/** A process that lives until it is killed or told to come to an end. */
export function startLife(child: string, setup: LifeSetup, wishes: Wishes) {
  const running = fork(child, [], {
    env: { ...process.env, LIFE_SETUP: JSON.stringify(setup) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ear = wishes.listen()
  let done = false
  // What it said before it died is heard before the channel closes.
  const gone = Promise.all([once(running, 'exit'), once(running, 'disconnect')]).then(([[code, signal]]) => {
    ear.died()
    return String(code ?? signal)
  })
  const spoke = new Promise<void>((resolve) => {
    running.on('message', (message: FromChild) => {
      if ('done' in message) done = true
      ear.heard(message)
      resolve()
    })
  })
  return {
    /** Resolves with its first word, or its end. */
    awake: Promise.race([spoke, gone]),
    /** Says what is wrong when it had ended by itself. */
    async kill(): Promise<string | undefined> {
      running.kill('SIGKILL')
      const how = await gone
      return how === 'SIGKILL' ? undefined : `life ${setup.life} ended by itself with ${how}`
    },
    /** Lets it send everything; says what is wrong when it could not. */
    async finish(): Promise<string | undefined> {
      running.send('finish' satisfies ToChild)
      const how = await gone
      return done && how === '0' ? undefined : `life ${setup.life} did not finish: ${how}`
    },
  }
}
