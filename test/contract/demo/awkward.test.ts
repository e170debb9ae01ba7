import { describe, expect, it } from 'vitest'
import { ANA, type Api, CINCINNATI, signIn, start, type Thing } from './support'

/** The types that one key has over many objects, such as `string`, `number`, `null`, `absent`, `empty`. */
function kinds(objects: readonly Thing[], key: string): Set<string> {
  return new Set(
    objects.map((one) => {
      const value = one[key]
      if (value === undefined) return 'absent'
      if (value === '') return 'empty'
      return value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value
    }),
  )
}

const all = async (admin: Api, extended = true): Promise<Thing[]> =>
  (await admin.get(`/users?serviceProviderId=ent.aurora&extended=${extended}`)).json

describe('the wobbles of the awkward server', () => {
  it('sends digits-only text as numbers', async () => {
    const admin = await signIn(await start({ manner: 'awkward', users: 25_000 }))
    const users = await all(admin)
    expect(kinds(users, 'lastName')).toEqual(new Set(['string', 'number']))
    expect(kinds(users, 'mobilePhoneNumber')).toEqual(new Set(['string', 'number', 'absent']))
    expect(kinds(users, 'pagerPhoneNumber')).toEqual(new Set(['number', 'absent']))
    expect(kinds(users, 'locationDialingCode')).toEqual(new Set(['number']))
    const devices = users.flatMap((one) => {
      const device = (one.accessDeviceEndpoint as Thing).accessDevice as Thing | undefined
      return device ? [device] : []
    })
    expect(kinds(devices, 'macAddress')).toEqual(new Set(['string', 'number']))
    expect(kinds(await all(admin, false), 'extension')).toEqual(
      new Set(['number', 'empty', 'null', 'absent']),
    )
    expect((await admin.get(`/groups?${CINCINNATI}`)).json.locationDialingCode).toBe(200)
  })

  it('sends booleans as text', async () => {
    const admin = await signIn(await start({ manner: 'awkward' }))
    const user = (await admin.get(`/users?userId=${ANA}`)).json
    expect(user.isEnterprise).toBe('true')
    expect(user.phoneNumberActivated).toBe('true')
    const users = await all(admin)
    const pilots = users
      .filter((one) => one.endpointType === 'trunkAddressing')
      .map((one) => (one.trunkAddressing as { trunkGroupDeviceEndpoint: Thing }).trunkGroupDeviceEndpoint)
    expect(kinds(pilots, 'isPilotUser')).toEqual(new Set(['string']))
  })

  it('sends a list of one as the bare thing', async () => {
    const admin = await signIn(await start({ manner: 'awkward' }))
    const users = await all(admin)
    expect(kinds(users, 'alternateUserId')).toEqual(new Set(['list', 'object', 'absent']))
    const contacts = users.map((one) => one.accessDeviceEndpoint as Thing)
    expect(kinds(contacts, 'contacts')).toEqual(new Set(['list', 'object']))
    expect((await admin.get(`/groups/call-centers?${CINCINNATI}`)).json).toMatchObject({
      name: 'Support queue',
    })
    expect((await admin.get(`/groups/dns?${CINCINNATI}&q=summary`)).json.dns).toMatchObject({
      min: '+1-5135551234',
    })
    const put = await admin.put('/users/alternate-user-id', {
      userId: ANA,
      users: [{ userId: 'a@aurora.example' }],
    })
    expect(put.json.users).toEqual({ userId: 'a@aurora.example' })
  })

  it('says empty in three ways, by call and by row', async () => {
    const admin = await signIn(await start({ manner: 'awkward' }))
    const rows = await all(admin, false)
    for (const key of ['department', 'phoneNumber', 'emailAddress', 'nationalPrefix']) {
      expect(kinds(rows, key), key).toEqual(
        new Set([...(key === 'nationalPrefix' ? [] : ['string']), 'null', 'empty', 'absent']),
      )
    }
    const cleared = { phoneNumber: null, extension: null, emailAddress: null, callingLineIdPhoneNumber: null }
    const [written] = (await admin.put('/users', { userId: ANA, ...cleared, department: null })).json
    expect(written).toMatchObject({
      phoneNumber: '',
      extension: '',
      emailAddress: '',
      callingLineIdPhoneNumber: '',
      nationalPrefix: '',
      department: { serviceProviderId: '', groupId: '', name: '' },
    })
    const read = (await admin.get(`/users?userId=${ANA}`)).json
    for (const key of [...Object.keys(cleared), 'department', 'nationalPrefix'])
      expect(read).not.toHaveProperty(key)
  })

  it('wraps the answer of PUT /users in a list, but not that of a move', async () => {
    const server = await start({ manner: 'awkward', users: 25_000 })
    const admin = await signIn(server)
    const put = (await admin.put('/users', { userId: ANA, extension: '1241' })).json
    expect(put).toEqual([expect.objectContaining({ userId: ANA, extension: '1241' })])
    const moved = await admin.put('/users/group-id', { userId: ANA, newGroupId: 'chicago' })
    expect(moved.json).toMatchObject({ userId: ANA, groupId: 'chicago' })
  })

  it('shows both forms of numbers and of the short user id', async () => {
    const admin = await signIn(await start({ manner: 'awkward' }))
    const forms = new Set(
      (await all(admin)).map((one) => String(one.callingLineIdPhoneNumber ?? '').slice(0, 1)),
    )
    expect(forms).toEqual(new Set(['', '+', '5', '2']))
    const short = (await all(admin, false)).map((row) => String(row.userIdShort).includes('@'))
    expect(new Set(short)).toEqual(new Set([true, false]))
  })

  it('tells the days to a password’s end as numbers and as text, with the sentinels of never', async () => {
    const server = await start({ manner: 'awkward' })
    const users = await all(await signIn(server))
    expect(kinds(users, 'passwordExpiresDays')).toEqual(new Set(['string', 'number']))
    const never = users.filter((one) => String(one.passwordExpiresDays) === '-2147483648')
    expect(never.length).toBeGreaterThan(users.length / 2)
    const user = never[0]
    const id = String(user?.userId)
    await (await signIn(server)).put('/users/passwords', { userId: id, newPassword: 'Correct-Horse-1' })
    const own = await signIn(server, id, 'Correct-Horse-1')
    expect(String((await own.get(`/users?userId=${id}`)).json.passwordExpiresDays)).toBe('2147483647')
  })

  it('answers a sign-in with the token alone, and the session with a list for a policy', async () => {
    const server = await start({ manner: 'awkward' })
    const admin = await signIn(server)
    expect(Object.keys((await admin.put('/auth/token')).json)).toEqual(['token'])
    const session = (await admin.get('/auth/session')).json
    expect(session).toMatchObject({ policy: [], encoding: 'ISO-8859-1', passwordExpiresDays: '-2147483648' })
    const limited = (await (await signIn(server, 'limited-admin')).get('/auth/session')).json
    expect(limited.policy).toMatchObject({ phoneNumberExtensionAccess: 'Read-Only' })
  })

  it('words a taken extension as newer releases do, and a missing key as Laravel does', async () => {
    const admin = await signIn(await start({ manner: 'awkward' }))
    expect((await admin.put('/users', { userId: ANA, extension: '1235' })).json.error).toBe(
      '[Error 4202] The extension is not available. It is already assigned to a user: 1235.',
    )
    expect(await admin.put('/users', { title: 'x' })).toMatchObject({
      status: 422,
      json: { message: 'The given data was invalid.', errors: { userId: ['The userId field is required.'] } },
    })
  })

  it('ignores keys that name another place', async () => {
    const server = await start({ manner: 'awkward' })
    const admin = await signIn(server)
    const put = await admin.put('/users', { userId: ANA, groupId: 'none', title: 'Kept' })
    expect(put.status).toBe(200)
    expect(server.truth.user(ANA)?.title).toBe('Kept')
  })

  it('does not promise an order', async () => {
    const plain = await signIn(await start({ users: 25_000 }))
    const awkward = await signIn(await start({ users: 25_000, manner: 'awkward' }))
    // Without the names, some of which are hostile in one manner only.
    const idsOf = async (admin: Api) =>
      (await all(admin, false)).map((row) => String(row.userId).replace(/^.*\.(?=\d+@)/, ''))
    const [one, other] = [await idsOf(plain), await idsOf(awkward)]
    expect(other).not.toEqual(one)
    expect([...other].sort()).toEqual([...one].sort())
  })
})

describe('the plain server', () => {
  it('has one spelling of everything', async () => {
    const admin = await signIn(await start({ users: 25_000 }))
    const users = await all(admin)
    for (const key of [
      'lastName',
      'firstName',
      'isEnterprise',
      'passwordExpiresDays',
      'aliases',
      'language',
    ]) {
      expect(kinds(users, key).size, key).toBe(1)
    }
    for (const key of ['mobilePhoneNumber', 'emailAddress', 'phoneNumber', 'extension', 'title']) {
      expect(kinds(users, key), key).toEqual(new Set(['string', 'absent']))
    }
    expect(kinds(await all(admin, false), 'extension')).toEqual(new Set(['string', 'null']))
  })
})
