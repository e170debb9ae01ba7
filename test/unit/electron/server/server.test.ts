import { describe, expect, it } from 'vitest'
import type { OdinConnection, OdinError, OdinResult, OdinSession } from '../../../../electron/odin/types'
import { openServer } from '../../../../electron/server/server'
import { manualClock, settle } from '../platform/manual-clock'

const session: OdinSession = {
  userId: 'me',
  loginType: 'System',
  isSystemAdmin: true,
  readOnly: false,
  policy: {},
}
const fine: OdinResult<OdinSession> = { ok: true, value: session, status: 200, raw: '' }
const failure = (kind: OdinError['kind'], cause: string): OdinResult<never> => ({
  ok: false,
  error: { kind, cause, message: `words for ${cause}`, next: '' },
})

/** A client that answers what the test has it answer. */
function opened(options: { systemOffline?: boolean; password?: string; jitter?: number } = {}) {
  const clock = manualClock()
  const calls: string[] = []
  const world = {
    signIn: fine as OdinResult<OdinSession>,
    check: fine as OdinResult<OdinSession>,
    user: fine as OdinResult<unknown>,
    session: undefined as OdinSession | undefined,
    mayCall: true,
    systemOffline: options.systemOffline ?? false,
  }
  const raw = {
    signIn: async () => {
      calls.push('signIn')
      world.session = world.signIn.ok ? session : undefined
      return world.signIn
    },
    changeExpiredPassword: async () => fine,
    session: () => world.session,
    checkSession: async () => {
      calls.push('check')
      return world.check
    },
    signOut: async () => {
      calls.push('signOut')
      world.session = undefined
    },
    // As the client does it: the sign-in is looked at, or else made anew with the kept password.
    revive: async () => {
      if (world.session !== undefined) {
        calls.push('check')
        if (world.check.ok || world.check.error.kind !== 'unauthorized') return world.check
      }
      if ('password' in options && options.password === undefined) {
        return failure('not-signed-in', 'password-not-kept')
      }
      calls.push('signIn')
      world.session = world.signIn.ok ? session : undefined
      return world.signIn
    },
    close: () => calls.push('close'),
    user: async () => (world.mayCall ? world.user : failure('not-sent', 'work-offline')),
  } as unknown as OdinConnection
  const states: string[] = []
  const taken: boolean[] = []
  const made = openServer({
    identity: { connectionId: 'c1', origin: 'https://one.example/api/v2', account: 'me' },
    createClient: () => raw,
    workOffline: () => !world.mayCall,
    systemOffline: () => world.systemOffline,
    clock,
    random: { next: () => options.jitter ?? 0.5 },
    changed: () => states.push(made.state().network),
    taken: (ok) => taken.push(ok),
  })
  return { server: made, clock, calls, world, states, taken }
}

async function online(options: Parameters<typeof opened>[0] = {}) {
  const all = opened(options)
  await all.server.signIn('pw')
  expect(all.server.state()).toEqual({ network: 'online', session })
  all.calls.length = 0
  all.states.length = 0
  return all
}

describe('signing in', () => {
  it('is online with its session', async () => {
    const { server: one, states } = opened()
    expect(one.state()).toEqual({ network: 'connecting' })
    await one.signIn('pw')
    expect([one.state().session, states]).toEqual([session, ['online']])
  })

  it.each<[string, OdinResult<never>]>([
    ['a wrong password', failure('unauthorized', 'wrong-password')],
    ['an expired password', failure('password-expired', 'password-expired')],
    ['no permission', failure('forbidden', 'not-permitted')],
    ['a refusal', failure('refused', 'other')],
  ])('with %s is over until a person does something', async (_why, result) => {
    const { server: one, world, clock, calls } = opened()
    world.signIn = result
    await one.signIn('pw')
    expect(one.state()).toEqual({ network: 'signed-out', why: result.ok ? '' : result.error.message })
    await clock.pass(3_600_000)
    one.wake()
    await clock.pass(3_600_000)
    expect(calls).toEqual(['signIn'])
  })

  it.each<[string, OdinResult<never>, string]>([
    ['an unknown host', failure('not-sent', 'no-such-host'), 'offline'],
    ['a refused connection', failure('not-sent', 'refused'), 'server-down'],
    ['an untrusted certificate', failure('not-sent', 'tls-expired'), 'server-down'],
    ['a timeout', failure('unknown', 'answer-timeout'), 'server-down'],
    ['a busy server', failure('busy', 'unavailable'), 'server-down'],
    ['a log-in page of the network', failure('unknown', 'captive-portal'), 'captive-portal'],
  ])('over %s is tried again by itself until it works', async (_why, result, network) => {
    const { server: one, world, clock, calls } = opened()
    world.signIn = result
    await one.signIn('pw')
    expect(one.state().network).toBe(network)
    expect(one.state().why).toContain(result.ok ? '' : result.error.message)
    expect(one.state().why?.includes('log in to it in a browser')).toBe(network === 'captive-portal')
    await clock.pass(600_000)
    expect(calls.length).toBeGreaterThan(8)
    expect(calls.length).toBeLessThan(100)
    expect(one.state().network).toBe(network)
    world.signIn = fine
    await clock.pass(61_000)
    expect(one.state()).toEqual({ network: 'online', session })
    const made = calls.length
    await clock.pass(600_000)
    expect(calls.length).toBe(made)
  })

  it('does not ask more often than every half second, nor slower than about a minute', async () => {
    for (const jitter of [0, 0.999]) {
      const { server: one, world, clock, calls } = opened({ jitter })
      world.signIn = failure('not-sent', 'refused')
      await one.signIn('pw')
      await clock.pass(1_000_000)
      expect(calls.length).toBeLessThanOrEqual(2_001)
      expect(clock.next).toBeLessThanOrEqual(61_000)
    }
  })

  it('says that the computer has no network when the system says so', async () => {
    const { server: one, world } = opened({ systemOffline: true })
    world.signIn = failure('not-sent', 'refused')
    await one.signIn('pw')
    expect(one.state()).toMatchObject({ network: 'offline', why: 'This computer has no network.' })
  })

  it('cannot go on by itself when the password is not kept', async () => {
    const { server: one, world, clock } = opened({ password: undefined as unknown as string })
    world.signIn = failure('not-sent', 'refused')
    await one.signIn('typed once')
    await clock.pass(2_000)
    expect(one.state()).toMatchObject({
      network: 'signed-out',
      why: 'words for password-not-kept',
    })
  })
})

describe('while online', () => {
  it('a call that did not reach the server says so at once, and the server is asked until it is back', async () => {
    const { server: one, world, clock, calls } = await online()
    world.user = failure('not-sent', 'refused')
    await one.client.user('a')
    // It says when it asks again: half a second, and half of the first span.
    const nextTryWall = clock.wall() + 1_000
    expect(one.state()).toMatchObject({ network: 'server-down', why: 'words for refused', nextTryWall })
    await clock.pass(5_000)
    expect(one.state().nextTryWall).toBeUndefined()
    expect([one.state().network, calls]).toEqual(['online', ['check']])
  })

  it('an answer that may be one call’s trouble is followed by one question', async () => {
    const { server: one, world, clock, calls, states } = await online()
    world.user = failure('unknown', 'answer-timeout')
    for (let i = 0; i < 5; i++) await one.client.user('a')
    expect(states).toEqual([])
    await clock.pass(5_000)
    expect([calls, states, one.state().network]).toEqual([['check'], [], 'online'])
    world.check = failure('unknown', 'answer-timeout')
    await one.client.user('a')
    await clock.pass(1_000)
    expect(one.state()).toMatchObject({ network: 'server-down', why: 'words for answer-timeout' })
  })

  it.each(['refused', 'not-found', 'forbidden', 'cancelled'] as const)(
    '%s is an answer and changes nothing',
    async (kind) => {
      const { server: one, world, clock, calls, states } = await online()
      world.user = failure(kind, 'some')
      await one.client.user('a')
      await clock.pass(60_000)
      expect([calls, states, one.state().network]).toEqual([[], [], 'online'])
    },
  )

  it('a sign-in that ended for good is signed out', async () => {
    const { server: one, world, clock, calls } = await online()
    world.session = undefined
    world.user = failure('not-signed-in', 'wrong-password')
    await one.client.user('a')
    expect(one.state()).toEqual({ network: 'signed-out', why: 'words for wrong-password' })
    await clock.pass(600_000)
    expect(calls).toEqual([])
  })

  it.each([
    ['the server has refused it', { status: 401 }, [false]],
    ['it is not kept here', {}, []],
  ])('a password of a sign-in by itself is remembered as refused only when %s', async (_why, more, told) => {
    const { server: one, world, taken } = await online()
    taken.length = 0
    world.session = undefined
    const result = failure('unauthorized', 'wrong-password')
    world.user = result.ok ? result : { ok: false, error: { ...result.error, ...more } }
    await one.client.user('a')
    expect([one.state().network, taken]).toEqual(['signed-out', told])
  })

  it('calls that were under way when it went away do not put off the question', async () => {
    const { server: one, world, clock, calls } = await online()
    world.user = failure('not-sent', 'refused')
    for (let i = 0; i < 5; i++) {
      await one.client.user('a')
      await clock.pass(900)
    }
    expect(calls).toContain('check')
  })

  it('a write refused under a sign-in that has been renewed since is not signed out', async () => {
    const { server: one, world, clock } = await online()
    world.user = failure('unauthorized', 'signed-in-again')
    await one.client.user('a')
    expect(one.state().network).toBe('online')
    await clock.pass(5_000)
    expect(one.state().network).toBe('online')
  })

  it('a session found dead is renewed with the kept password', async () => {
    const { server: one, world, clock, calls } = await online()
    world.check = failure('unauthorized', 'signed-out')
    world.user = failure('unknown', 'reset')
    await one.client.user('a')
    await clock.pass(1_000)
    expect([calls, one.state().network]).toEqual([['check', 'signIn'], 'online'])
  })

  it('a call that works again says so at once', async () => {
    const { server: one, world } = await online()
    world.user = failure('not-sent', 'refused')
    await one.client.user('a')
    world.user = fine
    await one.client.user('a')
    expect(one.state()).toEqual({ network: 'online', session })
  })
})

describe('the network of the computer', () => {
  it('lost is said at once; back, the server is asked at once', async () => {
    const { server: one, clock, calls } = await online()
    one.lost('This computer has no network.')
    expect(one.state().network).toBe('offline')
    one.wake()
    await clock.pass(500)
    expect([one.state().network, calls]).toEqual(['online', ['check']])
  })
})

describe('working offline', () => {
  it('lets no call through, and asks nothing by itself', async () => {
    const { server: one, world, clock, calls } = await online()
    world.mayCall = false
    world.user = fine
    expect(await one.client.user('a')).toMatchObject({
      ok: false,
      error: { kind: 'not-sent', cause: 'work-offline' },
    })
    one.lost('Gungnir is working offline.')
    await clock.pass(600_000)
    expect(calls).toEqual([])
    world.mayCall = true
    one.wake()
    await clock.pass(500)
    expect([one.state().network, calls]).toEqual(['online', ['check']])
  })
})

it('signing out while working offline signs out all the same', async () => {
  const { server: one, world, calls } = await online()
  expect(one.client.session()).toEqual(session)
  world.mayCall = false
  await one.signOut('Signed out.')
  expect([one.client.session(), calls]).toEqual([undefined, []])
})

it('signing out tells the server; a closed server does and says nothing more', async () => {
  const { server: one, clock, calls, states, world } = await online()
  await one.signOut('Signed out.')
  expect([one.state(), calls]).toEqual([{ network: 'signed-out', why: 'Signed out.' }, ['signOut']])
  const other = await online()
  other.world.user = failure('not-sent', 'refused')
  await other.server.client.user('a')
  other.server.close()
  other.states.length = 0
  await other.clock.pass(600_000)
  await settle()
  expect([other.calls, other.states]).toEqual([['close'], []])
  expect([clock.waiting, states.at(-1), world.session]).toEqual([0, 'signed-out', undefined])
})
