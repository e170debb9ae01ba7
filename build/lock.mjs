import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Runs `work` while no other process on this machine that asked for the same lock file is running its own.
 * A lock whose owner is gone is taken over, so an interrupted run never blocks the next one.
 *
 * @template T
 * @param {string} file the lock file; its folder is made if need be
 * @param {() => Promise<T>} work
 * @param {() => void} [onWait] called once if the lock is held by somebody else
 * @returns {Promise<T>}
 */
export async function withLock(file, work, onWait = () => {}) {
  mkdirSync(dirname(file), { recursive: true })
  for (let waited = false; !take(file); waited = true) {
    if (!waited) onWait()
    await sleep(300)
  }
  const release = () => rmSync(file, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.removeListener('exit', release)
    release()
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (abandoned(file)) rmSync(file, { force: true })
    return false
  }
}

function abandoned(file) {
  try {
    const owner = Number(readFileSync(file, 'utf8'))
    // Created but not yet written: its owner is between two system calls, unless it died there.
    if (!owner) return Date.now() - statSync(file).mtimeMs > 5_000
    process.kill(owner, 0)
    return false
  } catch (error) {
    // EPERM: alive, and somebody else's. ENOENT: released while we looked; the next try decides.
    return error.code === 'ESRCH'
  }
}
