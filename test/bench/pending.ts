import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadKeytar } from '../../electron/platform/keychain'
import { openStore } from '../../electron/store/store'
import type { GungnirBridge } from '../../shared/ipc/bridge'
import { filledProfile, openGungnir, removeTemporary, temporary } from './desktop'
import { fill } from './history'
import { median, report } from './report'

const rounds = 5
const historyEntries = 100_000

/** Starting with changes that wait and a long history, beside the same app with an empty profile. */
export default async function pending(sizes: readonly number[]): Promise<void> {
  for (const waiting of sizes.length > 0 ? sizes : [10_000]) {
    const profile = await filledProfile(waiting)
    const running = await openGungnir(profile)
    const saved = await running.page.evaluate(async (count) => {
      const { gungnir } = window as unknown as { gungnir: GungnirBridge }
      await gungnir.outbox.workOffline(true)
      let done = 0
      const status = await gungnir.app.status()
      if (!status.ok) throw new Error(status.error.message)
      const { connectionId = '', origin = '', account = '' } = status.value
      const as = { connectionId, origin, account }
      for (let start = 0; start < count; start += 500) {
        const query = { search: '', scope: {}, sort: [] }
        const found = await gungnir.users.window({ query, start, count: 500 })
        if (!found.ok) throw new Error(found.error.message)
        const changes = found.value.rows.map(({ key, fields }) => ({
          user: key,
          edits: [{ path: 'firstName', base: fields.firstName ?? null, mine: 'Waits' }],
        }))
        const answer = await gungnir.outbox.save({ as, changes })
        if (!answer.ok) throw new Error(answer.error.message)
        done += answer.value.saved
      }
      return done
    }, waiting)
    await running.close()

    const keytar = await loadKeytar()
    const id = readFileSync(join(profile, 'gungnir.db.key-id'), 'utf8').slice(0, 32)
    const key = await keytar.getPassword('Gungnir', `database-key:${id}`)
    if (key === null) throw new Error('The keychain has no key of the database.')
    const store = openStore({ file: join(profile, 'gungnir.db'), key: Buffer.from(key, 'hex') })
    fill(store, historyEntries)
    store.close()

    const full: number[] = []
    const empty: number[] = []
    for (let round = 0; round < rounds; round++) {
      for (const [times, folder] of [
        [empty, temporary('empty-app')],
        [full, profile],
      ] as const) {
        const opened = await openGungnir(folder)
        times.push(opened.startMs)
        await opened.close()
      }
    }
    removeTemporary()
    const title = `start with ${saved.toLocaleString('en')} waiting changes, ${historyEntries.toLocaleString('en')} history entries`
    report(`${title}, median of ${rounds}`, [
      {
        name: 'to a usable list',
        value: median(full),
        unit: 'ms',
        against: { name: 'the app with an empty profile', value: median(empty) },
        aim: '≤ 1.5',
      },
    ])
  }
}
