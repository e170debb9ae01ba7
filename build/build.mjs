import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { npm } from './npm.mjs'
import { top } from './run.mjs'

/** Everything that `out/` is made from. */
export const SOURCES = [
  'shared',
  'electron',
  'renderer',
  'electron.vite.config.ts',
  'build/packages',
  'package.json',
  'package-lock.json',
]

/** Builds `out/` unless it is newer than everything it is made from. */
export function buildIfNeeded() {
  const stamp = join(top, 'out', '.built')
  const began = new Date()
  if (SOURCES.every((source) => newest(join(top, source)) < modified(stamp))) return
  process.stderr.write('Building…\n')
  npm(['run', '--silent', 'build'], { cwd: top })
  mkdirSync(join(top, 'out'), { recursive: true })
  writeFileSync(stamp, '')
  // What was saved while the build ran may not be in it.
  utimesSync(stamp, began, began)
}

/** Folders count too: their time changes when a file in them is removed. */
function newest(path) {
  const status = statSync(path)
  if (!status.isDirectory()) return status.mtimeMs
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
