import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'

/** What another program does that writes into the database: takes the lock, says so, and gives it back when told to. */
const program = `
  const [file, key] = process.argv.slice(1)
  const Libsql = require('libsql')
  const db = new Libsql(file, { encryptionCipher: 'aes256cbc', encryptionKey: key })
  db.exec('BEGIN IMMEDIATE')
  process.stdout.write('holds')
  process.stdin.once('data', () => {
    db.exec('COMMIT')
    db.close()
    process.exit(0)
  })`

/**
 * Lets a process of its own hold the write lock of a database until it is told to let go.
 * @param key 64 hexadecimal digits
 */
export async function holdDatabase(file: string, key: string): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, ['-e', program, file, key], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill())
  const ended = once(child, 'exit')
  await Promise.race([
    once(child.stdout, 'data'),
    ended.then(() => Promise.reject(new Error('The other program did not get the database.'))),
  ])
  return async () => {
    child.stdin.end('go')
    await ended
  }
}
