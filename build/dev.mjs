// `npm run dev`: opens the app with a profile of its own, and builds and opens it anew whenever a source is saved.
// A build that fails is printed and leaves the app that runs as it is. Closing the window ends the command.
import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { top } from './run.mjs'
import { setup } from './setup.mjs'

/** Editors save in several steps, and a branch that is changed touches many files: wait until it is quiet. */
const QUIET_MS = 300

await setup()
const { electronPath } = await import('./electron-path.mjs')
const { buildIfNeeded, SOURCES } = await import('./build.mjs')
const { launchSwitches } = await import('./launch.mjs')

const electron = await electronPath()
const profile = `--user-data-dir=${join(top, '.cache', 'dev-profile')}`
const switches = [...launchSwitches(), '.', profile, ...process.argv.slice(2)]

let app
let timer

if (build()) open()
else process.exitCode = 1
if (app) {
  for (const source of SOURCES) watch(join(top, source), { recursive: true }, changed)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => app.kill(signal))
}

function changed() {
  clearTimeout(timer)
  timer = setTimeout(again, QUIET_MS)
}

function again() {
  if (!build()) return
  // A quit like any other: what is under way is finished first, and then the new app opens the same profile.
  app.removeAllListeners('exit')
  app.once('exit', open)
  app.kill()
}

function build() {
  try {
    buildIfNeeded()
    return true
  } catch (error) {
    console.error(error.message)
    return false
  }
}

function open() {
  app = spawn(electron.path, switches, { cwd: top, stdio: 'inherit' })
  app.on('error', (error) => console.error(error.message))
  app.once('exit', (code) => process.exit(code ?? 1))
}
