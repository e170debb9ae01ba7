import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createOdinClient } from '../../../electron/odin/client'
import { systemClock } from '../../../electron/platform/clock'
import { createHttp } from '../../../electron/platform/http'
import {
  formOf,
  type ServiceId,
  serviceOf,
  services,
  writableServices,
} from '../../../shared/calls/catalogue'
import { serviceBody } from '../../../shared/calls/normalise'
import type { FieldPath, FieldValue } from '../../../shared/user/types'
import { fieldValue, sameValue } from '../../../shared/user/value'
import { bad, calls, good, MANNERS, signedIn, start } from './support'

const ANA = 'ana.odegard.1234@cincinnati.aurora.example'
const ana = { serviceProviderId: 'ent.aurora', groupId: 'cincinnati', userId: ANA }

/** One change of each service that it is free to take, by field. */
const changes: Readonly<Partial<Record<ServiceId, Readonly<Record<string, FieldValue>>>>> = {
  doNotDisturb: { isActive: true },
  callForwardingAlways: { isActive: true, forwardToPhoneNumber: '+15135550100' },
  callForwardingBusy: { isActive: true, forwardToPhoneNumber: '0123' },
  callForwardingNoAnswer: { isActive: true, forwardToPhoneNumber: '4500', numberOfRings: 20 },
  callForwardingNotReachable: { isActive: true, forwardToPhoneNumber: '*551240' },
  voiceMessaging: { alwaysRedirectToVoiceMail: true, transferPhoneNumber: '8001' },
  callWaiting: { isActive: false },
  callingLineIdDeliveryBlocking: { isActive: true },
  remoteOffice: { isActive: true, remoteOfficePhoneNumber: 'ana@home.example' },
  hotelingGuest: { enableAssociationLimit: true, associationLimitHours: 999 },
  anonymousCallRejection: { isActive: true },
  simultaneousRingPersonal: {
    doNotRingIfOnCall: true,
    isActive: true,
    locations: [
      { phoneNumber: '+15135550100', answerConfirmationRequired: true },
      { phoneNumber: '0123', answerConfirmationRequired: false },
    ],
  },
}

const editsOf = (id: ServiceId): { path: FieldPath; mine: FieldValue }[] =>
  Object.entries(changes[id] ?? {}).map(([name, mine]) => ({ path: `${id}.${name}`, mine }))

describe.each(MANNERS)('call handling against the demo server (%s)', (manner) => {
  const ways = [
    ['in its own form', false],
    ['as changed fields alone', true],
  ] as const
  const all = writableServices.flatMap(({ id }) => ways.map(([way, partial]) => [id, way, partial] as const))
  it.each(all)('%s is read, written %s and read again', async (id, _, partialBodies) => {
    const server = await start({ manner })
    const client = await signedIn(server)
    const about = serviceOf(id)
    const before = good(await client.service(id, ana))
    expect(before).toMatchObject({ key: ana, completeness: 'full', service: id })
    for (const { path } of about.fields) expect(fieldValue(before, path), path).not.toBeUndefined()

    const form = formOf(id, partialBodies)
    const body = serviceBody(about, ana, editsOf(id), before, form)
    if (form === 'whole') expect(body).toMatchObject({ ...before.sent, ...changes[id] })
    else expect(body).toEqual({ userId: ANA, ...changes[id] })
    good(await client.putService(id, ana, body))

    const after = good(await client.service(id, ana))
    for (const { path } of about.fields) {
      const edit = editsOf(id).find((each) => each.path === path)
      const wanted = edit?.mine ?? fieldValue(before, path) ?? null
      expect(sameValue(path, fieldValue(after, path) ?? null, wanted), path).toBe(true)
    }
    // Nothing else of the service has changed, and nothing is left to say of it.
    const nothing = serviceBody(about, ana, [], after, form)
    good(await client.putService(id, ana, nothing))
    expect(good(await client.service(id, ana)).fields).toEqual(after.fields)
  })

  it('tells which services and packs a user has', async () => {
    const server = await start({ manner })
    const client = await signedIn(server)
    const { services: found } = good(await client.services(ana))
    const all = good(await client.assignedServices(ANA))
    for (const { id, name } of services) {
      expect(
        all.some((one) => !one.isPack && one.name === name),
        name,
      ).toBe(found[id] !== undefined)
    }
    // Also what this app knows nothing more of.
    expect(all).toContainEqual({ name: 'Basic Call Logs', isPack: false })
    expect(all).toContainEqual({ name: 'Office', isPack: true, note: 'Forwarding and voice mail' })
  })

  it('reads them all with two calls, and tells what a user does not have', async () => {
    const server = await start({ manner })
    const client = await signedIn(server)
    const all = good(await client.services(ana)).services
    expect(calls(server)).toEqual(['GET /users/services/assigned', 'GET /users/services/settings'])
    for (const { id } of services) {
      const alone = await client.service(id, ana)
      if (alone.ok) expect(all[id]?.fields, id).toEqual(alone.value.fields)
      else {
        expect(alone.error.cause).toBe('service-missing')
        expect(all[id]).toBeUndefined()
      }
    }

    const without = (name: string) => {
      const found = server.truth
        .userIds(0, server.users)
        .find((userId) => !server.truth.service(userId, name))
      if (found === undefined) throw new Error(`Everybody has ${name}`)
      return { ...ana, userId: found }
    }
    for (const { id, name, label, readOnly } of services) {
      const poor = without(name)
      expect(bad(await client.service(id, poor)), name).toMatchObject({
        kind: 'refused',
        cause: 'service-missing',
        message: expect.stringContaining(label),
      })
      expect(good(await client.services(poor)).services).toHaveProperty(id, undefined)
      if (readOnly) continue
      expect(bad(await client.putService(id, poor, { userId: poor.userId, isActive: true })).cause).toBe(
        'service-missing',
      )
    }
  })

  it('a switch without its number is refused in the server’s words', async () => {
    const server = await start({ manner })
    const client = await signedIn(server)
    const body = { userId: ANA, isActive: true, forwardToPhoneNumber: null }
    expect(bad(await client.putService('callForwardingAlways', ana, body))).toMatchObject({ kind: 'refused' })
  })

  it('a user who is gone is told from a service that is not there', async () => {
    const client = await signedIn(await start({ manner }))
    const nobody = { ...ana, userId: 'nobody@aurora.example' }
    expect(bad(await client.service('doNotDisturb', nobody)).kind).toBe('not-found')
  })

  it('reads one service of a whole group with one call, as each user alone shows it', async () => {
    const server = await start({ manner })
    const client = await signedIn(server)
    const { serviceProviderId, groupId } = ana
    const members = good(await client.usersOfGroup(ana, { extended: false })).map(({ key }) => key)
    for (const { id, name, hasBulkGet, path } of services) {
      if (!hasBulkGet) {
        await expect(client.serviceOfGroup(id, ana)).rejects.toThrow(RangeError)
        continue
      }
      server.truth.clearWire()
      const rows = good(await client.serviceOfGroup(id, ana))
      expect(calls(server)).toEqual([`GET /users${path}/bulk`])
      expect(new Set(rows.map(({ userId }) => userId))).toEqual(new Set(members.map(({ userId }) => userId)))
      for (const { userId, record } of rows) {
        expect(record !== undefined, `${name} of ${userId}`).toBe(
          server.truth.service(userId, name) !== undefined,
        )
      }
      const some = rows.filter(({ record }) => record !== undefined).slice(0, 3)
      expect(some).not.toHaveLength(0)
      for (const { userId, record } of some) {
        const alone = good(await client.service(id, { serviceProviderId, groupId, userId }))
        expect(record).toMatchObject({ key: alone.key, service: id, completeness: 'full' })
        expect(record?.fields).toEqual(alone.fields)
      }
    }
  })

  it('an odd row of a group harms only itself, and another group’s answer says nothing', async () => {
    const server = await start({ manner })
    let change: (rows: Record<string, unknown>[]) => unknown = (rows) => rows
    const real = createHttp({ log: { info() {}, warn() {}, error() {} } })
    const client = await signedIn(server, 'admin', {
      http: {
        async send(request) {
          const answer = await real.send(request)
          if (answer.kind === 'failed' || !request.url.includes('/bulk?')) return answer
          const { bytes: _, ...sent } = answer
          return { ...sent, body: JSON.stringify(change(JSON.parse(answer.body))) }
        },
      },
    })
    const id = 'callForwardingAlways'
    const all = good(await client.serviceOfGroup(id, ana))
    const assigned = all.findIndex(({ record }) => record !== undefined)

    for (const odd of [
      () => 7,
      (row: object) => ({ ...row, data: {}, service: { assigned: true } }),
      (row: object) => ({ ...row, service: { assigned: 'perhaps' } }),
      (row: object) => ({ ...row, service: { assigned: true, serviceName: 'Call Forwarding Busy' } }),
      (row: object) => ({ ...row, user: { userId: ANA, groupId: 'elsewhere' } }),
      (row: object) => ({ ...row, data: { userId: 'somebody.else@aurora.example', isActive: true } }),
    ]) {
      change = (rows) => rows.map((row, place) => (place === assigned ? odd(row) : row))
      const result = await client.serviceOfGroup(id, ana)
      expect(good(result)).toEqual(all.filter((_, place) => place !== assigned))
      expect(result).toHaveProperty('problems', [expect.stringContaining(`1 of ${all.length} users`)])
    }

    change = (rows) =>
      rows.map((row) => ({ ...row, user: { ...(row.user as object), groupId: 'elsewhere' } }))
    expect(bad(await client.serviceOfGroup(id, ana))).toMatchObject({ cause: 'shape' })
    change = () => ({ rows: [] })
    expect(bad(await client.serviceOfGroup(id, ana))).toMatchObject({ cause: 'shape' })
    change = () => []
    expect(good(await client.serviceOfGroup(id, ana))).toEqual([])
  })
})

/** What a server could say that is not what was asked, each as an answer of the given status. */
describe('answers about services that prove nothing', () => {
  const ask = async (answers: (method: string, path: string) => unknown) => {
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (piece) => {
        body += piece
      })
      request.on('end', () => {
        const path = request.url?.split('?')[0]?.replace('/api/v2', '') ?? ''
        const said = path.startsWith('/auth')
          ? { token: 't', userId: 'admin', loginType: 'System' }
          : answers(request.method ?? '', path)
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify(said ?? JSON.parse(body)))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const client = createOdinClient({
      http: createHttp({ log: silent }),
      clock: systemClock(),
      baseUrl: `http://127.0.0.1:${port}/api/v2`,
      callsPerSecond: 100,
      credentials: async () => 'x',
      log: silent,
    })
    good(await client.signIn('admin', 'x'))
    return client
  }
  const silent = { info: () => {}, warn: () => {}, error: () => {} }
  const forwarding = { userId: ANA, isActive: true, forwardToPhoneNumber: '9999' }

  it.each([
    ['of another service', { ...forwarding, numberOfRings: 3 }],
    ['of somebody else', { ...forwarding, userId: 'bob@x' }],
    ['of another group', { ...forwarding, isRingSplashActive: false, groupId: 'elsewhere' }],
    ['with nothing but the user', { userId: ANA }],
  ])('an object %s is none', async (_, said) => {
    const client = await ask(() => said)
    expect(bad(await client.service('callForwardingAlways', ana))).toMatchObject({ kind: 'unknown' })
  })

  it.each([
    ['of somebody else', { userId: 'bob@x', userServices: [], servicePackServices: [] }],
    ['of nobody', { userServices: [], servicePackServices: [] }],
    ['without packs', { userId: ANA, userServices: [] }],
    ['without services', { userId: ANA, servicePackServices: [] }],
  ])('a list of what is assigned %s says nothing', async (_, said) => {
    const client = await ask(() => said)
    expect(bad(await client.assignedServices(ANA))).toMatchObject({ kind: 'unknown' })
  })

  it('an odd service among what is assigned harms only itself', async () => {
    const odd = [null, 7, { assigned: true }, { serviceName: 'Maybe', assigned: 'perhaps' }, []]
    const client = await ask(() => ({
      userId: ANA.toUpperCase(),
      userServices: [...odd, { serviceName: 'Do Not Disturb', assigned: 'true', alias: 'Quiet' }],
      servicePackServices: odd,
    }))
    expect(good(await client.assignedServices(ANA))).toEqual([
      { name: 'Do Not Disturb', isPack: false, note: 'Quiet' },
    ])
  })

  it('a stub verifies nothing', async () => {
    for (const stub of [
      { message: 'accepted for later' },
      { status: 'updated' },
      { isActive: true, success: true },
    ]) {
      const client = await ask(() => ({ userId: ANA, ...stub }))
      const sent = good(await client.putService('doNotDisturb', ana, { userId: ANA, isActive: true }))
      expect(sent.record).toBeUndefined()
    }
    const echo = await ask((method) => (method === 'PUT' ? undefined : {}))
    expect(
      good(await echo.putService('doNotDisturb', ana, { userId: ANA, isActive: true, ringSplash: true }))
        .record,
    ).toBeUndefined()
  })

  it('settings of somebody else inside, and no list of what is assigned, take nothing away and give nothing', async () => {
    const inner = { isActive: true, forwardToPhoneNumber: '666', isRingSplashActive: false, userId: 'bob@x' }
    const own = { ...inner, userId: ANA, forwardToPhoneNumber: '4500' }
    const client = await ask((_, path) =>
      path === '/users/services/assigned'
        ? { userId: ANA, userServices: [{ serviceName: 'Call Forwarding Always' }] }
        : path === '/users/services/settings'
          ? { userId: ANA, 'Call Forwarding Always': inner }
          : own,
    )
    const { services: all } = good(await client.services(ana))
    expect(all.callForwardingAlways?.fields['callForwardingAlways.forwardToPhoneNumber']).toBe('4500')
    const silentOne = await ask(() => ({ userId: ANA }))
    expect(bad(await silentOne.services(ana)).kind).toBe('unknown')
  })
})
