// `npm run dist`: installers for this platform, into dist/. `npm run dist -- --dir`: the unpacked app only.
// Everything else after `--` goes to electron-builder as it is.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { run, scriptOf, top } from './run.mjs'
import { setup } from './setup.mjs'

const args = process.argv.slice(2)
const unpackedOnly = args.includes('--dir')

await setup()
const { electronDist } = await import('./electron-path.mjs')
const { buildIfNeeded } = await import('./build.mjs')

const copy = join(top, 'dist', '.electron')
try {
  const electron = await electronDist(copy)
  if (electron.kind !== 'official' && !unpackedOnly) {
    throw new Error(
      `Installers are made only from the official Electron, and ${electron.why}.\nThe unpacked app for tests: npm run dist -- --dir`,
    )
  }
  buildIfNeeded()
  const runtime = [`-c.electronDist=${electron.folder}`, `-c.electronVersion=${electron.version}`]
  const builder = [scriptOf('electron-builder'), '--publish', 'never', ...runtime, ...args]
  const { code, problem } = await run(process.execPath, builder, { minutes: 60 })
  if (problem) console.error(problem)
  process.exitCode = code
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  rmSync(copy, { recursive: true, force: true })
}
