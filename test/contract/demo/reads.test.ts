import { describe, expect, it } from 'vitest'
import { ANA, CINCINNATI, signIn, start, type Thing } from './support'

const asList = (json: unknown): Thing[] => (Array.isArray(json) ? json : [json as Thing])

describe.each(['plain', 'awkward'] as const)('the %s server', (manner) => {
  it('shows service providers, groups and departments', async () => {
    const admin = await signIn(await start({ manner, users: 25_000 }))
    const providers = (await admin.get('/service-providers')).json
    expect(providers).toEqual([
      { serviceProviderId: 'ent.aurora', serviceProviderName: 'Aurora Health', isEnterprise: true },
      { serviceProviderId: 'ent.meridian', serviceProviderName: 'Meridian Logistics', isEnterprise: true },
      { serviceProviderId: 'sp.fjord', serviceProviderName: 'Fjord Telecom', isEnterprise: false },
    ])
    let groups = 0
    let users = 0
    for (const { serviceProviderId } of providers) {
      for (const row of (await admin.get(`/groups?serviceProviderId=${serviceProviderId}`)).json) {
        const ids = new URLSearchParams({ serviceProviderId, groupId: row.groupId })
        const one = (await admin.get(`/groups?${ids}`)).json
        expect(one).toMatchObject({ ...row, defaultDomain: expect.any(String), timeZone: expect.any(String) })
        groups += 1
        users += one.userCount
      }
    }
    expect(groups).toBe(40)
    expect(users).toBe(25_000)
    expect((await admin.get('/service-providers?serviceProviderId=ent.aurora')).json).toMatchObject({
      defaultDomain: 'aurora.example',
      supportEmail: expect.any(String),
    })
    expect((await admin.get('/groups?groupName=*ber*')).json).toContainEqual(
      expect.objectContaining({ groupId: 'berlin' }),
    )
    expect((await admin.get('/groups?groupId=headq*')).json).toHaveLength(2)
    expect((await admin.get('/resellers')).json).toEqual([])

    const own = (await admin.get(`/groups/departments?${CINCINNATI}`)).json
    const all = (await admin.get(`/groups/departments?${CINCINNATI}&includeEnterprise=true`)).json
    expect(own.length).toBeLessThan(all.length)
    expect(all).toContainEqual(expect.objectContaining({ name: 'Corporate', isEnterpriseDepartment: true }))
    expect(own).toContainEqual(
      expect.objectContaining({ groupId: 'cincinnati', fullPathName: 'Sales \\ East (cincinnati)' }),
    )
    expect((await admin.get(`/groups/departments?${CINCINNATI}&name=East`)).json).toMatchObject({
      name: 'East',
      parentDepartment: 'Sales',
      availableParents: expect.any(Array),
    })
  })

  it('gives an object for one user and a list for a scope or a wildcard', async () => {
    const admin = await signIn(await start({ manner }))
    const one = (await admin.get(`/users?userId=${ANA}`)).json
    expect(one).toMatchObject({ userId: ANA, serviceProviderId: 'ent.aurora', groupId: 'cincinnati' })
    for (const query of [
      `userId=${ANA}&serviceProviderId=ent.aurora`,
      `userId=${ANA}&${CINCINNATI}`,
      'userId=*odegard.1234*',
    ]) {
      const list = (await admin.get(`/users?${query}`)).json
      expect(Array.isArray(list), query).toBe(true)
      expect(list).toHaveLength(1)
    }
    expect((await admin.get(`/users?userId=${ANA.toUpperCase()}`)).json.userId).toBe(ANA)
    const withAlternate = (await admin.get(`/users?${CINCINNATI}&extended=true`)).json.find(
      (row: Thing) => row.alternateUserId,
    )
    const [alternate] = asList(withAlternate.alternateUserId)
    expect((await admin.get(`/users?userId=${alternate?.alternateUserId}`)).json.userId).toBe(
      withAlternate.userId,
    )
  })

  it('shows rows with the columns of a list and details with those of one user', async () => {
    const admin = await signIn(await start({ manner }))
    const rows: Thing[] = (await admin.get(`/users?${CINCINNATI}`)).json
    const details: Thing[] = (await admin.get(`/users?${CINCINNATI}&extended=true`)).json
    expect(details.map((one) => one.userId)).toEqual(rows.map((one) => one.userId))
    const row = rows.find((one) => one.userId === ANA)
    expect(row).toMatchObject({
      phoneNumber: '+1-5135551234',
      department: expect.stringMatching(/ \(cincinnati\)$/),
      countryCode: 1,
      domain: 'cincinnati.aurora.example',
    })
    for (const missing of ['aliases', 'title', 'address', 'timeZone', 'callingLineIdLastName']) {
      expect(row).not.toHaveProperty(missing)
    }
    const detail = details.find((one) => one.userId === ANA)
    expect(detail).toMatchObject({
      phoneNumber: '5135551234',
      extension: '1234',
      countryCode: '1',
      department: { serviceProviderId: 'ent.aurora', groupId: 'cincinnati', name: expect.any(String) },
      defaultAlias: ANA,
      aliases: [],
      endpointType: expect.stringMatching(/^(none|accessDeviceEndpoint|trunkAddressing)$/),
      accessDeviceEndpoint: { contacts: expect.anything() },
      trunkAddressing: { trunkGroupDeviceEndpoint: { contacts: expect.anything() } },
    })
    expect((await admin.get(`/users?userId=${ANA}`)).json).toEqual(detail)
    const kinds = new Set(details.map((one) => one.endpointType))
    expect(kinds).toEqual(new Set(['none', 'accessDeviceEndpoint', 'trunkAddressing']))
  })

  it('filters with all of several conditions and cuts at the limit without a word', async () => {
    const admin = await signIn(await start({ manner }))
    const both = (await admin.get('/users?lastName=*o*&firstName=Ana&limit=500')).json
    expect(both.length).toBeGreaterThan(0)
    for (const row of both) {
      expect(String(row.lastName).toLowerCase()).toContain('o')
      expect(row.firstName).toBe('Ana')
    }
    expect((await admin.get('/users?serviceProviderId=ent.aurora&limit=7')).json).toHaveLength(7)
    expect((await admin.get('/users?lastName=o*o')).json).toEqual([])
    const refused = await admin.get('/users?lastName=*owak')
    expect(refused.json.error).toBe('[Error 6004] OCI XML Request validation error')
  })

  it('lists numbers as ranges that cover the pool and tells who has them', async () => {
    const admin = await signIn(await start({ manner }))
    const dns = async (q: string) => asList((await admin.get(`/groups/dns?${CINCINNATI}${q}`)).json.dns)
    const expand = (ranges: Thing[]) =>
      ranges.flatMap(({ min, max }) => {
        const [prefix = '', from = ''] = String(min).split('-')
        const to = max === null ? from : (String(max).split('-')[1] ?? '')
        return Array.from(
          { length: Number(to) - Number(from) + 1 },
          (_, at) => `${prefix}-${Number(from) + at}`,
        )
      })
    const all = expand(await dns(''))
    expect(new Set(all).size).toBe(all.length)
    expect(expand(await dns('&q=summary'))).toEqual(all)
    const users: Thing[] = (await admin.get(`/users?${CINCINNATI}`)).json
    const taken = new Set(users.map((row) => row.phoneNumber).filter((number) => number))
    const available = expand(await dns('&q=available'))
    expect(available.some((number) => taken.has(number))).toBe(false)
    for (const number of taken) expect(all).toContain(number)
    const details: Thing[] = (await admin.get(`/groups/dns/details?${CINCINNATI}`)).json.dns
    expect(details).toHaveLength(all.length)
    expect(details.find((one) => one.phoneNumbers === '+1-5135551234')).toMatchObject({
      userId: ANA,
      userType: 'Normal',
      min: '+1-5135551234',
      max: '',
    })
    expect(details.filter((one) => one.userType === 'Hunt Group')).toHaveLength(1)
    for (const path of ['/groups/dns/search', '/service-providers/dns/search', '/system/dns/search']) {
      const found = (await admin.get(`${path}?${CINCINNATI}&dn=*551234*&limit=5`)).json
      expect(found).toContainEqual(
        expect.objectContaining({ phoneNumbers: '+1-5135551234', userId: ANA, groupId: 'cincinnati' }),
      )
    }
    expect(
      (await admin.get('/service-providers/dns?serviceProviderId=ent.aurora')).json.dns[0],
    ).toMatchObject({
      groupId: 'cincinnati',
      canDelete: false,
    })
    expect(asList((await admin.get(`/users/dns?userId=${ANA}`)).json)[0]).toMatchObject({
      min: '+1-5135551234',
      activated: true,
    })
  })

  it('activates numbers, which shows on the user', async () => {
    const server = await start({ manner })
    const admin = await signIn(server)
    const put = await admin.put('/groups/dns', {
      serviceProviderId: 'ent.aurora',
      groupId: 'cincinnati',
      dns: [{ min: '+1-5135551234', max: null, activated: false }],
    })
    expect(put.status).toBe(200)
    expect(server.truth.user(ANA)?.phoneNumberActivated).toBe(false)
    const foreign = await admin.put('/groups/dns', {
      serviceProviderId: 'ent.aurora',
      groupId: 'cincinnati',
      dns: [{ min: '+1-2125551234', max: null, activated: false }],
    })
    expect(foreign.json.error).toContain('[Error 4201]')
  })

  it('lists the service instances that share the extensions', async () => {
    const admin = await signIn(await start({ manner }))
    for (const [path, count] of [
      ['/groups/hunt-groups', 2],
      ['/groups/auto-attendants', 1],
      ['/groups/call-centers', 1],
    ] as const) {
      const rows = asList((await admin.get(`${path}?${CINCINNATI}`)).json)
      expect(rows).toHaveLength(count)
      const id = String(rows[0]?.serviceUserId)
      expect((await admin.get(`${path}?serviceUserId=${id}`)).json).toMatchObject({
        serviceUserId: id,
        serviceInstanceProfile: { name: rows[0]?.name, extension: expect.stringMatching(/^8/) },
      })
      expect((await admin.get(`${path}?serviceUserId=none@x`)).status).toBe(404)
    }
  })

  it('answers every lookup that editing needs', async () => {
    const admin = await signIn(await start({ manner }))
    const json = async (path: string) => (await admin.get(path)).json
    expect(await json('/system/languages')).toMatchObject({
      default: 'English',
      languages: expect.arrayContaining([expect.objectContaining({ language: 'German', locale: 'de_DE' })]),
    })
    expect(await json('/system/time-zones')).toContainEqual({
      key: 'America/New_York',
      displayName: '(GMT-05:00) (US) Eastern Time',
    })
    expect(await json('/system/states-provinces')).toContainEqual({ key: 'Ohio', displayName: 'Ohio' })
    const { services } = await json(`/groups/network-class-of-services?${CINCINNATI}`)
    expect(services.filter((one: Thing) => one.default)).toHaveLength(1)
    expect(await json(`/groups/extensions?${CINCINNATI}`)).toMatchObject({
      minExtensionLength: 4,
      maxExtensionLength: 4,
      defaultExtensionLength: 4,
    })
    expect(await json(`/groups/domains?${CINCINNATI}`)).toEqual({
      default: 'cincinnati.aurora.example',
      domains: ['cincinnati.aurora.example', 'aurora.example'],
    })
    expect((await json('/service-providers/domains?serviceProviderId=ent.aurora')).domains).toContain(
      'cincinnati.aurora.example',
    )
    for (const level of ['/groups', '/service-providers', '/system']) {
      expect(await json(`${level}/password-rules?${CINCINNATI}`)).toMatchObject({ minLength: 8 })
      expect(await json(`${level}/passcode-rules?${CINCINNATI}`)).toMatchObject({
        minLength: 4,
        maxLength: 6,
      })
    }
    for (const path of [
      '/service-providers/sip-authentication-password-rules',
      '/system/sip-authentication-password-rules',
    ]) {
      expect(await json(`${path}?serviceProviderId=ent.aurora`)).toMatchObject({ minLength: 6 })
    }
    expect(await json(`/groups/device-types?${CINCINNATI}`)).toEqual(await json('/system/device-types'))
    expect((await json(`/groups/devices?${CINCINNATI}`)).length).toBeGreaterThan(100)
    expect(await json(`/groups/devices?${CINCINNATI}&deviceName=spare-1`)).toMatchObject({ macAddress: '' })
    expect((await json(`/groups/devices?${CINCINNATI}&deviceName=none`)).error).toBe(
      '[Error 4505] Access Device not found: none',
    )
    expect(await json(`/groups/trunk-groups?${CINCINNATI}`)).toHaveLength(2)
    expect(await json(`/groups/trunk-groups?${CINCINNATI}&name=Trunk A`)).toMatchObject({ name: 'Trunk A' })
    expect(await json(`/groups/enterprise-trunks?${CINCINNATI}`)).toHaveLength(1)
    expect(await json('/service-providers/enterprise-trunks?serviceProviderId=ent.aurora')).toHaveLength(1)
  })

  it('generates passwords and passcodes that its own rules accept', async () => {
    const admin = await signIn(await start({ manner }))
    const { password } = (await admin.get(`/password/generate?${CINCINNATI}`)).json
    const { passwords } = (await admin.get(`/password/generate?${CINCINNATI}&limit=20`)).json
    expect(new Set([password, ...passwords]).size).toBe(21)
    for (const newPassword of [password, ...passwords.slice(0, 5)]) {
      expect((await admin.put('/users/passwords', { userId: ANA, newPassword })).status).toBe(200)
    }
    const { passcodes } = (await admin.get(`/passcode/generate?${CINCINNATI}&limit=20`)).json
    for (const newPasscode of passcodes) {
      expect((await admin.put('/users/portal-passcode', { userId: ANA, newPasscode })).status).toBe(200)
    }
    expect((await admin.get(`/sip-password/generate?${CINCINNATI}`)).json.password.length).toBeGreaterThan(5)
    expect((await admin.get(`/passcode/generate?${CINCINNATI}`)).json.passcode).toMatch(/^[0-9]{6}$/)
  })

  it('shows what it knows about a user’s ids, login and passcode', async () => {
    const admin = await signIn(await start({ manner }))
    expect((await admin.get(`/users/alternate-user-id?userId=${ANA}`)).json).toMatchObject({ userId: ANA })
    expect((await admin.get(`/users/password?userId=${ANA}`)).json).toMatchObject({
      isLoginDisabled: false,
      expirationDays: expect.stringMatching(/^-?[0-9]+$/),
      userId: ANA,
    })
    expect((await admin.get(`/users/portal-passcode?userId=${ANA}`)).json).toMatchObject({
      passcode: '*****',
    })
    for (const path of ['/users/login-info', '/users/login']) {
      expect((await admin.get(`${path}?userId=${ANA}`)).json).toMatchObject({
        loginType: 'User',
        broadworksUserId: ANA,
        isAlternateUserId: false,
      })
    }
    expect((await admin.get('/ui/settings')).status).toBe(200)
  })

  it('says which group, user or provider it does not know', async () => {
    const admin = await signIn(await start({ manner }))
    const error = async (path: string) => {
      const { status, json } = await admin.get(path)
      return `${status} ${json.error}`
    }
    expect(await error('/users?userId=no@x')).toBe('404 [Error 4008] User not found: no@x')
    expect(await error('/users?serviceProviderId=ent.aurora&groupId=no')).toBe(
      '404 [Error 4152] Group not found: ent.aurora:no',
    )
    expect(await error('/users?serviceProviderId=no')).toBe('404 [Error 4152] Group not found: no:')
    expect(await error('/groups?serviceProviderId=no')).toMatch(/^404 \[Error 4152\]/)
    expect(await error('/nothing/here')).toBe('404 Not Found')
    expect((await admin.post('/users/passwords')).status).toBe(405)
    const missing = await admin.get('/groups/dns')
    expect(missing.status).toBe(manner === 'awkward' ? 422 : 400)
    expect(missing.text).toContain('The serviceProviderId field is required.')
  })
})
