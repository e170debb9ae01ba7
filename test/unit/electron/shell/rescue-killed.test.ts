import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { systemRandom } from '../../../../electron/platform/random'
import { openStorage } from '../../../../electron/shell/storage'
import { historyRepository } from '../../../../electron/store/repositories/history'
import { outboxRepository } from '../../../../electron/store/repositories/outbox'
import { openStore } from '../../../../electron/store/store'
import { change } from '../history/support'
import { manualClock } from '../platform/manual-clock'
import { entry, folder, key } from '../store/support'

const unsent = 30
const secret = Buffer.from(key()).toString('hex')

/** The next start, which nobody ends. */
const openAgain = (file: string) => {
  const clock = manualClock()
  return openStorage({
    file,
    keychain: {
      get: async () => secret,
      find: async () => [secret],
      set: async () => {},
      remove: async () => {},
    },
    random: systemRandom(clock),
    clock,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    hideSecret: () => {},
  })
}

it('killed before any step of a rescue, the next start has every unsent change and all history, and says what happened', async () => {
  const root = folder()
  const original = join(root, 'gungnir.db')
  const store = openStore({ file: original, key: key() })
  store.transaction(() => {
    for (let seq = 1; seq <= unsent; seq++) {
      outboxRepository(store).put(entry(seq))
      historyRepository(store).append(change(`h${seq}`))
    }
  })
  store.close()
  const damaged = readFileSync(original)
  damaged.fill(0x5a, 0, 4_096)
  const keyId = readFileSync(`${original}.key-id`)

  let step = 1
  for (; ; step++) {
    const inside = join(root, String(step))
    mkdirSync(inside)
    const file = join(inside, 'gungnir.db')
    writeFileSync(file, damaged)
    writeFileSync(`${file}.key-id`, keyId)
    const { status, signal, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', join(import.meta.dirname, 'open-and-die.ts'), file, secret, String(step)],
      { encoding: 'utf8' },
    )
    if (status === 0) break
    expect(signal, stderr.slice(0, 400)).toBe('SIGKILL')

    const again = await openAgain(file)
    const where = `killed before step ${step}`
    const aside = readdirSync(inside).filter((name) => /\.damaged-[^.]+$/.test(name))
    expect(again.store.volatile, where).toBe(false)
    expect(outboxRepository(again.store).live('c1'), where).toHaveLength(unsent)
    expect(historyRepository(again.store).window({ start: 0, count: 1 }).total, where).toBe(unsent)
    expect(again.warning, where).toMatch(/was damaged/)
    expect(aside, where).toHaveLength(1)
    expect(again.warning, where).toContain(aside[0])
    expect(readFileSync(join(inside, aside[0] ?? '')).equals(damaged), where).toBe(true)
    // The name of a key that was not written to its end is no database.
    const left = readdirSync(inside).filter((name) => !name.endsWith('.part'))
    expect(
      left.filter((name) => /resc|restor|copy|donor/.test(name)),
      where,
    ).toEqual([])
    again.store.close()
  }
  expect(step).toBeGreaterThan(8)
}, 240_000)
