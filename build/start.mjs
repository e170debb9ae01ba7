// `npm start`: opens Gungnir. With no display it takes a guided tour of the same app instead.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { top } from './run.mjs'
import { setup } from './setup.mjs'

const switches = process.argv.slice(2)

await setup()
// Both need what setup has just installed.
const { electronPath } = await import('./electron-path.mjs')
const { buildIfNeeded } = await import('./build.mjs')
const { hasDisplay, launchSwitches } = await import('./launch.mjs')

const electron = await electronPath()
console.log(`Electron ${electron.version}, ${electron.kind}: ${electron.why}.`)
buildIfNeeded()

const [command, args] = hasDisplay()
  ? [electron.path, [...launchSwitches(), '.', ...switches]]
  : [
      join(top, 'build', 'with-desktop.sh'),
      [process.execPath, '--import', 'tsx', join(top, 'build', 'tour.mjs'), ...switches],
    ]
if (!hasDisplay()) console.log('There is no display here, so this is a guided tour on a virtual one.')

const child = spawn(command, args, { cwd: top, stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('error', (error) => {
  console.error(error.message)
  process.exitCode = 1
})
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal ? 1 : 0)
})
