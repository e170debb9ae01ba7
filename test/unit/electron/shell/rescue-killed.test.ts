import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
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

/** A damaged database with unsent changes and history, and a way to put it into a folder. */
function damagedOne(root: string) {
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
  return {
    damaged,
    putInto(folder: string): string {
      mkdirSync(folder, { recursive: true })
      const file = join(folder, 'gungnir.db')
      writeFileSync(file, damaged)
      writeFileSync(`${file}.key-id`, keyId)
      return file
    },
  }
}

const openAndDie = (file: string, step: number) =>
  spawnSync(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'open-and-die.ts'), file, secret, String(step)],
    { encoding: 'utf8' },
  )

it('that ends the process every time lets one start tell a person, and is tried again by the next', async () => {
  const root = folder()
  const one = damagedOne(root)
  const file = one.putInto(join(root, 'again'))
  for (let time = 0; time < 2; time++) expect(openAndDie(file, 2).signal).toBe('SIGKILL')

  const told = await openAgain(file)
  expect(told.store.volatile).toBe(true)
  expect(told.warning).toContain('has ended Gungnir')
  expect(told.unopened?.beginAnew).toBeDefined()
  expect(readFileSync(file).equals(one.damaged)).toBe(true)
  told.store.close()

  const again = await openAgain(file)
  expect(outboxRepository(again.store).live('c1')).toHaveLength(unsent)
  again.store.close()
})

it.skipIf(process.getuid?.() !== 0 || process.platform !== 'linux')(
  'on a full disk leaves the damaged one where it is, says so, and is made when there is room',
  async () => {
    const root = folder()
    const one = damagedOne(root)
    const disk = join(root, 'disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk])
    try {
      const file = one.putInto(disk)
      const filler = join(disk, 'somebody else')
      const room = (kB: number) =>
        writeFileSync(filler, Buffer.alloc(statfsSync(disk).bavail * 4096 - kB * 1024))
      for (const kB of [0, 64, 128, 256]) {
        writeFileSync(filler, '')
        room(kB)
        const full = await openAgain(file)
        expect(full.warning, `${kB} kB`).toMatch(/disk is full|damaged/i)
        const isHere = full.store.volatile ? readFileSync(file).equals(one.damaged) : undefined
        expect(isHere, `${kB} kB`).not.toBe(false)
        if (!full.store.volatile)
          expect(outboxRepository(full.store).live('c1'), `${kB} kB`).toHaveLength(unsent)
        full.store.close()
      }
      rmSync(filler)
      const again = await openAgain(file)
      expect(again.store.volatile).toBe(false)
      expect(outboxRepository(again.store).live('c1')).toHaveLength(unsent)
      expect(historyRepository(again.store).window({ start: 0, count: 1 }).total).toBe(unsent)
      again.store.close()
    } finally {
      execFileSync('umount', ['-l', disk])
    }
  },
)

it('killed before any step of a rescue, the next start has every unsent change and all history, and says what happened', async () => {
  const root = folder()
  const { damaged, putInto } = damagedOne(root)
  let step = 1
  for (; ; step++) {
    const inside = join(root, String(step))
    const file = putInto(inside)
    const { status, signal, stderr } = openAndDie(file, step)
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
