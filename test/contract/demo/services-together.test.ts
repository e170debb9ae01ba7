import { describe, expect, it } from 'vitest'
import type { DemoServer } from '../../../electron/demo/server'
import { ANA, type Api, BJORN, CINCINNATI, signIn, start, type Thing } from './support'

const READ_BY_GROUP = {
  'Call Forwarding Always': 'call-forwarding-always',
  'Call Forwarding Busy': 'call-forwarding-busy',
  'Call Forwarding No Answer': 'call-forwarding-no-answer',
  'Call Forwarding Not Reachable': 'call-forwarding-not-reachable',
  'Voice Messaging User': 'voice-messaging',
  'Calling Line ID Delivery Blocking': 'calling-line-id-delivery-blocking',
  'Hoteling Guest': 'hoteling-guest',
  'Anonymous Call Rejection': 'anonymous-call-rejection',
} as const
const CHANGED_BY_GROUP = Object.values(READ_BY_GROUP).filter((path) => path !== 'anonymous-call-rejection')
const NEVER_BY_GROUP = [
  'do-not-disturb',
  'remote-office',
  'call-waiting',
  'simultaneous-ring-personal',
  'intercept',
]
const SINGLE = {
  ...READ_BY_GROUP,
  'Do Not Disturb': 'do-not-disturb',
  'Remote Office': 'remote-office',
  'Call Waiting': 'call-waiting',
  'Simultaneous Ring Personal': 'simultaneous-ring-personal',
  'Call Forwarding Selective': 'call-forwarding-selective',
  'Intercept User': 'intercept',
} as const

const read = async (admin: Api, path: string, userId = ANA) =>
  (await admin.get(`/users/${path}?userId=${encodeURIComponent(userId)}`)).json

interface Row {
  readonly service: { readonly assigned: boolean; readonly serviceName: string }
  readonly user: Thing
  readonly data: Thing
}

const bulk = async (admin: Api, path: string, group = CINCINNATI): Promise<Row[]> =>
  (await admin.get(`/users/${path}/bulk?${group}`)).json

/** Some users of the first group, those who are known to all included. */
const someUsers = (server: DemoServer) => server.truth.userIds(0, 25)

for (const manner of ['plain', 'awkward'] as const) {
  describe(`several services at once on the ${manner} server`, () => {
    it('which are assigned, and which of them are on', async () => {
      const server = await start({ manner })
      const admin = await signIn(server)
      await admin.put('/users/do-not-disturb', { userId: ANA, isActive: true })
      for (const userId of someUsers(server)) {
        const { userServices, ...rest } = await read(admin, 'services/assigned', userId)
        expect(rest).toEqual({ userId, groupServices: [] })
        const shown = new Map<string, unknown>(
          userServices.map((one: Thing) => [one.serviceName, one.isActive]),
        )
        expect(shown.get('Basic Call Logs')).toBeUndefined()
        expect(shown.has('Basic Call Logs')).toBe(true)
        for (const [name, path] of Object.entries(SINGLE)) {
          const single = await admin.get(`/users/${path}?userId=${encodeURIComponent(userId)}`)
          expect(shown.has(name), `${name} of ${userId}`).toBe(single.status === 200)
          if (single.status === 200) expect(String(shown.get(name))).toBe(String(single.json.isActive))
        }
      }
      const ana = (await read(admin, 'services/assigned')).userServices as Thing[]
      const dnd = ana.find((one) => one.serviceName === 'Do Not Disturb')
      // The documents show both a boolean and its text.
      expect(dnd).toEqual({ serviceName: 'Do Not Disturb', isActive: manner === 'plain' ? true : 'true' })
    })

    it('all settings are what each service answers, voice mail one level deeper', async () => {
      const server = await start({ manner })
      const admin = await signIn(server)
      for (const userId of someUsers(server)) {
        const all = await read(admin, 'services/settings', userId)
        expect(all).toMatchObject({ userId, Classmark: [], Authentication: { groupId: 'cincinnati' } })
        for (const [name, path] of Object.entries(SINGLE)) {
          const single = await admin.get(`/users/${path}?userId=${encodeURIComponent(userId)}`)
          if (single.status !== 200) {
            expect([undefined, '{}', '[]']).toContain(JSON.stringify(all[name]))
            continue
          }
          const { userId: _, ...settings } = single.json
          if (name === 'Voice Messaging User') {
            expect(all[name][name]).toEqual(single.json)
            expect(Object.keys(all[name])).toHaveLength(4)
            // Awkward single reads have keys of another service in them.
          } else expect(settings).toMatchObject(all[name])
        }
      }
    })

    it('a subset is changed, the rest is kept, and all comes back', async () => {
      const server = await start({ manner })
      const admin = await signIn(server)
      const before = await read(admin, 'services/settings')
      const { status, json } = await admin.put('/users/services/settings', {
        userId: ANA,
        'Do Not Disturb': { isActive: true },
        'Call Forwarding Always': { isActive: true, forwardToPhoneNumber: '+15135550100' },
        'Voice Messaging User': { 'Voice Messaging User': { alwaysRedirectToVoiceMail: true } },
        'No Such Service': { isActive: true },
        'Call Waiting': [],
        'Remote Office': {},
      })
      expect(status).toBe(200)
      expect(json).toEqual(await read(admin, 'services/settings'))
      const voiceMail = before['Voice Messaging User']
      expect(json).toEqual({
        ...before,
        'Do Not Disturb': { ...before['Do Not Disturb'], isActive: true },
        'Call Forwarding Always': {
          ...before['Call Forwarding Always'],
          isActive: true,
          forwardToPhoneNumber: '+15135550100',
        },
        'Voice Messaging User': {
          ...voiceMail,
          'Voice Messaging User': { ...voiceMail['Voice Messaging User'], alwaysRedirectToVoiceMail: true },
        },
      })
      expect(server.truth.service(ANA, 'Voice Messaging User')?.alwaysRedirectToVoiceMail).toBe(true)
      expect((await admin.put('/users/services/settings', json)).json).toEqual(json)
    })

    it('a refusal is told, be it of a rule, of an unnested voice mail or of a service that is not assigned', async () => {
      const server = await start({ manner })
      const admin = await signIn(server)
      const put = async (changes: Thing, userId = ANA) =>
        (await admin.put('/users/services/settings', { userId, ...changes })).text
      expect(await put({ 'Call Forwarding No Answer': { numberOfRings: 1 } })).toContain('[Error 6004]')
      expect(await put({ 'Voice Messaging User': { isActive: false } })).toContain(
        'Voice Messaging User.Voice Messaging User',
      )
      expect(server.truth.service(ANA, 'Voice Messaging User')?.isActive).toBe(true)
      const without = server.truth
        .userIds(0, server.users)
        .find((id) => !server.truth.service(id, 'Do Not Disturb'))
      expect(await put({ 'Do Not Disturb': { isActive: true } }, without)).toContain('[Error 4410]')
      const reader = await signIn(server, 'reader')
      const refused = await reader.put('/users/services/settings', {
        userId: ANA,
        'Do Not Disturb': { isActive: true },
      })
      expect(refused.status).toBe(403)
      expect((await read(reader, 'services/settings')).userId).toBe(ANA)
    })

    it('a whole group is read by one call, those without the service as not assigned', async () => {
      const server = await start({ manner })
      const admin = await signIn(server)
      const list: Thing[] = (await admin.get(`/users?${CINCINNATI}`)).json
      for (const [serviceName, path] of Object.entries(READ_BY_GROUP)) {
        const rows = await bulk(admin, path)
        expect(rows.map(({ user }) => user.userId)).toEqual(list.map(({ userId }) => userId))
        for (const assigned of [true, false])
          expect(rows.some(({ service }) => service.assigned === assigned)).toBe(true)
        for (const { service, user, data } of rows) {
          expect(service.serviceName).toBe(serviceName)
          if (service.assigned) expect(data.userId).toBe(user.userId)
          else expect(data).toEqual({})
          expect(typeof user.phoneNumber).toBe('string')
        }
        for (const at of [0, 1, rows.findIndex(({ service }) => service.assigned), rows.length - 1]) {
          const row = rows[at]
          if (!row?.service.assigned) continue
          expect(await read(admin, path, String(row.user.userId))).toMatchObject(row.data)
        }
      }
    })

    it('many users are changed by one call, all to the same', async () => {
      const server = await start({ manner })
      const admin = await signIn(server)
      for (const path of CHANGED_BY_GROUP) {
        const rows = await bulk(admin, path)
        const users = rows.filter(({ service }) => service.assigned).slice(0, 5)
        const { status, json } = await admin.put(`/users/${path}/bulk`, {
          // The portal sends whole rows where a user id would do.
          users: users.map(({ user }, at) => (at % 2 ? user : { userId: user.userId })),
          data: { isActive: false },
        })
        expect({ status, json }).toEqual({ status: 200, json: [] })
        const ids = new Set(users.map(({ user }) => user.userId))
        for (const [at, after] of (await bulk(admin, path)).entries()) {
          if (ids.has(after.user.userId)) expect(after.data.isActive).toBe(false)
          else expect(after).toEqual(rows[at])
        }
      }
    })

    it('the first refusal ends a change of many, and what was changed before it stays', async () => {
      const server = await start({ manner })
      const admin = await signIn(server)
      const rows = await bulk(admin, 'voice-messaging')
      const without = rows.find(({ service }) => !service.assigned)?.user.userId
      const answer = await admin.put('/users/voice-messaging/bulk', {
        users: [{ userId: ANA }, { userId: without }, { userId: BJORN }],
        data: { isActive: false },
      })
      expect(answer.json.error).toContain('[Error 4410]')
      expect(server.truth.service(ANA, 'Voice Messaging User')?.isActive).toBe(false)
      expect(server.truth.service(BJORN, 'Voice Messaging User')?.isActive).toBe(true)
      const missing = await admin.put('/users/voice-messaging/bulk', { users: [{ userId: ANA }] })
      expect(missing.text).toContain('The data field is required.')
    })

    it('is not there for the services that have no such call', async () => {
      const admin = await signIn(await start({ manner }))
      for (const path of NEVER_BY_GROUP) {
        expect((await admin.get(`/users/${path}/bulk?${CINCINNATI}`)).status, path).toBe(404)
        expect((await admin.put(`/users/${path}/bulk`, { users: [], data: {} })).status, path).toBe(404)
      }
      expect((await admin.put('/users/anonymous-call-rejection/bulk', { users: [], data: {} })).status).toBe(
        405,
      )
    })

    it('selective forwarding and intercept are read and take no change', async () => {
      const server = await start({ manner })
      const admin = await signIn(server)
      const selective = []
      for (const userId of server.truth.userIds(0, 250)) {
        const { status, json } = await admin.get(
          `/users/call-forwarding-selective?userId=${encodeURIComponent(userId)}`,
        )
        if (status === 200) selective.push(json)
        else expect(json.error).toContain('[Error 4410]')
      }
      const active = selective.filter(({ isActive }) => isActive)
      expect(active.length).toBeGreaterThan(0)
      for (const { defaultForwardToPhoneNumber, criteria } of active) {
        expect(String(defaultForwardToPhoneNumber)).not.toBe('')
        expect(criteria).toMatchObject([{ isActive: true, forwardTo: defaultForwardToPhoneNumber }])
      }
      expect(
        selective.some((one) => !('defaultForwardToPhoneNumber' in one) && one.criteria.length === 0),
      ).toBe(true)
      expect(await read(admin, 'intercept')).toMatchObject({
        isActive: false,
        inboundCallMode: 'Intercept All',
      })
      for (const path of ['intercept', 'call-forwarding-selective']) {
        expect((await admin.put(`/users/${path}`, { userId: ANA, isActive: true })).status).toBe(405)
      }
    })
  })
}

it('a group is read by whoever may see it', async () => {
  const server = await start()
  const path = `/users/call-forwarding-always/bulk?${CINCINNATI}`
  for (const name of ['group-admin', 'department-admin', 'reader']) {
    expect((await (await signIn(server, name)).get(path)).status, name).toBe(200)
  }
  const ana = await signIn(server, ANA)
  expect((await ana.get(path)).status).toBe(403)
  const group = await signIn(server, 'group-admin')
  expect(
    (await group.get('/users/call-forwarding-always/bulk?serviceProviderId=ent.aurora&groupId=x')).status,
  ).toBe(404)
  expect((await group.get('/users/call-forwarding-always/bulk?serviceProviderId=ent.aurora')).text).toContain(
    'groupId',
  )
  const reader = await signIn(server, 'reader')
  const refused = await reader.put('/users/call-forwarding-always/bulk', {
    users: [{ userId: ANA }],
    data: { isActive: false },
  })
  expect(refused.json.error).toBe('[Error 4003] Unauthorized request: UserCallForwardingAlwaysModifyRequest')
})
