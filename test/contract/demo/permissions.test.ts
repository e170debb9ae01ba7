import { describe, expect, it } from 'vitest'
import { ANA, BJORN, CINCINNATI, signIn, start, type Thing } from './support'

const FOREIGN = 'serviceProviderId=ent.meridian'

/** What is refused carries the command that BroadWorks would name. */
async function outcome(reply: Promise<{ status: number; json: { error?: string } }>): Promise<string> {
  const { status, json } = await reply
  return status === 200 ? 'ok' : `${status} ${json.error}`
}

const no = (command: string) => `403 [Error 4003] Unauthorized request: ${command}`

describe('what each login type may do', () => {
  it('System and Provisioning: everything', async () => {
    const server = await start()
    for (const name of ['admin', 'provisioning']) {
      const account = await signIn(server, name)
      expect(await outcome(account.get('/service-providers'))).toBe('ok')
      expect(await outcome(account.get('/users?limit=1'))).toBe('ok')
      expect(await outcome(account.put('/users', { userId: ANA, title: 'x' }))).toBe('ok')
    }
  })

  it('Service Provider: its own groups and users', async () => {
    const account = await signIn(await start(), 'provider-admin')
    expect(await outcome(account.get('/service-providers'))).toBe(no('ServiceProviderGetListRequest'))
    expect(await outcome(account.get('/service-providers?serviceProviderId=ent.aurora'))).toBe('ok')
    expect(await outcome(account.get('/groups?serviceProviderId=ent.aurora'))).toBe('ok')
    expect(await outcome(account.get(`/groups?${FOREIGN}`))).toBe(no('GroupGetListInServiceProviderRequest'))
    expect(await outcome(account.get(`/users?${CINCINNATI}`))).toBe('ok')
    expect(await outcome(account.get('/users?serviceProviderId=ent.aurora'))).toBe('ok')
    expect(await outcome(account.get('/users'))).toBe(no('UserGetListInSystemRequest'))
    expect(await outcome(account.get(`/users?${FOREIGN}`))).toBe(no('UserGetListInServiceProviderRequest'))
    expect(await outcome(account.put('/users', { userId: ANA, title: 'x' }))).toBe('ok')
    expect(await outcome(account.get(`/service-providers/dns?${FOREIGN}`))).toBe(
      no('ServiceProviderDnGetListRequest'),
    )
  })

  it('Group: its own users, without the list of groups', async () => {
    const server = await start({ users: 25_000 })
    const account = await signIn(server, 'group-admin')
    expect(await outcome(account.get('/groups?serviceProviderId=ent.aurora'))).toBe(
      no('GroupGetListInServiceProviderRequest'),
    )
    expect(await outcome(account.get(`/groups?${CINCINNATI}`))).toBe('ok')
    expect(await outcome(account.get(`/users?${CINCINNATI}`))).toBe('ok')
    expect(await outcome(account.get('/users?serviceProviderId=ent.aurora&groupId=chicago'))).toBe(
      no('UserGetListInGroupRequest'),
    )
    expect(await outcome(account.put('/users', { userId: ANA, title: 'x' }))).toBe('ok')
    const [stranger] = (
      await (await signIn(server)).get('/users?serviceProviderId=ent.aurora&groupId=chicago&limit=1')
    ).json
    expect(await outcome(account.get(`/users?userId=${stranger.userId}`))).toBe(no('UserGetRequest23V2'))
    expect(await outcome(account.put('/users', { userId: stranger.userId, title: 'x' }))).toBe(
      no('UserModifyRequest22'),
    )
    expect(await outcome(account.put('/users/group-id', { userId: ANA, newGroupId: 'chicago' }))).toBe(
      no('UserModifyGroupIdRequest'),
    )
    expect(
      await outcome(
        account.put('/groups/dns', { serviceProviderId: 'ent.aurora', groupId: 'cincinnati', dns: [] }),
      ),
    ).toBe(no('GroupDnActivateListRequest'))
  })

  it('Group Department: reads the group, changes its department', async () => {
    const account = await signIn(await start(), 'department-admin')
    const rows: Thing[] = (await account.get(`/users?${CINCINNATI}`)).json
    const own = rows.find((row) => row.department === 'Sales (cincinnati)')?.userId
    const other = rows.find((row) => row.department !== 'Sales (cincinnati)')?.userId
    expect(await outcome(account.put('/users', { userId: own, title: 'x' }))).toBe('ok')
    expect(await outcome(account.put('/users', { userId: own, department: null }))).toBe(
      no('UserModifyRequest22'),
    )
    expect(await outcome(account.put('/users', { userId: other, title: 'x' }))).toBe(
      no('UserModifyRequest22'),
    )
    expect(await outcome(account.put('/users/user-id', { userId: own, newUserId: 'x@aurora.example' }))).toBe(
      no('UserModifyUserIdRequest'),
    )
  })

  it('User: its own profile, not its numbers or calling line ID', async () => {
    const account = await signIn(await start(), ANA)
    expect(await outcome(account.get(`/users?userId=${ANA}`))).toBe('ok')
    expect(await outcome(account.get(`/users?userId=${BJORN}`))).toBe(no('UserGetRequest23V2'))
    expect(await outcome(account.get(`/users?${CINCINNATI}`))).toBe(no('UserGetListInGroupRequest'))
    expect(await outcome(account.put('/users', { userId: ANA, title: 'x', lastName: 'New' }))).toBe('ok')
    for (const changes of [
      { callingLineIdLastName: 'x' },
      { department: null },
      { extension: '1241' },
      { networkClassOfService: 'National' },
    ]) {
      expect(await outcome(account.put('/users', { userId: ANA, ...changes }))).toBe(
        no('UserModifyRequest22'),
      )
    }
    expect(await outcome(account.del(`/users?userId=${ANA}`))).toBe(no('UserDeleteRequest'))
  })

  it('policies: numbers read-only, profiles read-only, everything read-only', async () => {
    const server = await start()
    const limited = await signIn(server, 'limited-admin')
    expect(await outcome(limited.put('/users', { userId: ANA, title: 'x', extension: '1234' }))).toBe('ok')
    expect(await outcome(limited.put('/users', { userId: ANA, extension: '1241' }))).toBe(
      no('UserModifyRequest22'),
    )
    expect(await outcome(limited.put('/users', { userId: ANA, callingLineIdPhoneNumber: '1' }))).toBe(
      no('UserModifyRequest22'),
    )
    for (const name of ['reader', 'read-only']) {
      const account = await signIn(server, name)
      expect(await outcome(account.get(`/users?userId=${ANA}`))).toBe('ok')
      expect(await outcome(account.put('/users', { userId: ANA, title: 'y' }))).toBe(
        no('UserModifyRequest22'),
      )
    }
    expect(server.truth.user(ANA)?.title).toBe('x')
  })
})
