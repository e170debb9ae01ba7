import { describe, expect, it } from 'vitest'
import { ANA, type Api, BJORN, CINCINNATI, signIn, start, type Thing } from './support'

const KEYS = { serviceProviderId: 'ent.aurora', groupId: 'cincinnati', userId: ANA }
const put = (admin: Api, changes: Thing) => admin.put('/users', { ...KEYS, ...changes })
const refusal = async (admin: Api, changes: Thing) => {
  const { status, json } = await put(admin, changes)
  expect(status).toBe(400)
  expect(json).toEqual({ status: 400, error: expect.any(String), details: expect.any(String) })
  return json as { error: string; details: string }
}

describe('PUT /users', () => {
  it('changes what is in the body and nothing else, and answers with the user read again', async () => {
    const server = await start()
    const admin = await signIn(server)
    const before = server.truth.user(ANA)
    const { status, json } = await put(admin, { extension: '1241', address: { city: 'Bergen' } })
    expect(status).toBe(200)
    const after = server.truth.user(ANA)
    expect(json).toEqual(after)
    expect(after).toEqual({
      ...before,
      extension: '1241',
      address: { ...(before?.address as Thing), city: 'Bergen' },
    })
  })

  it('needs only the user id, and ignores keys it does not know or that are read-only', async () => {
    const server = await start()
    const admin = await signIn(server)
    const before = server.truth.user(ANA)
    const { status } = await admin.put('/users', {
      userId: ANA,
      servceProviderId: 'misspelt',
      domain: 'elsewhere.example',
      defaultAlias: 'x@y',
      timeZoneDisplayName: 'Never',
      phoneNumberActivated: false,
      passwordExpiresDays: 3,
      whatever: { deep: [1] },
      title: 'Nurse',
    })
    expect(status).toBe(200)
    expect(server.truth.user(ANA)).toEqual({ ...before, title: 'Nurse' })
  })

  it('clears with null and with the empty string, and keeps what is absent', async () => {
    const server = await start()
    const admin = await signIn(server)
    await put(admin, { title: 'Nurse', mobilePhoneNumber: '+4790000000', addressLocation: 'Desk 1' })
    await put(admin, { title: null, mobilePhoneNumber: '' })
    const after = server.truth.user(ANA)
    expect(after).not.toHaveProperty('title')
    expect(after).not.toHaveProperty('mobilePhoneNumber')
    expect(after?.addressLocation).toBe('Desk 1')
    const everything = {
      phoneNumber: null,
      extension: null,
      callingLineIdPhoneNumber: null,
      emailAddress: null,
    }
    await put(admin, { ...everything, department: null, aliases: [], address: { city: null } })
    const bare = server.truth.user(ANA)
    for (const field of [...Object.keys(everything), 'department', 'departmentFullPath']) {
      expect(bare).not.toHaveProperty(field)
    }
    expect(bare?.address).not.toHaveProperty('city')
    await put(admin, {
      address: Object.fromEntries(
        ['addressLine1', 'addressLine2', 'city', 'stateOrProvince', 'zipOrPostalCode', 'country'].map(
          (key) => [key, null],
        ),
      ),
    })
    expect(server.truth.user(ANA)).not.toHaveProperty('address')
  })

  it.each([
    'lastName',
    'firstName',
    'callingLineIdLastName',
    'callingLineIdFirstName',
    'hiraganaLastName',
    'language',
    'timeZone',
    'networkClassOfService',
  ])('does not clear %s', async (field) => {
    const admin = await signIn(await start())
    for (const empty of [null, '', '   ']) {
      expect((await refusal(admin, { [field]: empty })).error).toBe(
        '[Error 6004] OCI XML Request validation error',
      )
    }
  })

  it.each([
    ['lastName', 30],
    ['firstName', 30],
    ['callingLineIdFirstName', 30],
    ['title', 50],
    ['pagerPhoneNumber', 30],
    ['mobilePhoneNumber', 30],
    ['emailAddress', 80],
    ['yahooId', 50],
    ['addressLocation', 80],
    ['callingLineIdPhoneNumber', 23],
  ])('takes %s up to %d characters, whatever they are made of', async (field, max) => {
    const server = await start()
    const admin = await signIn(server)
    for (const char of ['x', 'Ø', '龍', '👍']) {
      expect((await put(admin, { [field]: char.repeat(max) })).status).toBe(200)
      expect(server.truth.user(ANA)?.[field]).toBe(char.repeat(max))
      const { error, details } = await refusal(admin, { [field]: char.repeat(max + 1) })
      expect(error).toBe('[Error 6004] OCI XML Request validation error')
      expect(details).toContain(`maxLength '${max}'`)
    }
  })

  it('collapses and trims white space, takes numbers for text, and refuses other kinds', async () => {
    const server = await start()
    const admin = await signIn(server)
    await put(admin, { lastName: '  von \t der\n  Heide ', firstName: 1 })
    expect(server.truth.user(ANA)).toMatchObject({ lastName: 'von der Heide', firstName: '1' })
    for (const wrong of [{}, [], true, ['x']]) {
      expect((await refusal(admin, { title: wrong })).error).toContain('[Error 6004]')
    }
    expect((await refusal(admin, { title: 'bell \u0007' })).error).toContain('[Error 6004]')
    expect((await refusal(admin, { title: 'half \ud83d' })).error).toContain('[Error 6004]')
  })

  it('changes nothing when any field is refused', async () => {
    const server = await start()
    const admin = await signIn(server)
    const before = server.truth.user(ANA)
    await refusal(admin, { title: 'New', lastName: 'New', extension: '1235' })
    await refusal(admin, { title: 'New', address: { city: 'New', stateOrProvince: 'Atlantis' } })
    expect(server.truth.user(ANA)).toEqual(before)
  })

  it('guards extensions', async () => {
    const admin = await signIn(await start({ users: 25_000 }))
    const error = async (extension: unknown) => (await refusal(admin, { extension })).error
    expect(await error('1235')).toBe('[Error 4202] Extension is already assigned to another user: 1235')
    expect(await error('8001')).toBe('[Error 4202] Extension is already assigned to another user: 8001')
    expect(await error('8101')).toContain('[Error 4202]')
    expect(await error('8201')).toContain('[Error 4202]')
    expect(await error('8301')).toBe(
      '[Error 9495] Extension is already assigned as a call park extension: 8301',
    )
    expect(await error('123')).toBe(
      '[Error 4909] Invalid extension.  The extension length for this group cincinnati is 4 to 4 digits long.',
    )
    expect(await error('12345')).toContain('[Error 4909]')
    expect(await error('12a4')).toBe(
      '[Error 4910] Invalid extension.  The extension 12a4 can only contain characters 0-9.',
    )
    expect(await error('1'.repeat(21))).toContain('[Error 6004]')
    expect((await put(admin, { extension: '1234' })).status).toBe(200)
    expect((await put(admin, { extension: '1241' })).status).toBe(200)
    // Another group may use the same extension; a group with three to five digits has emergency numbers.
    const third = (await admin.get('/groups?serviceProviderId=ent.aurora')).json[2].groupId
    const [row] = (await admin.get(`/users?serviceProviderId=ent.aurora&groupId=${third}&limit=1`)).json
    const emergency = await admin.put('/users', { userId: row.userId, extension: '911' })
    expect(emergency.json.error).toBe(
      '[Error 4911] Invalid extension.  The extension 911 cannot be an emergency number.',
    )
    expect((await admin.put('/users', { userId: row.userId, extension: '912' })).status).toBe(200)
  })

  it('frees an extension and a number when they move on', async () => {
    const server = await start()
    const admin = await signIn(server)
    await put(admin, { extension: '1241', phoneNumber: null })
    const bjorn = { userId: BJORN, extension: '1234', phoneNumber: '+1-5135551234' }
    expect((await admin.put('/users', bjorn)).status).toBe(200)
    expect((await refusal(admin, { extension: '1234' })).error).toContain('[Error 4202]')
    expect((await refusal(admin, { phoneNumber: '+1-5135551234' })).error).toContain('[Error 4201]')
    expect((await put(admin, { extension: '1235', phoneNumber: '+1-5135551235' })).status).toBe(200)
    expect((await admin.put('/users', { userId: BJORN, extension: null })).status).toBe(200)
    expect((await put(admin, { extension: '1234' })).status).toBe(200)
    const found = (await admin.get(`/users?${CINCINNATI}&extension=1234`)).json
    expect(found.map((row: Thing) => row.userId)).toEqual([ANA])
  })

  it('takes numbers of the group’s pool in each of their forms, and no others', async () => {
    const server = await start()
    const admin = await signIn(server)
    for (const form of ['+1-5135551241', '+15135551241', '5135551241', 5135551241]) {
      await put(admin, { phoneNumber: null })
      expect((await put(admin, { phoneNumber: form })).status).toBe(200)
      expect(server.truth.user(ANA)?.phoneNumber).toBe('5135551241')
    }
    for (const number of ['+1-5135551235', '+1-2125551240', '+44-5135551240', '1', '+1-513555124', 'abc']) {
      expect((await refusal(admin, { phoneNumber: number })).error).toBe(
        `[Error 4201] Phone number is not available for assignment: ${number}`,
      )
    }
    expect((await refusal(admin, { phoneNumber: '5'.repeat(24) })).error).toContain('[Error 6004]')
  })

  it('keeps the calling line ID number exactly as written, shared by many', async () => {
    const server = await start()
    const admin = await signIn(server)
    for (const userId of [ANA, BJORN]) {
      await admin.put('/users', { userId, callingLineIdPhoneNumber: '+19871514002' })
      expect(server.truth.user(userId)?.callingLineIdPhoneNumber).toBe('+19871514002')
    }
  })

  it('validates the state again even when it is the old one', async () => {
    const server = await start({ users: 25_000 })
    const admin = await signIn(server)
    expect((await refusal(admin, { address: { stateOrProvince: 'Atlantis' } })).error).toBe(
      '[Error 4015] State/Province is not valid: Atlantis',
    )
    expect((await put(admin, { address: { stateOrProvince: 'Texas' } })).status).toBe(200)
    const all: Thing[] = (await admin.get(`/users?${CINCINNATI}&extended=true`)).json
    const retired = all.find((one) => (one.address as Thing | undefined)?.stateOrProvince === 'Franklin')
    expect(retired).toBeDefined()
    const userId = retired?.userId
    const resent = await admin.put('/users', { userId, address: retired?.address })
    expect(resent.json.error).toBe('[Error 4015] State/Province is not valid: Franklin')
    expect((await admin.put('/users', { userId, address: { city: 'Elsewhere' } })).status).toBe(200)
  })

  it('wants departments, languages, time zones and classes of service that exist', async () => {
    const server = await start()
    const admin = await signIn(server)
    const own = { serviceProviderId: 'ent.aurora', groupId: 'cincinnati', name: 'East' }
    await put(admin, { department: { ...own, fullPathName: 'whole row of the portal' } })
    expect(server.truth.user(ANA)).toMatchObject({
      department: own,
      departmentFullPath: 'Sales \\ East (cincinnati)',
    })
    await put(admin, { department: { serviceProviderId: 'ent.aurora', name: 'Corporate' } })
    expect(server.truth.user(ANA)?.department).toEqual({ serviceProviderId: 'ent.aurora', name: 'Corporate' })
    await put(admin, { department: { serviceProviderId: '', groupId: '', name: '' } })
    expect(server.truth.user(ANA)).not.toHaveProperty('department')
    for (const wrong of [
      { ...own, name: 'None' },
      { ...own, groupId: 'other' },
    ]) {
      expect((await refusal(admin, { department: wrong })).error).toContain('Department not found')
    }
    expect((await refusal(admin, { department: 'East (cincinnati)' })).error).toContain('[Error 6004]')
    for (const [field, good] of [
      ['language', 'German'],
      ['timeZone', 'Europe/Oslo'],
      ['networkClassOfService', 'Unrestricted'],
    ] as const) {
      expect((await put(admin, { [field]: good })).json[field]).toBe(good)
      expect((await refusal(admin, { [field]: 'Klingon' })).error).toMatch(/^\[Error 4999\] .*\(demo text\)$/)
    }
  })

  it('guards aliases and alternate ids over the whole system', async () => {
    const server = await start()
    const admin = await signIn(server)
    const aliases = ['one@aurora.example', 'two@aurora.example', 'three@aurora.example']
    expect((await put(admin, { aliases })).json.aliases).toEqual(aliases)
    expect((await put(admin, { aliases: ['', 'one@aurora.example', null] })).json.aliases).toEqual([
      'one@aurora.example',
    ])
    for (const wrong of ['no-host@', '@no-user', 'two@at@signs', 'sip:a@b', 'späce@b', 'a b@c']) {
      expect((await refusal(admin, { aliases: [wrong] })).error).toContain('[Error 6004]')
    }
    expect((await refusal(admin, { aliases: [...aliases, 'four@aurora.example'] })).error).toContain('6004')
    expect((await refusal(admin, { aliases: [BJORN.toUpperCase()] })).error).toBe(
      `[Error 4200] User already exists: ${BJORN.toUpperCase()}`,
    )
    const clash = await admin.put('/users', { userId: BJORN, aliases: ['ONE@aurora.example'] })
    expect(clash.json.error).toContain('[Error 4200]')
    await put(admin, { aliases: [] })
    expect((await admin.put('/users', { userId: BJORN, aliases: ['one@aurora.example'] })).status).toBe(200)
    const hunt = (await admin.get(`/groups/hunt-groups?${CINCINNATI}`)).json[0].serviceUserId
    expect((await refusal(admin, { aliases: [hunt] })).error).toContain('[Error 4200]')
    expect(
      (await put(admin, { alternateUserId: [{ alternateUserId: 'short@aurora.example' }] })).json
        .alternateUserId,
    ).toEqual([{ alternateUserId: 'short@aurora.example' }])
  })

  it('switches the endpoint and knows devices and trunk groups', async () => {
    const server = await start()
    const admin = await signIn(server)
    const device = { deviceName: 'spare-1', deviceLevel: 'Group' }
    const access = { accessDevice: device, linePort: 'ana-desk@cincinnati.aurora.example' }
    const trunk = {
      trunkGroupDeviceEndpoint: { name: 'Trunk A', linePort: 'ana-trunk@cincinnati.aurora.example' },
    }
    await put(admin, { endpointType: 'none' })
    expect(server.truth.user(ANA)).toMatchObject({
      endpointType: 'none',
      accessDeviceEndpoint: { contacts: [] },
      trunkAddressing: { trunkGroupDeviceEndpoint: { contacts: [] } },
    })
    expect(
      (await put(admin, { endpointType: 'accessDeviceEndpoint', accessDeviceEndpoint: access })).json,
    ).toMatchObject({
      endpointType: 'accessDeviceEndpoint',
      accessDeviceEndpoint: { accessDevice: device, linePort: access.linePort },
    })
    expect(
      (await put(admin, { contacts: [{ sipContact: 'a@10.0.0.1' }] })).json.accessDeviceEndpoint.contacts,
    ).toEqual([{ sipContact: 'a@10.0.0.1' }])
    expect(
      (await put(admin, { endpointType: 'trunkAddressing', trunkAddressing: trunk })).json,
    ).toMatchObject({
      endpointType: 'trunkAddressing',
      accessDeviceEndpoint: { contacts: [] },
      trunkAddressing: trunk,
    })
    const error = async (changes: Thing) => (await refusal(admin, changes)).error
    expect(await error({ endpointType: 'carrier pigeon' })).toContain('[Error 6004]')
    expect(await error({ accessDeviceEndpoint: access, trunkAddressing: trunk })).toContain('[Error 6004]')
    expect(await error({ endpointType: 'accessDeviceEndpoint' })).toContain('[Error 6004]')
    expect(await error({ accessDeviceEndpoint: { ...access, accessDevice: { deviceName: 'none' } } })).toBe(
      '[Error 4505] Access Device not found: none',
    )
    expect(await error({ contacts: Array.from({ length: 6 }, () => ({ sipContact: 'a@b' })) })).toContain(
      '6004',
    )
    const taken = await admin.put('/users', {
      userId: BJORN,
      endpointType: 'trunkAddressing',
      trunkAddressing: trunk,
    })
    expect(taken.json.error).toContain('Line/Port is already in use')
  })

  it('takes back the whole object that the portal sends', async () => {
    for (const manner of ['plain', 'awkward'] as const) {
      const server = await start({ manner, users: 2000 })
      const admin = await signIn(server)
      const all: Thing[] = (await admin.get(`/users?${CINCINNATI}&extended=true`)).json
      for (const user of all
        .filter((one) => (one.address as Thing)?.stateOrProvince !== 'Franklin')
        .slice(0, 120)) {
        const id = String(user.userId)
        const before = server.truth.user(id)
        const { status, text } = await admin.put('/users', user)
        expect(`${status} ${status === 200 ? '' : text}`).toBe('200 ')
        expect(server.truth.user(id)).toEqual(before)
      }
    }
  })

  it('refuses fields of services that the user does not have', async () => {
    const admin = await signIn(await start())
    expect((await refusal(admin, { impId: 'x@y' })).error).toBe(
      '[Error 4410] Service is not assigned to this subscriber: Third-Party IMP',
    )
    expect((await refusal(admin, { officeZoneName: 'x' })).error).toContain('[Error 4410]')
  })

  it('refuses a new e-mail address while instant messaging is active', async () => {
    const admin = await signIn(await start({ users: 2000 }))
    const all: Thing[] = (await admin.get('/users?extended=true')).json
    const user = all.find((one) => one.impId)
    const { json } = await admin.put('/users', { userId: user?.userId, emailAddress: 'new@x.example' })
    expect(json.error).toContain('Integrated IMP')
  })

  it('says when the keys name another place', async () => {
    const admin = await signIn(await start())
    const wrong = await admin.put('/users', { userId: ANA, serviceProviderId: 'ent.aurora', groupId: 'none' })
    expect(wrong).toMatchObject({
      status: 404,
      json: { error: '[Error 4152] Group not found: ent.aurora:none' },
    })
    const other = await admin.put('/users', { userId: ANA, groupId: 'headquarters' })
    expect(other).toMatchObject({ status: 404, json: { error: `[Error 4008] User not found: ${ANA}` } })
    const unknown = await admin.put('/users', { userId: 'no@x', title: 'x' })
    expect(unknown).toMatchObject({ status: 404, json: { error: '[Error 4008] User not found: no@x' } })
    expect((await admin.put('/users', { title: 'x' })).json.error).toBe('The userId field is required.')
  })

  it('answers refusals with the status it was told', async () => {
    const admin = await signIn(await start({ errorStatus: 409 }))
    expect(await put(admin, { extension: '1235' })).toMatchObject({
      status: 409,
      json: { status: 409, error: expect.stringContaining('[Error 4202]') },
    })
    expect((await admin.get('/users?userId=no@x')).status).toBe(404)
  })
})

describe('the other writes', () => {
  it('applies a bulk in order and stops at the first refusal', async () => {
    const server = await start()
    const admin = await signIn(server)
    const third = server.truth.userIds(2, 1)[0] ?? ''
    const bulk = (data: Thing, ...ids: string[]) =>
      admin.put('/users/bulk', { users: ids.map((userId) => ({ userId })), data })
    const echo = await bulk({ title: 'Team' }, ANA, BJORN)
    expect(echo.json).toEqual({ users: [{ userId: ANA }, { userId: BJORN }], data: { title: 'Team' } })
    const stopped = await bulk({ title: 'Half' }, ANA, 'no@x', third)
    expect(stopped).toMatchObject({ status: 404, json: { error: '[Error 4008] User not found: no@x' } })
    expect(server.truth.user(ANA)?.title).toBe('Half')
    expect(server.truth.user(third)?.title).not.toBe('Half')
    const rows = (await admin.get(`/users?${CINCINNATI}&limit=2`)).json
    expect((await admin.put('/users/bulk', { users: rows, data: { title: 'Rows' } })).status).toBe(200)
    expect(server.truth.user(BJORN)?.title).toBe('Rows')
    for (const bad of [{}, { users: {} }, { users: [1], data: {} }, { users: [], data: [] }]) {
      expect((await admin.put('/users/bulk', bad)).status).toBe(400)
    }
  })

  it('replaces alternate user ids', async () => {
    const server = await start()
    const admin = await signIn(server)
    const users = [{ userId: 'a.o@aurora.example', description: 'Short' }, { userId: 'ao@aurora.example' }]
    expect((await admin.put('/users/alternate-user-id', { userId: ANA, users })).json).toEqual({
      userId: ANA,
      users,
    })
    expect((await admin.get(`/users/alternate-user-id?userId=${ANA}`)).json).toEqual({ userId: ANA, users })
    expect((await admin.get('/users?userId=AO@aurora.example')).json.userId).toBe(ANA)
    const login = (await admin.get('/users/login-info?userId=ao@aurora.example')).json
    expect(login).toMatchObject({ isAlternateUserId: true, broadworksUserId: ANA })
    const put = async (userId: string, list: Thing[]) =>
      (await admin.put('/users/alternate-user-id', { userId, users: list })).json.error
    expect(await put(BJORN, [{ userId: 'ao@aurora.example' }])).toContain('[Error 4200]')
    expect(await put(ANA, [...users, ...users, ...users])).toContain('[Error 6004]')
    expect(await put(ANA, [{ userId: 'x@y.example', description: 'd'.repeat(81) }])).toContain('[Error 6004]')
    await admin.put('/users/alternate-user-id', { userId: ANA, users: [] })
    expect((await admin.get('/users?userId=ao@aurora.example')).status).toBe(404)
  })

  it('renames a user, whose default alias stays', async () => {
    const server = await start()
    const admin = await signIn(server)
    const rename = (newUserId: string) => admin.put('/users/user-id', { userId: ANA, newUserId })
    expect((await rename(BJORN)).json.error).toBe(`[Error 4200] User already exists: ${BJORN}`)
    expect((await rename('ana@nowhere.example')).json.error).toContain('Domain is not assigned')
    expect((await rename('no-domain')).json.error).toContain('[Error 6004]')
    expect((await rename('ana@aurora.example')).json).toEqual([])
    expect((await admin.get(`/users?userId=${ANA}`)).status).toBe(404)
    expect((await admin.get('/users?userId=ana@aurora.example')).json).toMatchObject({
      userId: 'ana@aurora.example',
      defaultAlias: ANA,
      extension: '1234',
    })
    expect((await admin.get(`/users?${CINCINNATI}&limit=1`)).json[0].userId).toBe('ana@aurora.example')
  })

  it('moves a user within its enterprise after a dry run', async () => {
    const server = await start({ users: 25_000 })
    const admin = await signIn(server)
    const move = (newGroupId: string, evaluateOnly: boolean, userId = ANA) =>
      admin.put('/users/group-id', { userId, newGroupId, evaluateOnly })
    const dry = (await move('chicago', true)).json
    expect(dry.error).toEqual([expect.stringContaining('[Error 19606] Extension 1234 is in use')])
    expect(dry.impact).toContainEqual(expect.stringContaining('[Error 19701] Phone number +1-5135551234'))
    expect(server.truth.user(ANA)?.groupId).toBe('cincinnati')
    expect((await move('chicago', false)).json.error).toContain('[Error 19606]')
    await admin.put('/users', { userId: ANA, extension: '1241' })
    expect((await move('chicago', true)).json.error).toEqual([])
    const moved = await move('chicago', false)
    expect(moved.json).toMatchObject({
      userId: ANA,
      groupId: 'chicago',
      extension: '1241',
      endpointType: 'none',
    })
    expect(moved.json).not.toHaveProperty('phoneNumber')
    const listOf = async (group: string) =>
      (await admin.get(`/users?serviceProviderId=ent.aurora&groupId=${group}`)).json.map(
        (row: Thing) => row.userId,
      )
    expect(await listOf('chicago')).toContain(ANA)
    expect(await listOf('cincinnati')).not.toContain(ANA)
    const counts = async (group: string) =>
      (await admin.get(`/groups?serviceProviderId=ent.aurora&groupId=${group}`)).json.userCount
    expect([await counts('cincinnati'), await counts('chicago')]).toEqual([624, 626])
    expect((await admin.put('/users', { userId: BJORN, extension: '1234' })).status).toBe(200)
    expect((await move('none', false)).json.error).toBe('[Error 4152] Group not found: ent.aurora:none')
    const [stranger] = (await admin.get('/users?serviceProviderId=sp.fjord&limit=1')).json
    const target = (await admin.get('/groups?serviceProviderId=sp.fjord')).json[1].groupId
    expect((await move(target, false, stranger.userId)).json.error).toContain('[Error 19600]')
    await admin.put('/users', { userId: BJORN, extension: '1235' })
    expect((await move('cincinnati', false)).status).toBe(200)
    expect(await listOf('cincinnati')).toContain(ANA)
    expect([await counts('cincinnati'), await counts('chicago')]).toEqual([625, 625])
  })

  it('sets a web password that then signs in, and a passcode, by their rules', async () => {
    const server = await start()
    const admin = await signIn(server)
    const set = async (newPassword: string) =>
      (await admin.put('/users/passwords', { userId: BJORN, newPassword })).json
    for (const [weak, reason] of [
      ['Ab1', 'at least 8 characters'],
      ['abcdefg1', 'upper case'],
      ['ABCDEFG1', 'lower case'],
      ['Abcdefgh', 'digit'],
      [`A1${BJORN}`, 'user id'],
    ] as const) {
      expect((await set(weak)).error).toContain(reason)
    }
    expect((await set(`Aa1${'x'.repeat(58)}`)).error).toContain('[Error 6004]')
    expect(await set('Correct-Horse-1')).toEqual([])
    const bjorn = await signIn(server, BJORN, 'Correct-Horse-1')
    const own = await bjorn.put('/users/passwords', { userId: BJORN, newPassword: 'Correct-Horse-2' })
    expect(own.json.error).toBe('The oldPassword field is required.')
    await bjorn.put('/users/passwords', {
      userId: BJORN,
      oldPassword: 'Correct-Horse-1',
      newPassword: 'Correct-Horse-2',
    })
    await signIn(server, BJORN, 'Correct-Horse-2')
    const code = async (newPasscode: unknown) =>
      (await admin.put('/users/portal-passcode', { userId: ANA, newPasscode })).json
    for (const weak of ['123', '1234567', '12a4', '1111', '3456', '1234', '4321']) {
      expect((await code(weak)).error).toMatch(/^\[Error 4999\]/)
    }
    expect(await code('8264')).toEqual([])
  })

  it('deletes a user, who is then gone everywhere', async () => {
    const server = await start()
    const admin = await signIn(server)
    expect((await admin.del(`/users?userId=${ANA}`)).status).toBe(200)
    expect((await admin.get(`/users?userId=${ANA}`)).status).toBe(404)
    expect((await admin.put('/users', { userId: ANA, title: 'x' })).json.error).toContain('[Error 4008]')
    expect((await admin.get(`/users?${CINCINNATI}&limit=1`)).json[0].userId).toBe(BJORN)
    expect(
      (await admin.put('/users', { userId: BJORN, extension: '1234', phoneNumber: '5135551234' })).status,
    ).toBe(200)
    expect((await admin.get(`/groups?${CINCINNATI}`)).json.userCount).toBe(499)
  })
})
