import { describe, expect, it } from 'vitest'
import type { OdinConnection } from '../../../electron/odin/types'
import { readSent } from '../../../electron/odin/users'
import { onServer } from '../../../shared/query/on-server'
import { accessDeviceMac } from '../../../shared/user/catalogue'
import type { UserRecord } from '../../../shared/user/types'
import { patientClock } from '../../unit/electron/odin/small-server'
import { bad, calls, connect, good, MANNERS, PASSWORD, signedIn, start } from './support'

const ANA = 'ana.odegard.1234@cincinnati.aurora.example'
const cincinnati = { serviceProviderId: 'ent.aurora', groupId: 'cincinnati' }
const ana = { ...cincinnati, userId: ANA }

/** The values of a text field, where there is one; what the server sends as a number in its digits. */
function textsOf(users: readonly UserRecord[], path: string): string[] {
  return users
    .map(({ fields }) => fields[path])
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .map(String)
}

describe.each(MANNERS)('client against the demo server (%s)', (manner) => {
  describe('session', () => {
    it('signs in every login type that can, with its facts', async () => {
      const server = await start({ manner })
      for (const { username, loginType } of server.accounts) {
        if (['expired', 'disabled'].includes(username)) continue
        const session = good(await connect(server).signIn(username, PASSWORD))
        expect(session).toMatchObject({
          loginType,
          softwareVersion: '23sp1',
          readOnly: username === 'read-only',
        })
        expect(session.passwordExpiresInDays).toBeUndefined()
        expect(session.expiresAt).toBeGreaterThan(Date.now() / 1000)
      }
    })

    it.each([
      ['admin', 'wrong', 'unauthorized', 'wrong-password', '4962'],
      ['nobody', PASSWORD, 'unauthorized', 'wrong-password', '4962'],
      ['disabled', PASSWORD, 'unauthorized', 'account-disabled', '5202'],
      ['expired', PASSWORD, 'password-expired', 'password-expired', undefined],
    ])('refuses %s with %s: %s, %s', async (username, password, kind, cause, code) => {
      const error = bad(await connect(await start({ manner })).signIn(username, password))
      expect(error).toMatchObject({ kind, cause })
      expect(error.code).toBe(code)
    })

    it('changes an expired password and goes on with the new one', async () => {
      const server = await start({ manner })
      const client = connect(server)
      await client.signIn('expired', PASSWORD)
      expect(bad(await client.changeExpiredPassword('not the old one', 'Brand-New-22'))).toMatchObject({
        cause: 'wrong-password',
      })
      expect(bad(await client.changeExpiredPassword(PASSWORD, 'short')).text).toContain('at least 8')
      expect(good(await client.changeExpiredPassword(PASSWORD, 'Brand-New-22')).userId).toBe('expired')
      expect(good(await client.user(ANA)).key.userId).toBe(ANA)
      expect(good(await connect(server).signIn('expired', 'Brand-New-22')).userId).toBe('expired')
    })

    it('outlives the end of all sessions: reads go on, a write says that it was not done', async () => {
      const server = await start({ manner })
      const client = await signedIn(server)
      server.truth.endSessions()
      expect(good(await client.user(ANA)).key.userId).toBe(ANA)
      server.truth.endSessions()
      server.truth.clearWire()
      expect(bad(await client.putUser({ ...ana, title: 'X' }))).toMatchObject({
        kind: 'unauthorized',
        cause: 'refused-again',
      })
      expect(server.truth.user(ANA)?.title).not.toBe('X')
    })

    it('refreshes a short token while nobody calls, and signs out', async () => {
      const server = await start({ manner, tokenLifetimeSeconds: 600 })
      const { clock, pass } = patientClock()
      const client = await signedIn(server, 'admin', { clock, credentials: async () => undefined })
      expect(pass()).toBeLessThan(600_000)
      await expect.poll(() => calls(server), { timeout: 60_000 }).toContain('PUT /auth/token')
      expect(good(await client.user(ANA)).key.userId).toBe(ANA)
      expect(good(await client.checkSession()).userId).toBe('admin')
      await client.signOut()
      expect(calls(server).at(-1)).toBe('POST /auth/token/logout')
      expect(server.truth.wire().at(-1)?.status).toBe(200)
      expect(bad(await client.user(ANA)).kind).toBe('not-signed-in')
    })
  })

  describe('reads', () => {
    it('providers, groups and all their users, in rows and in full', async () => {
      const server = await start({ manner })
      const client = await signedIn(server)
      const providers = good(await client.serviceProviders())
      expect(providers.length).toBe(3)
      expect(
        providers.every(({ name, isEnterprise }) => name !== undefined && isEnterprise !== undefined),
      ).toBe(true)
      const ids = new Set<string>()
      for (const { id } of providers) {
        for (const group of good(await client.groups(id))) {
          const rows = await client.usersOfGroup(group, { extended: false })
          expect(rows.ok && rows.problems).toBeFalsy()
          const sent = good(await client.usersAsSent(group, { extended: false }))
          expect(await readSent(sent)).toMatchObject({ ok: true, value: good(rows) })
          const full = good(await client.usersOfGroup(group, { extended: true }))
          expect(good(rows).every(({ completeness }) => completeness === 'row')).toBe(true)
          expect(full.every(({ completeness }) => completeness === 'full')).toBe(true)
          expect(full.map(({ key }) => key)).toEqual(good(rows).map(({ key }) => key))
          for (const { key } of full) ids.add(key.userId)
        }
      }
      expect([...ids].sort()).toEqual([...server.truth.userIds(0, 600)].sort())
    })

    it('one user, the same as the list and the truth have it', async () => {
      const server = await start({ manner })
      const client = await signedIn(server)
      const full = good(await client.usersOfGroup(cincinnati, { extended: true }))
      for (const record of full.slice(0, 10)) {
        expect(good(await client.user(record.key.userId))).toEqual(record)
        const truth = server.truth.user(record.key.userId) as Record<string, string>
        expect(record.fields.lastName).toBe(truth.lastName)
        expect(record.fields.extension ?? null).toBe(truth.extension ?? null)
      }
      expect(bad(await client.user('no.one@x'))).toMatchObject({ kind: 'not-found', code: '4008' })
    })

    it('filters', async () => {
      const client = await signedIn(await start({ manner }))
      const [first] = good(await client.usersOfGroup(cincinnati, { extended: false })) as [UserRecord]
      const { lastName, extension } = first.fields as Record<string, string>
      const found = async (by: 'lastName' | 'extension' | 'userId', value: string) =>
        good(await client.users({ ...cincinnati, filter: { by, value } })).map(({ key }) => key.userId)
      expect(await found('lastName', `${lastName}`)).toContain(first.key.userId)
      expect(await found('lastName', `${lastName?.slice(0, 3)}*`)).toContain(first.key.userId)
      expect(await found('extension', `*${String(extension).slice(1)}*`)).toContain(first.key.userId)
      expect(await found('userId', `*${first.key.userId.slice(2, 9)}*`)).toContain(first.key.userId)
      expect(good(await client.users({ filter: { by: 'lastName', value: '*a*' }, limit: 7 }))).toHaveLength(7)
      const none = good(await client.users({ ...cincinnati, filter: { by: 'lastName', value: 'Nobodyxyz' } }))
      expect(none).toEqual([])
    })

    it('finds in the whole system, by what was typed', async () => {
      const server = await start({ manner })
      const client = await signedIn(server)
      const full = good(await client.usersOfGroup(cincinnati, { extended: true }))
      const found = async (search: string) => {
        const ids = new Set<string>()
        const { asks } = onServer(search) ?? { asks: [] }
        for (const [filter, and] of asks) {
          const extended = filter.by === 'macAddress'
          const answer = await client.users({ filter, extended, limit: 50, ...(and && { and }) })
          for (const { key } of good(answer)) ids.add(key.userId)
        }
        return [...ids]
      }
      const phone = full.find(({ fields }) => /^[0-9A-F]{12}$/.test(String(fields[accessDeviceMac] ?? '')))
      const numbered = full.find(({ fields }) => fields.phoneNumber !== undefined)
      const mailed = full.find(({ fields }) => fields.emailAddress !== undefined)
      for (const [who, search] of [
        [phone, String(phone?.fields[accessDeviceMac]).toLowerCase()],
        [phone, String(phone?.fields[accessDeviceMac]).match(/../g)?.join(':') ?? ''],
        [numbered, `+1 ${numbered?.fields.phoneNumber}`],
        [numbered, String(numbered?.fields.phoneNumber)],
        [mailed, String(mailed?.fields.emailAddress)],
        [mailed, mailed?.key.userId ?? ''],
        [mailed, `${mailed?.fields.firstName} ${mailed?.fields.lastName}`],
        [mailed, `${mailed?.fields.lastName}, ${mailed?.fields.firstName}`],
      ] as const) {
        expect(await found(search), search).toContain(who?.key.userId)
      }
      // Both hold: far fewer than those of either name.
      const { firstName, lastName } = (mailed?.fields ?? {}) as Record<string, string>
      const both = await client.users({
        filter: { by: 'firstName', value: `${firstName}*` },
        and: { by: 'lastName', value: `${lastName}*` },
      })
      for (const { fields } of good(both)) expect(fields).toMatchObject({ firstName, lastName })
      // Who is below the system looks within what it may see, and is refused the rest.
      const group = await signedIn(server, 'group-admin')
      expect(bad(await group.users({ filter: { by: 'lastName', value: 'a*' } }))).toMatchObject({
        kind: 'forbidden',
      })
    })

    it('every lookup', async () => {
      const server = await start({ manner })
      const client = await signedIn(server)
      const own = good(await client.departments(cincinnati))
      const all = good(await client.departments(cincinnati, { includeEnterprise: true }))
      expect(own.length).toBeGreaterThan(0)
      expect(own.every(({ groupId }) => groupId === 'cincinnati')).toBe(true)
      expect(all.some(({ groupId }) => groupId === undefined)).toBe(true)
      expect(good(await client.languages()).languages.length).toBeGreaterThan(2)
      expect(good(await client.timeZones())).toContainEqual(
        expect.objectContaining({ key: 'America/New_York' }),
      )
      expect(good(await client.statesAndProvinces())).toContainEqual(expect.objectContaining({ key: 'Ohio' }))
      const classes = good(await client.networkClassesOfService(cincinnati))
      expect(classes.filter(({ isDefault }) => isDefault)).toHaveLength(1)
      const devices = good(await client.freeDevices(cincinnati))
      const spare = { ...cincinnati, deviceName: 'spare-1', deviceLevel: 'Group' }
      good(await client.commandDevice('rebuild', spare))
      good(await client.commandDevice('reset', spare))
      expect(bad(await client.commandDevice('reset', { ...spare, deviceName: 'none' }))).toMatchObject({
        kind: 'refused',
      })
      expect(devices).toContainEqual(expect.objectContaining({ deviceName: 'spare-1', deviceLevel: 'Group' }))
      expect(devices.every(({ deviceType }) => typeof deviceType === 'string')).toBe(true)
      expect(good(await client.trunkGroups(cincinnati)).every((name) => name !== '')).toBe(true)
      expect(good(await client.enterpriseTrunks(cincinnati))).toEqual(['Enterprise trunk'])
      const { min, max } = good(await client.extensionLengths(cincinnati))
      expect(min).toBeLessThanOrEqual(max)
      const domains = good(await client.domains(cincinnati))
      expect(domains.domains).toContain(domains.default)
      expect(good(await client.passwordRules(cincinnati))).toMatchObject({
        minLength: 8,
        minDigits: 1,
        others: { disallowUserId: true },
      })
      expect(good(await client.passwordRules(cincinnati)).minNonAlphanumericCharacters).toBeUndefined()
      expect(good(await client.passcodeRules(cincinnati))).toMatchObject({ minLength: 4, maxLength: 6 })
      for (const kind of ['password', 'passcode', 'sip-password'] as const) {
        expect(good(await client.generate(kind, cincinnati))).toHaveLength(1)
        expect(good(await client.generate(kind, cincinnati, { count: 3 }))).toHaveLength(3)
      }
    })

    it('extensions in use are those of users and services, and numbers are the group’s', async () => {
      const client = await signedIn(await start({ manner }))
      const used = good(await client.extensionsInUse(cincinnati))
      const users = good(await client.usersOfGroup(cincinnati, { extended: false }))
      const ofUsers = used.filter(({ by }) => by === 'user').map(({ extension }) => extension)
      expect(ofUsers.sort()).toEqual(textsOf(users, 'extension').sort())
      expect(new Set(used.map(({ by }) => by)).size).toBeGreaterThan(2)

      const all = good(await client.numbers(cincinnati)).map(({ number }) => number)
      const free = good(await client.numbers(cincinnati, { only: 'available' })).map(({ number }) => number)
      const taken = textsOf(users, 'phoneNumber')
      expect(new Set(all).size).toBe(all.length)
      expect(all).toEqual(expect.arrayContaining(free))
      expect(all).toEqual(expect.arrayContaining(taken))
      expect(free.filter((number) => taken.includes(number))).toEqual([])
    })
  })

  describe('writes', () => {
    it('PUT /users changes exactly what was sent, and the answer verifies it', async () => {
      const server = await start({ manner })
      const client = await signedIn(server)
      const before = server.truth.user(ANA)
      const answer = good(
        await client.putUser({ ...ana, title: 'Chef & <b>Co</b>', address: { city: 'Graz' } }),
      )
      expect(answer.record).toMatchObject({
        completeness: 'full',
        key: ana,
        fields: { title: 'Chef & <b>Co</b>', 'address.city': 'Graz' },
      })
      const after = server.truth.user(ANA)
      expect(after).toEqual({
        ...before,
        title: 'Chef & <b>Co</b>',
        address: { ...(before?.address as object), city: 'Graz' },
      })
      expect(answer.record).toEqual(good(await client.user(ANA)))
      good(await client.putUser({ ...ana, title: null }))
      expect(server.truth.user(ANA)).not.toHaveProperty('title')
      const puts = server.truth.wire().filter(({ method }) => method === 'PUT')
      expect(new Set(puts.map(({ connection }) => connection)).size).toBe(2)
    })

    it('the other writes', async () => {
      const server = await start({ manner })
      const client = await signedIn(server)
      const [, second = ''] = server.truth.userIds(0, 2)
      good(await client.putUsersBulk([ANA, second], { title: 'Same' }))
      expect(server.truth.user(ANA)?.title).toBe('Same')
      expect(server.truth.user(second)?.title).toBe('Same')

      const alternate = [{ userId: 'ana.alias@cincinnati.aurora.example', description: 'second' }]
      good(await client.putAlternateUserIds(ANA, alternate))
      expect(good(await client.alternateUserIds(ANA))).toEqual(alternate)
      good(await client.putAlternateUserIds(ANA, []))
      expect(good(await client.alternateUserIds(ANA))).toEqual([])

      good(await client.putWebPassword(ANA, 'Fresh-Word-9'))
      expect(good(await connect(server).signIn(ANA, 'Fresh-Word-9')).loginType).toBe('User')
      good(await client.putPortalPasscode(ANA, '739164'))

      const renamed = 'ana.new@cincinnati.aurora.example'
      good(await client.renameUser(ANA, renamed))
      expect(server.truth.user(ANA)).toBeUndefined()
      expect(good(await client.user(renamed)).key.userId).toBe(renamed)
      expect(JSON.stringify(server.truth.wire())).not.toMatch(/Fresh-Word-9|739164/)
    })

    it('a move, dry and real', async () => {
      const server = await start({ manner })
      const client = await signedIn(server)
      const other = good(await client.groups('ent.aurora')).find(({ groupId }) => groupId !== 'cincinnati')
      const target = other?.groupId ?? ''
      good(await client.putUser({ ...ana, extension: null }))
      const dry = good(await client.moveUser(ANA, target, { evaluateOnly: true }))
      expect(dry.errors).toEqual([])
      expect(dry.impacts.length).toBeGreaterThan(0)
      expect(server.truth.user(ANA)?.groupId).toBe('cincinnati')
      const moved = good(await client.moveUser(ANA, target, { evaluateOnly: false }))
      expect(moved.record?.key.groupId).toBe(target)
      expect(server.truth.user(ANA)?.groupId).toBe(target)
      expect(good(await client.moveUser(ANA, target, { evaluateOnly: true })).errors[0]).toContain('19601')
      expect(bad(await client.moveUser(ANA, target, { evaluateOnly: false }))).toMatchObject({
        kind: 'refused',
        cause: 'move-blocked',
      })
      expect(bad(await client.moveUser(ANA, 'nowhere', { evaluateOnly: true }))).toMatchObject({
        code: '4152',
      })
    })
  })

  describe('refusals', () => {
    const refused = async (body: Record<string, string | null | object>) => {
      const server = await start({ manner })
      const client = await signedIn(server)
      const before = server.truth.user(ANA)
      const error = bad(await client.putUser({ ...ana, ...(body as Record<string, string>) }))
      expect(server.truth.user(ANA)).toEqual(before)
      expect(error.message).toMatch(/\.$/)
      expect(error.next).toMatch(/\.$/)
      expect(error.raw).toContain(error.text?.slice(0, 20))
      return error
    }
    it.each([
      ['4015', { address: { stateOrProvince: 'Atlantis' } }, 'state-not-valid'],
      ['4201', { phoneNumber: '+1-0000000000' }, 'number-not-available'],
      ['4909', { extension: '12345678901' }, 'extension-length'],
      ['4910', { extension: '12ab' }, 'extension-digits'],
      ['6004', { lastName: '' }, 'validation'],
      ['6004', { lastName: 'x'.repeat(31) }, 'validation'],
    ])('%s for %j', async (code, body, cause) => {
      expect(await refused(body)).toMatchObject({ kind: 'refused', code, cause })
    })

    it('4202, 9495, 4200, 4152, 4008', async () => {
      const server = await start({ manner })
      const client = await signedIn(server)
      const used = good(await client.extensionsInUse(cincinnati))
      const taken = used.find(({ id, by }) => by === 'user' && id !== ANA)?.extension ?? ''
      expect(bad(await client.putUser({ ...ana, extension: taken }))).toMatchObject({ code: '4202' })
      const service = used.find(({ by }) => by !== 'user')?.extension ?? ''
      expect(bad(await client.putUser({ ...ana, extension: service }))).toMatchObject({ code: '4202' })
      const [, second = ''] = server.truth.userIds(0, 2)
      expect(bad(await client.renameUser(ANA, second))).toMatchObject({ code: '4200', kind: 'refused' })
      expect(bad(await client.putUser({ ...ana, userId: 'gone@x', title: 'T' }))).toMatchObject({
        kind: 'not-found',
        code: '4008',
      })
      expect(
        bad(await client.usersOfGroup({ ...cincinnati, groupId: 'gone' }, { extended: false })),
      ).toMatchObject({ kind: 'not-found', code: '4152' })
    })

    it('4911, 4410, 4505: what the demo refuses by itself', async () => {
      const server = await start({ manner })
      const client = await signedIn(server)
      const third = good(await client.groups('ent.aurora'))[2]
      const [row] = good(
        await client.usersOfGroup(
          { serviceProviderId: 'ent.aurora', groupId: third?.groupId ?? '' },
          { extended: false },
        ),
      )
      expect(bad(await client.putUser({ ...(row?.key ?? ana), extension: '911' }))).toMatchObject({
        kind: 'refused',
        code: '4911',
        cause: 'extension-emergency',
      })
      expect(await refused({ officeZoneName: 'x' })).toMatchObject({ code: '4410', cause: 'service-missing' })
      const device = { linePort: 'ana@aurora.example', accessDevice: { deviceName: 'none' } }
      expect(
        await refused({ endpointType: 'accessDeviceEndpoint', accessDeviceEndpoint: device }),
      ).toMatchObject({ code: '4505', cause: 'device-not-found' })
    })

    it.each([
      ['[Error 4007] User not found: ana', 400, 'not-found', 'user-not-found'],
      ['[Error 4267] Domain is already assigned: corp.example', 400, 'refused', 'domain-assigned'],
      ['[Error 4400] Could not assign service pack: Gold', 400, 'refused', 'service-not-assigned'],
      ['[Error 4500] Access Device already exists: polycom', 400, 'refused', 'device-exists'],
      ['[Error 4501] Device Type not found: None', 400, 'refused', 'device-type-unknown'],
      ['[Error 5202] Account is disabled.', 400, 'refused', 'account-disabled'],
      ['[Error 5404] Unauthorized transaction.', 400, 'unauthorized', 'signed-in-again'],
      ['[Error 8264] Not possible.', 400, 'refused', 'unclear'],
      [
        '[Error 9495] The extension is already assigned as a call park extension: 1.',
        400,
        'refused',
        'extension-taken',
      ],
      ['[Error 19602] Has a pending order.', 400, 'refused', 'move-blocked'],
      ['[Error 25008] Missing Mandatory field name: x', 400, 'refused', 'webex-missing-field'],
      ['[Error 25110] Length', 400, 'refused', 'webex-length'],
      ['[Error 7777] Nobody has seen this.', 400, 'refused', undefined],
    ])('%s keeps its text, its code, and says what to do', async (error, status, kind, cause) => {
      const server = await start({ manner })
      const client = await signedIn(server)
      const before = server.truth.user(ANA)
      const body = JSON.stringify({ status, error, details: 'license limit is reached.' })
      // Twice: after what looks like a lost session a call is tried once more.
      for (let turn = 0; turn < 2; turn++) {
        server.truth.planAnswer({ method: 'PUT', path: '/users', status, body })
      }
      const seen = bad(await client.putUser({ ...ana, title: 'Never' }))
      expect(seen).toMatchObject({ kind, status, code: /\d+/.exec(error)?.[0], raw: body })
      if (cause !== undefined) expect(seen.cause).toBe(cause)
      expect(seen.text).toContain(error.replace(/^\[Error \d+\] /, '').slice(0, 20))
      expect(seen.next).toMatch(/\.$/)
      expect(server.truth.user(ANA)).toEqual(before)
    })

    it('half a record is no record of the user, and shows nothing of what was written', async () => {
      const server = await start({ manner })
      const client = await signedIn(server)
      const { serviceProviderId, groupId } = ana
      const half = { userId: ANA, serviceProviderId, groupId, isEnterprise: true, timeZone: 'UTC' }
      const whole = { ...half, firstName: 'Ana', lastName: 'S', language: 'English' }
      const plan = (method: 'GET' | 'PUT', body: object) =>
        server.truth.planAnswer({ method, path: '/users', status: 200, body: JSON.stringify(body) })
      plan('GET', half)
      expect(bad(await client.user(ANA))).toMatchObject({ kind: 'unknown', cause: 'half' })
      plan('PUT', half)
      expect(good(await client.putUser({ ...ana, title: 'New' })).record).toBeUndefined()
      plan('PUT', whole)
      expect(good(await client.putUser({ ...ana, title: 'New' })).record).toBeUndefined()
      plan('PUT', { ...whole, title: 'Other' })
      expect(good(await client.putUser({ ...ana, title: 'New' })).record).toBeDefined()
      // Of a list, the half tells what a line does, and hides nobody.
      plan('GET', [half, { ...whole, userId: `b.${ANA}` }])
      const list = good(await client.usersOfGroup({ serviceProviderId, groupId }, { extended: true }))
      expect(list.map(({ completeness }) => completeness)).toEqual(['row', 'full'])
    })

    it.each([
      [422, '{"message":"The given data was invalid.","errors":{"title":["Too long."]}}', 'refused'],
      [409, '{"status":409,"error":"Conflict"}', 'refused'],
      [404, '{"status":404,"error":"Not found"}', 'not-found'],
      [404, '{"message":"Not found"}', 'unknown'],
      [403, '{"message":"Forbidden"}', 'unknown'],
      [401, '{"error":"Unauthorized"}', 'unknown'],
      [200, '{"status":"UP"}', 'unknown'],
      [200, '{"error":"Forbidden"}', 'unknown'],
      [504, '<html>Gateway time-out</html>', 'unknown'],
    ])('status %i without a code', async (status, body, kind) => {
      const server = await start({ manner })
      const client = await signedIn(server)
      server.truth.planAnswer({ method: 'PUT', path: '/users', status, body })
      const seen = bad(await client.putUser({ ...ana, title: 'Never' }))
      expect(seen).toMatchObject({ kind, status, raw: body })
      expect(seen.message).toMatch(/\.$/)
      expect(seen.next).toMatch(/\.$/)
    })

    it('5202 and 402 at a sign-in', async () => {
      const server = await start({ manner })
      for (const [status, error, cause] of [
        [400, '[Error 5202] Account is disabled.', 'account-disabled'],
        [402, 'Password Expired', 'password-expired'],
      ] as const) {
        const body = JSON.stringify({ status, error })
        server.truth.planAnswer({ method: 'POST', path: '/auth/token', status, body })
        expect(bad(await connect(server).signIn('admin', PASSWORD))).toMatchObject({ status, cause })
      }
    })

    it('4962 and broken rules for secrets, which are not repeated', async () => {
      const server = await start({ manner })
      const client = await signedIn(server)
      for (const word of ['short-1A', 'alllowercase1']) {
        const error = bad(await client.putWebPassword(ANA, word === 'short-1A' ? 'sh-1A' : word))
        expect(error.kind).toBe('refused')
        expect(JSON.stringify(error)).not.toContain(word)
      }
      expect(bad(await client.putPortalPasscode(ANA, '1234'))).toMatchObject({
        message: 'The server refused the passcode. It must not be a sequence.',
      })
      const user = await signedIn(server, ANA)
      expect(bad(await user.putWebPassword(ANA, 'Fresh-Word-9', 'not the old one'))).toMatchObject({
        kind: 'refused',
        code: '4962',
        cause: 'wrong-password',
      })
    })

    it('4003 for what an account may not do, and its sign-in lives on', async () => {
      const server = await start({ manner })
      const forbidden = async (username: string, call: (client: OdinConnection) => Promise<unknown>) => {
        const client = await signedIn(server, username)
        const result = (await call(client)) as Parameters<typeof bad>[0]
        expect(bad(result)).toMatchObject({ kind: 'forbidden', code: '4003' })
        expect(good(await client.checkSession()).userId).toBe(username)
      }
      await forbidden('reader', (client) => client.putUser({ ...ana, title: 'X' }))
      await forbidden('read-only', (client) => client.putUser({ ...ana, title: 'X' }))
      await forbidden('limited-admin', (client) => client.putUser({ ...ana, extension: null }))
      await forbidden('group-admin', (client) => client.moveUser(ANA, 'x', { evaluateOnly: true }))
      await forbidden(ANA, (client) => client.renameUser(ANA, 'b@cincinnati.aurora.example'))
    })
  })

  describe('what lower logins see', () => {
    it('through the same calls, without a refusal', async () => {
      const server = await start({ manner })
      for (const username of ['provider-admin', 'group-admin', 'department-admin', ANA]) {
        const client = await signedIn(server, username)
        const [provider] = good(await client.serviceProviders())
        const groups = good(await client.groups(provider?.id ?? ''))
        const users = good(await client.usersOfGroup(groups[0] ?? cincinnati, { extended: false }))
        expect(users.length).toBeGreaterThan(0)
        if (username === ANA) expect(users.map(({ key }) => key.userId)).toEqual([ANA])
        if (username === 'department-admin') {
          const paths = new Set(users.map(({ fields }) => fields.departmentFullPath))
          expect([...paths]).toEqual(['Sales (cincinnati)'])
        }
      }
    })
  })

  describe('faults on the way', () => {
    it.each([
      ['reset', 'unknown', 'reset', false],
      ['lost-answer', 'unknown', 'reset', true],
      ['truncated', 'unknown', 'truncated', true],
      ['done-500', 'unknown', 'server-error', true],
      ['done-empty', 'unknown', 'shape', true],
      ['500', 'unknown', 'server-error', false],
      ['502', 'unknown', 'gateway', false],
      ['html200', 'unknown', 'captive-portal', false],
      ['redirect', 'unknown', 'redirect', false],
      ['511', 'unknown', 'captive-portal', false],
      ['429', 'busy', 'too-many-calls', false],
      ['503', 'busy', 'unavailable', false],
      ['401', 'unauthorized', 'signed-in-again', false],
      ['403', 'forbidden', 'forbidden', false],
      ['partial', 'refused', 'validation', false],
    ] as const)('%s of a write is %s (%s), and it is sent once', async (kind, expected, cause, isDone) => {
      const server = await start({ manner })
      const client = await signedIn(server)
      server.truth.planFault({ kind, method: 'PUT', path: '/users' })
      const error = bad(await client.putUser({ ...ana, firstName: 'Planned', title: 'Planned' }))
      expect(error).toMatchObject({ kind: expected, cause })
      if (kind === '429' || kind === '503') expect(error.retryAfterMs).toBe(1000)
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect(calls(server).filter((call) => call === 'PUT /users')).toHaveLength(1)
      expect(server.truth.user(ANA)?.title === 'Planned').toBe(isDone)
    })
  })
})

describe('the pace', () => {
  it('is kept on the wire by everything that a connection does', async () => {
    const server = await start()
    const client = await signedIn(server, 'admin', { callsPerSecond: 5 })
    const work = Array.from({ length: 8 }, (_, n) => client.putUser({ ...ana, title: `T${n}` }))
    await Promise.all([
      ...work,
      client.extensionsInUse(cincinnati),
      client.languages(),
      client.checkSession(),
    ])
    const at = server.truth.wire().map((entry) => entry.at)
    expect(at).toHaveLength(14)
    // The way there is uneven, here by up to 50 ms on top of the pacer's own margin.
    for (const from of at)
      expect(at.filter((one) => one >= from && one < from + 950).length).toBeLessThanOrEqual(5)
  })
})
