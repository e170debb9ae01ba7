import { join } from 'node:path'
import { backupHandlers } from '../../electron/features/settings/backup'
import { openFileSink } from '../../electron/platform/file-sink'
import { openReader } from '../../electron/shell/files'
import { beginReplacement } from '../../electron/store/replacement'
import { usersRepository } from '../../electron/store/repositories/users'
import { openStore, snapshotOf } from '../../electron/store/store'
import type { UserRecord } from '../../shared/user/types'
import { fullPeople } from './people'

// One step of the benchmark: fill, make or restore. Writes what it took as JSON.
const [what, folder = '', users = '0'] = process.argv.slice(2)
const key = new Uint8Array(32).fill(7)
const file = join(folder, 'gungnir.db')
const passphrase = 'four words of mine'
const portion = 1_000

const store = openStore({ file, key })
const emptyMB = process.memoryUsage.rss() / 1e6
const began = performance.now()
if (what === 'fill') {
  const repository = usersRepository(store)
  const some: UserRecord[] = []
  const flush = (): void => void repository.putMany('c', some.splice(0), 1)
  for (const person of fullPeople(Number(users))) {
    some.push(person)
    if (some.length === portion) flush()
  }
  flush()
} else {
  const handlers = backupHandlers({
    storage: {
      store,
      snapshot: () => snapshotOf(file, key),
      replacement: async () => beginReplacement(file, key),
    },
    openReader: () => openReader(join(folder, 'all')),
    saveFile: () => openFileSink(join(folder, 'all')),
    hideSecret: () => {},
    here: () => ({ changes: [], edits: [] }),
    hold: () => {},
    beginAnew: () => {},
  })
  await handlers[what === 'make' ? 'settings.backup' : 'settings.restore']({ passphrase })
}
const seconds = (performance.now() - began) / 1000
store.close()
console.log(JSON.stringify({ seconds, mostMB: process.resourceUsage().maxRSS / 1e3, emptyMB }))
