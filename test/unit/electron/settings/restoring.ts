import fs, { openSync, readFileSync, readSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import type { Keychain } from '../../../../electron/platform/ports'

/**
 * A process that restores a back-up and starts anew, and is killed on the way: at the piece of the file, or the change of a
 * file's name, with the number given. Says what it has afterwards when it was not.
 */
const [folder = '', kept = '[]', passphrase = '', event = '', number = '0'] = process.argv.slice(2)
const counts = new Map<string, number>()
const happens = (what: string): void => {
  const count = (counts.get(what) ?? 0) + 1
  counts.set(what, count)
  if (what === event && count === Number(number)) process.kill(process.pid, 'SIGKILL')
}
const { renameSync } = fs
fs.renameSync = (from, to) => {
  happens('rename')
  renameSync(from, to)
}
syncBuiltinESMExports()

const keys = new Map<string, string>(JSON.parse(kept))
const keychain: Keychain = {
  get: async (name) => keys.get(name),
  find: async (beginning) => [...keys].filter(([name]) => name.startsWith(beginning)).map(([, text]) => text),
  set: async (name, text) => void keys.set(name, text),
  remove: async (name) => void keys.delete(name),
}

async function restore(): Promise<void> {
  const { backupHandlers } = await import('../../../../electron/features/settings/backup')
  const { systemClock } = await import('../../../../electron/platform/clock')
  const { systemRandom } = await import('../../../../electron/platform/random')
  const { openStorage } = await import('../../../../electron/shell/storage')
  const { settingsRepository } = await import('../../../../electron/store/repositories/settings')
  const clock = systemClock()
  const open = () =>
    openStorage({
      file: join(folder, 'gungnir.db'),
      keychain,
      random: systemRandom(clock),
      clock,
      log: { info: () => {}, warn: () => {}, error: () => {} },
      hideSecret: () => {},
    })
  const storage = await open()
  const path = join(folder, 'all.gungnir-backup')
  const file = openSync(path, 'r')
  const restoring = backupHandlers({
    storage,
    clock,
    openReader: async () => ({
      name: 'all',
      size: readFileSync(path).length,
      async *bytes(from, to) {
        for (let at = from; at < to; at += 65_536) {
          happens('piece')
          const piece = Buffer.alloc(Math.min(65_536, to - at))
          readSync(file, piece, 0, piece.length, at)
          yield piece
        }
      },
      close: async () => {},
    }),
    saveFile: async () => undefined,
    hideSecret: () => {},
    unsent: () => 0,
    beginAnew: () => storage.store.close(),
  })
  await restoring['settings.restore']({ passphrase })
  const again = await open()
  process.stdout.write(JSON.stringify(settingsRepository(again.store).get('mark')))
  again.store.close()
}

await restore()
