import { beforeEach, describe, expect, it, vi } from 'vitest'

const nobody = { matched: 0, total: 0, start: 0, rows: [], problems: [], marks: [] }

/** The page as it begins, with a main process that answers when it is told to. */
const setUp = async () => {
  const asked: string[] = []
  const waiting: ((answer: unknown) => void)[] = []
  const answer = (value: unknown) => Promise.resolve({ ok: true, value })
  vi.resetModules()
  vi.stubGlobal('window', {
    gungnir: {
      users: {
        window: () => {
          asked.push('window')
          return new Promise((resolve) => waiting.push(resolve))
        },
        scopes: () => {
          asked.push('scopes')
          return answer([])
        },
        completeness: () =>
          answer({
            users: 0,
            known: 0,
            groups: 0,
            choice: 'all',
            stopped: false,
            reading: false,
            partial: false,
          }),
        progress: () => {
          asked.push('progress')
          return answer({ running: false })
        },
      },
    },
  })
  const { followConnection, usersHere } = await import('../../../../renderer/features/users/listen')
  const { useStatus } = await import('../../../../renderer/kernel/status')
  const { usersSource } = await import('../../../../renderer/features/users/store')
  followConnection()
  return {
    asked,
    usersHere,
    usersSource,
    status: (connectionId: string | undefined, account = 'admin') =>
      useStatus.setState({
        status: (connectionId === undefined
          ? {}
          : { connectionId, account, origin: `http://${connectionId}.example/api/v2` }) as never,
      }),
    tell: async (result: unknown = { ok: true, value: nobody }) => {
      for (const resolve of waiting.splice(0)) resolve(result)
      await vi.waitFor(() => expect(usersSource.total() ?? usersSource.error()).toBeDefined())
    },
  }
}

beforeEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('the users of the connection that the app is on', () => {
  it('are asked for at once, and only once', async () => {
    const { asked, status } = await setUp()
    status('c1')
    expect(asked).toEqual(['window', 'scopes', 'progress'])
    status('c1')
    expect(asked).toHaveLength(3)
  })

  it('are asked for anew when the connection leads to another account', async () => {
    const { asked, status, tell, usersSource } = await setUp()
    status('c1')
    await tell()
    status('c1', 'tech')
    expect(asked).toHaveLength(6)
    expect(usersSource.total()).toBeUndefined()
  })

  it('give way to those of another one', async () => {
    const { asked, status, tell, usersSource } = await setUp()
    status('c1')
    await tell()
    expect(usersSource.total()).toBe(0)
    status('c2')
    expect(usersSource.total()).toBeUndefined()
    expect(asked.filter((name) => name === 'window')).toHaveLength(2)
  })

  it('are forgotten, and not asked for, without a connection', async () => {
    const { asked, status, tell, usersSource } = await setUp()
    status(undefined)
    expect(asked).toEqual([])
    status('c1')
    await tell()
    status(undefined)
    expect(usersSource.total()).toBeUndefined()
    expect(asked).toHaveLength(3)
  })
})

describe('the first screen', () => {
  const ended = async (waits: Promise<void>) =>
    Promise.race([waits.then(() => true), new Promise((resolve) => setTimeout(() => resolve(false), 0))])

  it('waits for the users', async () => {
    const { status, tell, usersHere } = await setUp()
    status('c1')
    const waits = usersHere(60_000)
    expect(await ended(waits)).toBe(false)
    await tell()
    expect(await ended(waits)).toBe(true)
    expect(await ended(usersHere(60_000))).toBe(true)
  })

  it('waits no longer than for a reason why there are none', async () => {
    const { status, tell, usersHere } = await setUp()
    status('c1')
    const waits = usersHere(60_000)
    await tell({ ok: false, error: { kind: 'internal', message: 'no' } })
    expect(await ended(waits)).toBe(true)
  })

  it('waits no longer than it may', async () => {
    const { status, usersHere, usersSource } = await setUp()
    status('c1')
    vi.useFakeTimers()
    let seen = false
    void usersHere(150).then(() => {
      seen = true
    })
    await vi.advanceTimersByTimeAsync(149)
    expect(seen).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(seen).toBe(true)
    expect(usersSource.total()).toBeUndefined()
  })
})
