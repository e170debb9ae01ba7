import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const top = fileURLToPath(new URL('..', import.meta.url))

/**
 * The script behind a command that an installed package offers, to be run with Node. Avoids the shims in
 * node_modules/.bin, which differ by platform.
 *
 * @param {string} packageName
 * @param {string} [command] when it is not called like the package
 */
export function scriptOf(packageName, command = packageName.replace(/^@[^/]+\//, '')) {
  const folder = join(top, 'node_modules', packageName)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, typeof bin === 'string' ? bin : bin[command])
}

/**
 * Runs a command in the foreground and waits for it. After `minutes` it and everything it started is killed.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ minutes?: number, env?: Record<string, string> }} [options]
 * @returns {Promise<{ code: number, problem?: string }>} problem: why it did not end by itself
 */
export function run(command, args, { minutes = 10, env = {} } = {}) {
  return new Promise((resolve) => {
    const ownGroup = process.platform !== 'win32'
    const child = spawn(command, args, {
      cwd: top,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
      detached: ownGroup,
    })
    const kill = (signal) => {
      try {
        if (ownGroup) process.kill(-child.pid, signal)
        else child.kill(signal)
      } catch (error) {
        if (error.code !== 'ESRCH') throw error
      }
    }
    let problem
    const timer = setTimeout(() => {
      problem = `stopped after ${minutes} minutes`
      kill('SIGTERM')
      setTimeout(() => kill('SIGKILL'), 10_000).unref()
    }, minutes * 60_000)
    const forward = (signal) => {
      kill(signal)
      process.exitCode = 130
    }
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const signal of signals) process.on(signal, forward)
    const end = (result) => {
      clearTimeout(timer)
      for (const signal of signals) process.removeListener(signal, forward)
      resolve(result)
    }
    child.on('error', (error) => end({ code: 1, problem: error.message }))
    child.on('exit', (code, signal) =>
      end({ code: code ?? 1, problem: problem ?? (signal ? `ended by ${signal}` : undefined) }),
    )
  })
}
