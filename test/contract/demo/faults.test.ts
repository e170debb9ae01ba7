import { describe, expect, it } from 'vitest'
import type { FaultKind } from '../../../electron/demo/options'
import type { DemoServer } from '../../../electron/demo/server'
import { ANA, type Api, BJORN, signIn, start } from './support'

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const titleOf = (server: DemoServer, userId = ANA) => server.truth.user(userId)?.title
const put = (admin: Api, title: string) => admin.put('/users', { userId: ANA, title })

/** `reset`, `hangs`, or the status and what kind of body came. */
async function outcome(call: Promise<{ status: number; text: string; json: unknown }>): Promise<string> {
  const first = await Promise.race([
    call.catch(() => 'reset' as const),
    wait(400).then(() => 'hangs' as const),
  ])
  if (typeof first === 'string') return first
  return `${first.status} ${first.text.startsWith('<') ? 'html' : first.json === undefined ? 'broken' : 'json'}`
}

describe('one planned fault', () => {
  it.each<[FaultKind, string, 'done' | 'not done']>([
    ['reset', 'reset', 'not done'],
    ['timeout', 'hangs', 'not done'],
    ['401', '401 json', 'not done'],
    ['403', '403 json', 'not done'],
    ['429', '429 json', 'not done'],
    ['500', '500 html', 'not done'],
    ['502', '502 html', 'not done'],
    ['503', '503 html', 'not done'],
    ['html200', '200 html', 'not done'],
    ['redirect', '302 html', 'not done'],
    ['511', '511 html', 'not done'],
    ['lost-answer', 'reset', 'done'],
    ['silent', 'hangs', 'done'],
    ['truncated', '200 broken', 'done'],
    ['done-500', '500 html', 'done'],
    ['done-empty', '200 json', 'done'],
  ])('%s is seen as %s and the change is %s', async (kind, seen, state) => {
    const server = await start()
    const admin = await signIn(server)
    const before = titleOf(server)
    server.truth.planFault({ kind, method: 'PUT', path: '/users' })
    expect((await admin.get(`/users?userId=${ANA}`)).status).toBe(200)
    expect(await outcome(put(admin, 'Changed'))).toBe(seen)
    expect(titleOf(server)).toBe(state === 'done' ? 'Changed' : before)
    expect(await outcome(put(admin, 'Later'))).toBe('200 json')
    expect(
      server.truth
        .wire()
        .filter((entry) => entry.fault)
        .map((entry) => entry.fault),
    ).toEqual([kind])
  })

  it('answers what a test dictates, once', async () => {
    const server = await start()
    const admin = await signIn(server)
    const body = '{"status":400,"error":"[Error 4400] Could not assign service: X","details":"license"}'
    server.truth.planAnswer({ method: 'PUT', path: '/users', status: 400, body })
    expect(await put(admin, 'Changed')).toMatchObject({ status: 400, text: body })
    expect(titleOf(server)).not.toBe('Changed')
    server.truth.planAnswer({ status: 200, body: '', contentType: 'text/plain' })
    expect(await admin.get('/auth/session')).toMatchObject({ status: 200, text: '' })
    expect((await put(admin, 'Changed')).status).toBe(200)
  })

  it('says when to come back', async () => {
    const server = await start({ faults: { rates: {}, retryAfterSeconds: 7 } })
    const admin = await signIn(server)
    for (const kind of ['429', '503'] as const) {
      server.truth.planFault({ kind })
      expect((await admin.get('/auth/session')).headers.get('retry-after')).toBe('7')
    }
  })

  it('late: the connection breaks and the change lands afterwards', async () => {
    const server = await start({ faults: { rates: {}, lateMs: 150 } })
    const admin = await signIn(server)
    const before = titleOf(server)
    server.truth.planFault({ kind: 'late', method: 'PUT' })
    expect(await outcome(put(admin, 'Late'))).toBe('reset')
    expect(titleOf(server)).toBe(before)
    await wait(300)
    expect(titleOf(server)).toBe('Late')
  })

  it('duplicate: the change lands a second time, over what came between', async () => {
    const server = await start({ faults: { rates: {}, lateMs: 150 } })
    const admin = await signIn(server)
    server.truth.planFault({ kind: 'duplicate', method: 'PUT' })
    expect(await outcome(put(admin, 'Mine'))).toBe('200 json')
    server.truth.edit(ANA, { title: 'Theirs' })
    await wait(300)
    expect(titleOf(server)).toBe('Mine')
  })

  it('partial: the first half is kept and the whole refused', async () => {
    const server = await start()
    const admin = await signIn(server)
    server.truth.planFault({ kind: 'partial', method: 'PUT' })
    const reply = await admin.put('/users', { userId: ANA, title: 'Kept', addressLocation: 'Lost' })
    expect(reply).toMatchObject({ status: 400, json: { error: expect.stringContaining('[Error 6004]') } })
    expect(titleOf(server)).toBe('Kept')
    expect(server.truth.user(ANA)?.addressLocation).not.toBe('Lost')
  })
})

describe('faults by chance', () => {
  it('come at their rate, the same for the same seed, and spare the sign-in', async () => {
    const run = async (seed: number) => {
      const server = await start({ seed, faults: { rates: { '500': 0.2, '503': 0.1 }, methods: ['GET'] } })
      const admin = await signIn(server)
      const seen: number[] = []
      for (let i = 0; i < 200; i++) seen.push((await admin.get(`/users?userId=${ANA}`)).status)
      expect((await put(admin, 'x')).status).toBe(200)
      server.truth.setFaults(undefined)
      expect((await admin.get('/auth/session')).status).toBe(200)
      return seen
    }
    const first = await run(7)
    expect(first.filter((status) => status === 500).length).toBeGreaterThan(20)
    expect(first.filter((status) => status === 503).length).toBeGreaterThan(5)
    expect(await run(7)).toEqual(first)
    expect(await run(8)).not.toEqual(first)
  })

  it('refuses rates that add up to more than everything', async () => {
    await expect(start({ faults: { rates: { reset: 0.9, '500': 0.2 } } })).rejects.toThrow('more than 1')
  })
})

describe('time and other people', () => {
  it('waits as long as it was told', async () => {
    const server = await start({ latencyMs: [60, 90] })
    const began = performance.now()
    const admin = await signIn(server)
    // A timer may come a little early, never much: the lower bound holds on any machine.
    expect(performance.now() - began).toBeGreaterThan(55)
    server.truth.setLatency(0)
    expect((await admin.get('/auth/session')).status).toBe(200)
  })

  it('lets a second administrator edit one field at a time, by the seed', async () => {
    const run = async () => {
      const server = await start({ secondAdministrator: { editsPerMinute: 6000, userIds: [ANA, BJORN] } })
      await wait(250)
      await server.close()
      const edits = server.truth.foreignEdits()
      for (const { userId, field, value } of edits.slice(-1))
        expect(server.truth.user(userId)?.[field]).toBe(value)
      return edits
    }
    const first = await run()
    expect(first.length).toBeGreaterThan(5)
    expect(first.map(({ userId }) => userId).every((id) => id === ANA || id === BJORN)).toBe(true)
    const again = await run()
    const facts = (edits: typeof first) =>
      edits.slice(0, 5).map(({ userId, field, value }) => [userId, field, value])
    expect(facts(again)).toEqual(facts(first))
  })

  it('logs every call with its time, connection and outcome, and never a secret', async () => {
    const server = await start()
    const admin = await signIn(server)
    await admin.put('/users', { userId: ANA, title: 'Logged' })
    await admin.put('/users/passwords', { userId: ANA, newPassword: 'Sup"er-Secret-1' })
    await admin.put('/users/portal-passcode', { userId: ANA, newPasscode: 927461 })
    await admin.post('/auth/token', 'username=admin&password=Form-Secret-1')
    await admin.post('/auth/token', `{"username":"x","password":"Broken-Secr`)
    const wire = server.truth.wire()
    const entry = wire.find((one) => one.path === '/api/v2/users')
    expect(entry).toMatchObject({
      method: 'PUT',
      status: 200,
      username: 'admin',
      body: JSON.stringify({ userId: ANA, title: 'Logged' }),
      at: expect.any(Number),
      connection: expect.any(Number),
    })
    const text = JSON.stringify(wire)
    for (const secret of [
      'er-Secret',
      '927461',
      'Form-Secret',
      'Broken-Secr',
      admin.token,
      server.password,
    ]) {
      expect(text).not.toContain(secret)
    }
    server.truth.clearWire()
    expect(server.truth.wire()).toEqual([])
  })
})
