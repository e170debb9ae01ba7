import { spawnSync } from 'node:child_process'

/**
 * Runs the npm client that started this process, or else the one on the PATH, so that its own
 * configuration (registry, proxy, cache) is what counts.
 */
function started(args, options) {
  const own = process.env.npm_execpath
  const isNpm = own !== undefined && /npm-cli\.c?js$/.test(own)
  const [command, ...first] = isNpm ? [process.execPath, own] : ['npm']
  const shell = !isNpm && process.platform === 'win32'
  const done = spawnSync(command, [...first, ...args], { ...options, encoding: 'utf8', shell })
  if (done.error) throw new Error(`npm could not be started: ${done.error.message}`)
  return done
}

/**
 * @param {string[]} args
 * @param {{ cwd?: string, quiet?: boolean }} [options] quiet: keep npm's output for the error message
 */
export function npm(args, { cwd, quiet = false } = {}) {
  // Our own standard output may be read by a program; npm's chatter goes beside it.
  const done = started(args, { cwd, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 2, 2] })
  if (done.status !== 0) {
    const said = quiet ? `:\n${`${done.stdout}${done.stderr}`.trim()}` : ''
    throw new Error(`npm ${args[0]} ended with ${done.status ?? done.signal}${said}`)
  }
}

/** @returns {string} what npm printed, whether it was content or not */
export function npmSays(args, { cwd } = {}) {
  return started(args, { cwd, stdio: ['ignore', 'pipe', 'ignore'] }).stdout
}
