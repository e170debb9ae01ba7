// `npm start`: opens Gungnir. With no display it takes a guided tour of the same app instead.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { top } from './run.mjs'
import { setup } from './setup.mjs'

const switches = process.argv.slice(2)

try {
  const [command, args] = await whatToRun()
  const child = spawn(command, args, { cwd: top, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', failed)
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal ? 1 : 0)
  })
} catch (error) {
  failed(error)
}

async function whatToRun() {
  await setup()
  // These need what setup has just installed.
  const { electronPath } = await import('./electron-path.mjs')
  const { buildIfNeeded } = await import('./build.mjs')
  const { hasDisplay, launchSwitches } = await import('./launch.mjs')

  const electron = await electronPath()
  console.log(`Electron ${electron.version}, ${electron.kind}: ${electron.why}.`)
  buildIfNeeded()
  if (hasDisplay()) return [electron.path, [...launchSwitches(), '.', ...switches]]
  console.log('There is no display here, so this is a guided tour on a virtual one.')
  const tour = [process.execPath, '--import', 'tsx', join(top, 'build', 'tour.mjs')]
  return [join(top, 'build', 'with-desktop.sh'), [...tour, ...switches]]
}

function failed(error) {
  console.error(error.message)
  process.exitCode = 1
}
