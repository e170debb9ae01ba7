// Brings node_modules in line with package-lock.json. Uses nothing but Node, as it runs in a bare clone.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from './lock.mjs'
import { npm } from './npm.mjs'
import { top } from './run.mjs'

/** Installs the locked packages unless exactly those are there already. Safe to call from several processes. */
export async function setup() {
  if (!outdated()) return
  await withLock(join(top, '.cache', 'setup.lock'), async () => {
    const reason = outdated()
    if (!reason) return
    process.stderr.write(`Installing packages (${reason})…\n`)
    npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: top })
  })
}

/** @returns {string | undefined} why the installed packages are not the locked ones, if so */
function outdated() {
  const locked = packagesIn(join(top, 'package-lock.json'))
  // npm leaves a lock file of what it put there as its last step, so a half-finished installation has none.
  const installed = packagesIn(join(top, 'node_modules', '.package-lock.json'))
  if (!installed) return 'none here yet'
  for (const [path, wanted] of Object.entries(locked ?? {})) {
    if (path === '') continue
    const found = installed[path]
    // Binaries for other platforms are optional and not installed here.
    if (!found && wanted.optional) continue
    if (found?.version !== wanted.version || found?.integrity !== wanted.integrity) {
      return `${path.replace(/^.*node_modules\//, '')} is not at ${wanted.version}`
    }
  }
  return undefined
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}
