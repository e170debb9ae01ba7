import { describe, expect, it } from 'vitest'
import { counting, type Keytar, openKeychain } from '../../../../electron/platform/keychain'
import type { Keychain } from '../../../../electron/platform/ports'
import { systemRandom } from '../../../../electron/platform/random'
import { manualClock, settle } from './manual-clock'

function fakeKeytar(over: Partial<Keytar> = {}) {
  const kept = new Map<string, string>()
  const keytar: Keytar = {
    getPassword: async (service, account) => kept.get(`${service}/${account}`) ?? null,
    setPassword: async (service, account, password) => {
      kept.set(`${service}/${account}`, password)
    },
    deletePassword: async (service, account) => kept.delete(`${service}/${account}`),
    findCredentials: async (service) =>
      [...kept]
        .filter(([name]) => name.startsWith(`${service}/`))
        .map(([name, password]) => ({ account: name.slice(service.length + 1), password })),
    ...over,
  }
  return { kept, keytar }
}

function opening(load: () => Promise<Keytar>) {
  const clock = manualClock()
  const lines: string[] = []
  const note = (...line: unknown[]) => lines.push(JSON.stringify(line))
  const log = { info: note, warn: note, error: note }
  return {
    clock,
    lines,
    open: openKeychain({ load, clock, random: systemRandom(clock), log, timeoutMs: 5_000 }),
  }
}

async function works(keychain: Keychain) {
  await keychain.set('password:a', 'hunter22')
  expect(await keychain.get('password:a')).toBe('hunter22')
  await keychain.remove('password:a')
  expect(await keychain.get('password:a')).toBeUndefined()
  await keychain.remove('password:a')
}

describe('a usable keychain', () => {
  it('is used under the service Gungnir and keeps no probe', async () => {
    const { kept, keytar } = fakeKeytar()
    const keychain = await opening(async () => keytar).open
    expect(keychain.volatileBecause).toBeUndefined()
    expect(kept.size).toBe(0)
    await keychain.set('database-key', 'abc')
    expect([...kept]).toEqual([['Gungnir/database-key', 'abc']])
    await works(keychain)
  })
})

describe('an unusable keychain gives way to memory, in words', () => {
  const refuse = async () => {
    throw new Error('no such interface')
  }
  it.each<[string, () => Promise<Keytar>]>([
    ['its native part does not load', refuse],
    ['it cannot be written', async () => fakeKeytar({ setPassword: refuse }).keytar],
    ['it cannot be read', async () => fakeKeytar({ getPassword: refuse }).keytar],
    ['it forgets', async () => fakeKeytar({ setPassword: async () => {} }).keytar],
    ['it gives back another value', async () => fakeKeytar({ getPassword: async () => 'other' }).keytar],
    ['it cannot delete', async () => fakeKeytar({ deletePassword: refuse }).keytar],
  ])('when %s', async (_why, load) => {
    const { open, lines } = opening(load)
    const keychain = await open
    expect(keychain.volatileBecause).toMatch(/no usable keychain/)
    expect(lines).toHaveLength(1)
    await works(keychain)
  })

  it('when it does not answer, as a locked one that waits for a person', async () => {
    let answer = () => {}
    const { kept, keytar } = fakeKeytar()
    const locked: Keytar = {
      ...keytar,
      setPassword: async (...args) => {
        await new Promise<void>((resolve) => {
          answer = resolve
        })
        await keytar.setPassword(...args)
      },
    }
    const { open, clock } = opening(async () => locked)
    await clock.pass(4_999)
    let opened: Keychain | undefined
    void open.then((keychain) => {
      opened = keychain
    })
    await settle()
    expect(opened).toBeUndefined()
    await clock.pass(1)
    expect((await open).volatileBecause).toMatch(/did not answer within 5 seconds/)
    // Unlocked after all: the probe must not stay behind.
    answer()
    await settle()
    expect(kept.size).toBe(0)
  })
})

it('calls that were not answered are counted, whatever comes of the others', async () => {
  let answer = (_value: string | null): void => {}
  const { keytar } = fakeKeytar({
    getPassword: () => new Promise((resolve) => (answer = resolve)),
    deletePassword: () => Promise.reject(new Error('locked')),
  })
  const counted = counting(keytar)
  const asked = counted.getPassword('Gungnir', 'a')
  await expect(counted.deletePassword('Gungnir', 'a')).rejects.toThrow('locked')
  await counted.setPassword('Gungnir', 'a', 'b')
  expect(counted.waiting()).toBe(1)
  answer(null)
  expect(await asked).toBeNull()
  expect(counted.waiting()).toBe(0)
})
