import { describe, expect, it } from 'vitest'
import type { DemoServer } from '../../../electron/demo/server'
import { ANA, type Api, BJORN, signIn, start, type Thing } from './support'

const OUTSIDE = '+15135550100'

/** Every service that can be changed, with changes that each is free to take from how Ana has it. */
const CHANGES: Readonly<Record<string, readonly [path: string, changes: Thing]>> = {
  'Do Not Disturb': ['do-not-disturb', { isActive: true, ringSplash: true }],
  'Call Forwarding Always': [
    'call-forwarding-always',
    { isActive: true, forwardToPhoneNumber: OUTSIDE, isRingSplashActive: true },
  ],
  'Call Forwarding Busy': ['call-forwarding-busy', { isActive: true, forwardToPhoneNumber: '*551240' }],
  'Call Forwarding No Answer': [
    'call-forwarding-no-answer',
    { isActive: true, forwardToPhoneNumber: 'desk@aurora.example', numberOfRings: 20 },
  ],
  'Call Forwarding Not Reachable': [
    'call-forwarding-not-reachable',
    { isActive: true, forwardToPhoneNumber: '(513) 555.0100' },
  ],
  'Voice Messaging User': [
    'voice-messaging',
    {
      isActive: false,
      processing: 'Deliver To Email Address Only',
      voiceMessageDeliveryEmailAddress: 'a@aurora.example',
      usePhoneMessageWaitingIndicator: false,
      sendVoiceMessageNotifyEmail: true,
      voiceMessageNotifyEmailAddress: 'b@aurora.example',
      sendCarbonCopyVoiceMessage: true,
      voiceMessageCarbonCopyEmailAddress: 'c@aurora.example',
      transferOnZeroToPhoneNumber: true,
      transferPhoneNumber: '8001',
      alwaysRedirectToVoiceMail: true,
      busyRedirectToVoiceMail: false,
      noAnswerRedirectToVoiceMail: false,
      outOfPrimaryZoneRedirectToVoiceMail: true,
    },
  ],
  'Call Waiting': ['call-waiting', { isActive: false, disableCallingLineIdDelivery: true }],
  'Calling Line ID Delivery Blocking': ['calling-line-id-delivery-blocking', { isActive: true }],
  'Remote Office': ['remote-office', { isActive: true, remoteOfficePhoneNumber: OUTSIDE }],
  'Hoteling Guest': [
    'hoteling-guest',
    { isActive: true, enableAssociationLimit: true, associationLimitHours: 999, hostUserId: BJORN },
  ],
  'Anonymous Call Rejection': ['anonymous-call-rejection', { isActive: true }],
  'Simultaneous Ring Personal': [
    'simultaneous-ring-personal',
    {
      isActive: true,
      doNotRingIfOnCall: true,
      locations: [
        { phoneNumber: OUTSIDE, answerConfirmationRequired: true },
        { phoneNumber: '1240', answerConfirmationRequired: false },
      ],
    },
  ],
}

const SERVICES = Object.entries(CHANGES).map(([name, [path, changes]]) => ({ name, path, changes }))

const read = (admin: Api, path: string, userId = ANA) =>
  admin.get(`/users/${path}?userId=${encodeURIComponent(userId)}`)
const put = (admin: Api, path: string, changes: Thing, userId = ANA) =>
  admin.put(`/users/${path}`, { userId, ...changes })

/** Refused, and nothing is changed by it. */
async function refusal(server: DemoServer, admin: Api, name: string, changes: Thing): Promise<string> {
  const [path] = CHANGES[name] ?? ['']
  const before = server.truth.service(ANA, name)
  const { status, json } = await put(admin, path, changes)
  expect(status).toBe(400)
  expect(server.truth.service(ANA, name)).toEqual(before)
  return `${json.error} ${json.details}`
}

function someoneWithout(server: DemoServer, service: string): string {
  const found = server.truth.userIds(0, server.users).find((id) => !server.truth.service(id, service))
  if (found === undefined) throw new Error(`Everybody has ${service}`)
  return found
}

for (const manner of ['plain', 'awkward'] as const) {
  describe(`the services of a user on the ${manner} server`, () => {
    it.each(SERVICES)('$name is read, and changed by one PUT that answers as a GET does', async (service) => {
      const { name, path, changes } = service
      const server = await start({ manner })
      const admin = await signIn(server)
      const before = await read(admin, path)
      expect(before.status).toBe(200)
      expect(before.json.userId).toBe(ANA)
      for (const [field, value] of Object.entries(changes))
        expect(before.json[field], field).not.toEqual(value)
      const answer = await put(admin, path, changes)
      expect(answer.status).toBe(200)
      expect((await read(admin, path)).json).toEqual(answer.json)
      expect(server.truth.service(ANA, name)).toMatchObject(changes)
      if (manner === 'plain') expect(answer.json).toMatchObject(changes)
    })

    it.each(SERVICES)(
      '$name takes one field at a time and keeps the others',
      async ({ name, path, changes }) => {
        const server = await start({ manner })
        const admin = await signIn(server)
        await put(admin, path, changes)
        for (const [field, value] of Object.entries(changes)) {
          if (typeof value !== 'boolean') continue
          await put(admin, path, { [field]: !value })
          const { hostUserId: _, ...rest } = changes
          expect(server.truth.service(ANA, name)).toMatchObject({ ...rest, [field]: !value })
          await put(admin, path, { [field]: value })
        }
      },
    )

    it.each(SERVICES)('$name takes back the object that was read', async ({ name, path, changes }) => {
      const server = await start({ manner })
      const admin = await signIn(server)
      await put(admin, path, changes)
      const before = server.truth.service(ANA, name)
      const { json } = await read(admin, path)
      const answer = await admin.put(`/users/${path}`, json)
      expect(answer.status).toBe(200)
      expect(answer.json).toEqual(json)
      expect(server.truth.service(ANA, name)).toEqual(before)
    })

    it('clears with null and with the empty string: the key is gone', async () => {
      const server = await start({ manner })
      const admin = await signIn(server)
      for (const [name, field] of [
        ['Call Forwarding Always', 'forwardToPhoneNumber'],
        ['Call Forwarding Busy', 'forwardToPhoneNumber'],
        ['Call Forwarding No Answer', 'forwardToPhoneNumber'],
        ['Call Forwarding Not Reachable', 'forwardToPhoneNumber'],
        ['Remote Office', 'remoteOfficePhoneNumber'],
        ['Hoteling Guest', 'hostUserId'],
        ['Voice Messaging User', 'transferPhoneNumber'],
        ['Voice Messaging User', 'voiceMessageNotifyEmailAddress'],
        ['Voice Messaging User', 'voiceMessageCarbonCopyEmailAddress'],
      ] as const) {
        const [path = '', changes = {}] = CHANGES[name] ?? []
        for (const empty of [null, '']) {
          await put(admin, path, changes)
          expect(server.truth.service(ANA, name)).toHaveProperty(field)
          const { status, json } = await put(admin, path, { isActive: false, [field]: empty })
          expect(status, name).toBe(200)
          expect(json).not.toHaveProperty(field)
          expect(json.isActive).toBe(false)
        }
      }
      await put(admin, 'simultaneous-ring-personal', { locations: [{ phoneNumber: OUTSIDE }] })
      for (const none of [null, '', []]) {
        const { json } = await put(admin, 'simultaneous-ring-personal', { locations: none })
        expect(json.locations).toEqual([])
      }
    })

    it('refuses what the schema does not allow', async () => {
      const server = await start({ manner })
      const admin = await signIn(server)
      for (const [name, changes, detail] of [
        ['Do Not Disturb', { isActive: null }, 'nillable'],
        ['Do Not Disturb', { isActive: '' }, 'boolean'],
        ['Do Not Disturb', { ringSplash: 'maybe' }, 'boolean'],
        ['Do Not Disturb', { ringSplash: { deep: true } }, 'simple type'],
        ['Call Forwarding No Answer', { numberOfRings: 1 }, 'enumeration'],
        ['Call Forwarding No Answer', { numberOfRings: 21 }, 'enumeration'],
        ['Call Forwarding No Answer', { numberOfRings: -1 }, 'enumeration'],
        ['Call Forwarding No Answer', { numberOfRings: 2.5 }, 'integer'],
        ['Call Forwarding No Answer', { numberOfRings: null }, 'nillable'],
        ['Call Forwarding Always', { forwardToPhoneNumber: '1'.repeat(162) }, "maxLength '161'"],
        ['Call Forwarding Always', { forwardToPhoneNumber: ['1'] }, 'simple type'],
        ['Remote Office', { remoteOfficePhoneNumber: '1'.repeat(162) }, "maxLength '161'"],
        ['Voice Messaging User', { transferPhoneNumber: '1'.repeat(31) }, "maxLength '30'"],
        ['Voice Messaging User', { voiceMessageDeliveryEmailAddress: 'x'.repeat(81) }, "maxLength '80'"],
        ['Voice Messaging User', { processing: 'Unified' }, 'enumeration'],
        ['Voice Messaging User', { processing: null }, 'nillable'],
        ['Hoteling Guest', { associationLimitHours: 0 }, "minInclusive '1'"],
        ['Hoteling Guest', { associationLimitHours: 1000 }, "maxInclusive '999'"],
        [
          'Simultaneous Ring Personal',
          { locations: Array.from({ length: 11 }, (_, at) => ({ phoneNumber: String(1000 + at) })) },
          'at most 10',
        ],
        ['Simultaneous Ring Personal', { locations: [{ answerConfirmationRequired: true }] }, 'phoneNumber'],
      ] as const) {
        const text = await refusal(server, admin, name, changes)
        expect(text).toContain('[Error 6004] OCI XML Request validation error')
        expect(text).toContain(detail)
      }
      for (const rings of [0, 2, 20]) {
        await put(admin, 'call-forwarding-no-answer', { numberOfRings: rings })
        expect(server.truth.service(ANA, 'Call Forwarding No Answer')?.numberOfRings).toBe(rings)
      }
      for (const hours of [1, 999]) {
        await put(admin, 'hoteling-guest', { associationLimitHours: hours })
        expect(server.truth.service(ANA, 'Hoteling Guest')?.associationLimitHours).toBe(hours)
      }
      const longest = '1'.repeat(161)
      await put(admin, 'call-forwarding-always', { forwardToPhoneNumber: longest })
      expect(server.truth.service(ANA, 'Call Forwarding Always')?.forwardToPhoneNumber).toBe(longest)
    })

    it('looks at the settings as they would be: switching on needs a number, and says that it invented the text', async () => {
      const server = await start({ manner })
      const admin = await signIn(server)
      const refused = async (name: string, changes: Thing) =>
        expect(await refusal(server, admin, name, changes)).toMatch(/^\[Error 4999\] .*\(demo text\)/)
      for (const [kind, field] of [
        ['Call Forwarding Always', 'forwardToPhoneNumber'],
        ['Call Forwarding Busy', 'forwardToPhoneNumber'],
        ['Call Forwarding No Answer', 'forwardToPhoneNumber'],
        ['Call Forwarding Not Reachable', 'forwardToPhoneNumber'],
        ['Remote Office', 'remoteOfficePhoneNumber'],
      ] as const) {
        const [path = ''] = CHANGES[kind] ?? []
        await refused(kind, { isActive: true })
        for (const bad of ['reception', 'sip:a@b.example', 'a@b@c', '@b.example', 'a@', '1<2']) {
          await refused(kind, { [field]: bad })
        }
        await put(admin, path, { isActive: true, [field]: OUTSIDE })
        await refused(kind, { [field]: null })
        await refused(kind, { [field]: '' })
        expect((await put(admin, path, { isActive: false, [field]: null })).status).toBe(200)
      }
      await refused('Voice Messaging User', { transferPhoneNumber: 'desk@aurora.example' })
      await refused('Voice Messaging User', {
        processing: 'Deliver To Email Address Only',
        voiceMessageDeliveryEmailAddress: null,
      })
      await refused('Simultaneous Ring Personal', { isActive: true })
      await refused('Simultaneous Ring Personal', { locations: [{ phoneNumber: '1' }, { phoneNumber: '1' }] })
      await refused('Hoteling Guest', { hostUserId: BJORN })
      await refused('Hoteling Guest', { isActive: true, hostUserId: ANA })
      expect(
        (await put(admin, 'hoteling-guest', { isActive: true, hostUserId: 'no@body' })).json.error,
      ).toContain('[Error 4008]')
    })

    it('refuses a service that is not assigned: 4410, and 5435 for reading voice mail', async () => {
      const server = await start({ manner })
      const admin = await signIn(server)
      for (const { name, path } of SERVICES) {
        const userId = someoneWithout(server, name)
        const notAssigned = {
          status: 400,
          error: `[Error 4410] Service is not assigned to this subscriber: ${name}`,
        }
        const asked = await read(admin, path, userId)
        expect(asked.status).toBe(400)
        if (name === 'Voice Messaging User') {
          expect(asked.json.error).toMatch(/^\[Error 5435\] .*\(demo text\)$/)
        } else expect(asked.json).toMatchObject(notAssigned)
        const answer = await put(admin, path, { isActive: false }, userId)
        expect(answer.status).toBe(400)
        expect(answer.json).toMatchObject(notAssigned)
      }
    })

    it('keeps the settings when the user id changes, and ends them with the user', async () => {
      const server = await start({ manner })
      const admin = await signIn(server)
      await put(admin, 'do-not-disturb', { isActive: true })
      await put(admin, 'hoteling-guest', { isActive: true, hostUserId: ANA }, BJORN)
      const newUserId = 'ana@aurora.example'
      expect((await admin.put('/users/user-id', { userId: ANA, newUserId })).status).toBe(200)
      expect((await read(admin, 'do-not-disturb')).status).toBe(404)
      expect((await read(admin, 'do-not-disturb', newUserId)).json).toMatchObject({
        isActive: true,
        userId: newUserId,
      })
      expect((await read(admin, 'hoteling-guest', BJORN)).json).toMatchObject({
        hostUserId: newUserId,
        hostFirstName: 'Ana',
        hostLastName: 'Ødegård',
      })
      await admin.del(`/users?userId=${newUserId}`)
      expect((await read(admin, 'do-not-disturb', newUserId)).json.error).toContain('[Error 4008]')
      expect((await put(admin, 'do-not-disturb', { isActive: true }, newUserId)).status).toBe(404)
      const guest = (await read(admin, 'hoteling-guest', BJORN)).json
      expect(Object.keys(guest).filter((key) => key.startsWith('host'))).toEqual([])
    })
  })
}

it('sends destinations of digits as numbers in the awkward manner, unless they begin with a zero or plus', async () => {
  const admin = await signIn(await start({ manner: 'awkward' }))
  for (const [sent, shown] of [
    ['4500', 4500],
    [4500, 4500],
    ['5133334444', 5_133_334_444],
    ['0123', '0123'],
    ['+15133334444', '+15133334444'],
    ['*551240', '*551240'],
  ] as const) {
    expect((await put(admin, 'call-forwarding-always', { forwardToPhoneNumber: sent })).json).toMatchObject({
      forwardToPhoneNumber: shown,
      isActive: false,
    })
    expect(
      (await put(admin, 'remote-office', { remoteOfficePhoneNumber: sent })).json.remoteOfficePhoneNumber,
    ).toBe(shown)
    expect(
      (await put(admin, 'voice-messaging', { transferPhoneNumber: sent })).json.transferPhoneNumber,
    ).toBe(shown)
    const rung = await put(admin, 'simultaneous-ring-personal', { locations: [{ phoneNumber: sent }] })
    // A list of one comes as the bare thing.
    expect(rung.json.locations).toEqual({ phoneNumber: shown, answerConfirmationRequired: false })
  }
})

describe('who may change the services of a user', () => {
  const refusedAs = (command: string) => ({
    status: 403,
    error: `[Error 4003] Unauthorized request: ${command}`,
  })

  it('not who may only read', async () => {
    const server = await start()
    for (const name of ['reader', 'read-only']) {
      const account = await signIn(server, name)
      for (const { path, changes } of SERVICES) {
        expect((await read(account, path)).status).toBe(200)
        const { status, json } = await put(account, path, changes)
        expect(status, path).toBe(403)
        expect(json.error).toMatch(/^\[Error 4003\] Unauthorized request: User\w+Modify\w*Request\w*$/)
      }
    }
    expect(server.truth.service(ANA, 'Do Not Disturb')).toEqual({ isActive: false, ringSplash: false })
  })

  it('a user their own, an administrator those of the group, and nobody without a token', async () => {
    const server = await start({ users: 25_000 })
    const ana = await signIn(server, ANA)
    expect((await put(ana, 'do-not-disturb', { isActive: true })).status).toBe(200)
    expect((await read(ana, 'do-not-disturb', BJORN)).json).toMatchObject(
      refusedAs('UserDoNotDisturbGetRequest'),
    )
    expect((await put(ana, 'do-not-disturb', { isActive: true }, BJORN)).json).toMatchObject(
      refusedAs('UserDoNotDisturbModifyRequest'),
    )
    const admin = await signIn(server)
    const [stranger] = (await admin.get('/users?serviceProviderId=ent.aurora&groupId=chicago&limit=1')).json
    const group = await signIn(server, 'group-admin')
    expect((await put(group, 'do-not-disturb', { isActive: true }, BJORN)).status).toBe(200)
    expect((await put(group, 'do-not-disturb', { isActive: true }, stranger.userId)).json).toMatchObject(
      refusedAs('UserDoNotDisturbModifyRequest'),
    )
    const nobody = await fetch(`${server.baseUrl}/users/do-not-disturb?userId=${ANA}`)
    expect(nobody.status).toBe(401)
  })

  it('says what it misses', async () => {
    const admin = await signIn(await start())
    expect((await admin.put('/users/do-not-disturb', { isActive: true })).json.error).toBe(
      'The userId field is required.',
    )
    expect((await admin.get('/users/do-not-disturb')).json.error).toBe('The userId field is required.')
    expect((await admin.get('/users/do-not-disturb?userId=no@body')).status).toBe(404)
    expect((await admin.post('/users/do-not-disturb', { userId: ANA })).status).toBe(405)
  })
})

describe('phones on which people press do not disturb', () => {
  const toggled = async (server: DemoServer, count: number) => {
    while (server.truth.phoneToggles().length < count) await new Promise((resolve) => setTimeout(resolve, 5))
    return server.truth.phoneToggles()
  }

  it('change it behind the API at a given rate, by the seed', async () => {
    const run = async () => {
      const server = await start({ phones: { togglesPerMinute: 60_000, userIds: [ANA, BJORN] } })
      const toggles = [...(await toggled(server, 6))]
      const admin = await signIn(server)
      server.truth.clearWire()
      const shown = (await read(admin, 'do-not-disturb')).json
      expect(shown).toEqual({
        ...server.truth.service(ANA, 'Do Not Disturb'),
        isActive: expect.any(Boolean),
        userId: ANA,
      })
      expect(server.truth.wire()).toHaveLength(1)
      return toggles.slice(0, 6).map(({ userId, isActive }) => ({ userId, isActive }))
    }
    const first = await run()
    for (const userId of [ANA, BJORN]) {
      const own = first.filter((one) => one.userId === userId)
      expect(own.map(({ isActive }) => isActive)).toEqual(own.map((_, at) => at % 2 === 0))
    }
    expect(await run()).toEqual(first)
  })

  it('are anybody’s who has the service, and nobody’s unless asked for', async () => {
    const server = await start({ users: 30, phones: { togglesPerMinute: 60_000 } })
    for (const { userId } of await toggled(server, 40)) {
      expect(server.truth.service(userId, 'Do Not Disturb')).toBeDefined()
    }
    expect(new Set(server.truth.phoneToggles().map(({ userId }) => userId)).size).toBeGreaterThan(3)
    expect((await start()).truth.phoneToggles()).toEqual([])
  })

  it('can be pressed by a test: the settings follow the same rules', async () => {
    const server = await start()
    const admin = await signIn(server)
    server.truth.editService(ANA, 'Do Not Disturb', { isActive: true })
    expect((await read(admin, 'do-not-disturb')).json).toEqual({
      isActive: true,
      ringSplash: false,
      userId: ANA,
    })
    expect(() => server.truth.editService(ANA, 'Call Forwarding Always', { isActive: true })).toThrow(
      '(demo text)',
    )
    expect(() => server.truth.editService(ANA, 'Nothing', {})).toThrow('No service is called Nothing')
    const without = someoneWithout(server, 'Do Not Disturb')
    expect(() => server.truth.editService(without, 'Do Not Disturb', { isActive: true })).toThrow(
      '[Error 4410]',
    )
  })
})
