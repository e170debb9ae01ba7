import { describe, expect, it } from 'vitest'
import { createLock, type LockDeps } from '../../../../electron/features/lock/lock'
import type { LockState } from '../../../../shared/ipc/contract'
import { manualClock } from '../platform/manual-clock'

const minute = 60_000

function make(more: Partial<LockDeps> = {}) {
  const clock = manualClock()
  const kept = new Map<string, unknown>()
  const told: LockState[] = []
  const deps: LockDeps = {
    minutes: 10,
    why: 'Set by your organisation: a file',
    settings: { get: (key) => kept.get(key), set: (key, value) => void kept.set(key, value) },
    openers: () => [{ id: 'a', name: 'Lab', account: 'ana' }],
    kept: async () => 'correct horse',
    doubted: () => false,
    askServer: async () => {
      throw new Error('the server is not asked')
    },
    changed: (state) => told.push(state),
    clock,
    ...more,
  }
  const lock = createLock(deps)
  const open = (password: string) => (async () => lock.handlers['lock.open']({ password }))()
  return { ...lock, clock, told, kept, open, deps }
}

describe('the window', () => {
  it('locks when nobody has used it for as long as is set, and not before', async () => {
    const { locked, noticed, clock, told } = make()
    await clock.pass(9 * minute)
    noticed()
    await clock.pass(9 * minute)
    expect(locked()).toBe(false)
    await clock.pass(minute)
    expect(locked()).toBe(true)
    expect(told).toEqual([{ locked: true, who: 'ana on Lab', why: 'Set by your organisation: a file' }])
    // What is done with a locked window does not open it.
    noticed()
    expect(locked()).toBe(true)
  })

  it('locks after a sleep in which no timer ran, before the first key counts as use', () => {
    let slept = 0
    const clock = manualClock()
    const { locked, noticed } = make({ clock: { ...clock, elapsed: () => clock.mono() + slept } })
    slept = 10 * minute
    noticed()
    expect(locked()).toBe(true)
  })

  it('never locks where that is not set, or where there is nothing of anybody', async () => {
    const free = make({ minutes: Number.POSITIVE_INFINITY })
    await free.clock.pass(10_000 * minute)
    free.lock()
    expect(free.locked()).toBe(false)
    let openers: ReturnType<LockDeps['openers']> = []
    const empty = make({ openers: () => openers })
    await empty.clock.pass(25 * minute)
    expect(empty.locked()).toBe(false)
    openers = [{ id: 'a', name: 'Lab', account: 'ana' }]
    await empty.clock.pass(10 * minute)
    expect(empty.locked()).toBe(true)
  })

  it('stays locked over a restart, unless locking is no longer set', () => {
    const first = make()
    first.lock()
    expect(createLock(first.deps).locked()).toBe(true)
    expect(createLock({ ...first.deps, minutes: Number.POSITIVE_INFINITY }).locked()).toBe(false)
  })

  it('opens by the kept password, without a network; and then locks again when its time has come', async () => {
    const { lock, open, locked, clock } = make()
    lock()
    await expect(open('wrong')).rejects.toMatchObject({ kind: 'wrong-password' })
    expect(locked()).toBe(true)
    expect(await open('correct horse')).toMatchObject({ locked: false })
    await clock.pass(10 * minute)
    expect(locked()).toBe(true)
  })

  it('asks the server only where no password is kept, or it has refused the kept one', async () => {
    const asked: string[] = []
    const askServer: LockDeps['askServer'] = async (_, password) => {
      asked.push(password)
      return {
        ok: password === 'new one',
        cause: password === 'new one' ? 'ok' : 'wrong-password',
        message: '',
      }
    }
    const mistyped = make({ askServer })
    mistyped.lock()
    await expect(mistyped.open('wrong')).rejects.toMatchObject({ kind: 'wrong-password' })
    expect(asked).toEqual([])
    for (const more of [{ kept: async () => undefined }, { doubted: () => true }]) {
      const { lock, open } = make({ askServer, ...more })
      lock()
      await expect(open('wrong')).rejects.toMatchObject({ kind: 'wrong-password' })
      expect(await open('new one')).toMatchObject({ locked: false })
    }
    expect(asked).toEqual(['wrong', 'new one', 'wrong', 'new one'])
    const away = make({ kept: async () => undefined, askServer: async () => undefined })
    away.lock()
    await expect(away.open('x')).rejects.toMatchObject({ kind: 'offline' })
    expect(away.locked()).toBe(true)
  })

  it('makes who tries out passwords wait, longer and longer', async () => {
    const { lock, open, clock } = make()
    lock()
    for (let n = 0; n < 4; n++)
      await expect(open(`wrong ${n}`)).rejects.toMatchObject({ kind: 'wrong-password' })
    await expect(open('correct horse')).rejects.toMatchObject({ kind: 'wait' })
    await clock.pass(2_000)
    await expect(open('wrong')).rejects.toMatchObject({ kind: 'wrong-password' })
    await clock.pass(3_000)
    await expect(open('correct horse')).rejects.toMatchObject({ kind: 'wait' })
    await clock.pass(1_000)
    expect(await open('correct horse')).toMatchObject({ locked: false })
  })
})
