import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openOrRescue } from '../../../../electron/store/open-or-rescue'
import { connectionsRepository } from '../../../../electron/store/repositories/connections'
import { historyRepository } from '../../../../electron/store/repositories/history'
import { outboxRepository } from '../../../../electron/store/repositories/outbox'
import { settingsRepository } from '../../../../electron/store/repositories/settings'
import { usersRepository } from '../../../../electron/store/repositories/users'
import { openStore } from '../../../../electron/store/store'
import { change } from '../history/support'

// A process of its own, because the driver ends the one in which it meets noise. Opens copies of a database in each of which one
// bit is another, reads all that is in it, and says how the changes came through.

const [folder = '', first = '0', step = '1'] = process.argv.slice(2)
const key = new Uint8Array(32).fill(7)
const unsent = 20
const base = join(folder, 'base.db')

const store = openStore({ file: base, key })
connectionsRepository(store).save({
  id: 'c1',
  name: 'Lab',
  baseUrl: 'https://odin.example/api/v2',
  username: 'admin',
  callsPerSecond: 5,
  demo: false,
})
settingsRepository(store).set('theme', 'dark')
for (let seq = 1; seq <= unsent; seq++) {
  outboxRepository(store).put({
    id: `entry-${seq}`,
    seq,
    origin: 'https://odin.example/api/v2',
    account: 'admin',
    connectionId: 'c1',
    user: { serviceProviderId: 'sp', groupId: 'grp', userId: `user${seq}@odin.example` },
    edits: [{ path: 'lastName', base: 'Old', mine: `New ${seq}` }],
    state: 'queued',
    why: 'Will be sent when online.',
    conflicts: [],
    attempts: [],
    createdWall: 1_700_000_000_000,
  })
  historyRepository(store).append(change(`h${seq}`))
}
usersRepository(store).putMany(
  'c1',
  Array.from({ length: 20 }, (_, n) => ({
    key: { serviceProviderId: 'sp', groupId: 'grp', userId: `user${n}@odin.example` },
    completeness: 'row' as const,
    fields: { lastName: `Name ${n}` },
    extra: {},
  })),
  1,
)
store.close()
const bytes = readFileSync(base)

const result = { flips: 0, rescued: 0, lost: 0, fewest: unsent, altered: 0, refused: 0 }
const work = join(folder, 'work')
for (let at = Number(first); at < bytes.length; at += Number(step)) {
  mkdirSync(work)
  const file = join(work, 'gungnir.db')
  const changed = Buffer.from(bytes)
  changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8))
  writeFileSync(file, changed)
  copyFileSync(`${base}.key-id`, `${file}.key-id`)
  writeFileSync(join(folder, 'at'), String(at))
  result.flips++
  try {
    const opened = openOrRescue({ file, key, wall: at })
    if (opened.rescue !== undefined) result.rescued++
    const live = outboxRepository(opened.store).live()
    result.lost += unsent - live.length
    result.fewest = Math.min(result.fewest, live.length)
    result.altered += live.filter(({ seq, edits }) => edits[0]?.mine !== `New ${seq}`).length
    connectionsRepository(opened.store).list()
    usersRepository(opened.store).byUserId('c1', 'user3@odin.example')
    try {
      settingsRepository(opened.store).all()
      historyRepository(opened.store).window({ start: 0, count: 50 })
    } catch {
      // A value that is no JSON any more.
    }
    opened.store.close()
  } catch (cause) {
    result.refused++
    process.stderr.write(`${at}: ${cause}\n`)
  }
  rmSync(work, { recursive: true })
}
process.stdout.write(JSON.stringify({ ...result, bytes: bytes.length }))
