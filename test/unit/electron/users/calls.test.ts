import { describe, expect, it } from 'vitest'
import { outboxRepository } from '../../../../electron/store/repositories/outbox'
import { serviceOf } from '../../../../shared/calls/catalogue'
import { normaliseService } from '../../../../shared/calls/normalise'
import { entry } from '../store/support'
import { oops } from './fake'
import { connect, connection, idsOf, loaded, query, setUp, until } from './set-up'

const anna = { serviceProviderId: 'acme', groupId: 'support', userId: 'anna@acme.example' }
const on = (forwardToPhoneNumber: string | number) => ({ isActive: true, forwardToPhoneNumber })
const off = { isActive: false }
const forwardings = {
  callForwardingAlways: off,
  callForwardingBusy: off,
  callForwardingNoAnswer: off,
  callForwardingNotReachable: off,
}

/** A directory whose list was read, of a server on which everybody has the forwardings and some use them. */
const connected = async (store?: Parameters<typeof setUp>[1]) => {
  const all = setUp(undefined, store)
  for (const { key } of all.server.people) all.server.services.set(key.userId, { ...forwardings })
  const set = (userId: string, more: object) =>
    all.server.services.set(userId, { ...forwardings, ...more } as never)
  // To a colleague's extension, to a number of nobody here, and to Anna's.
  set('s1@acme.example', { callForwardingAlways: on(1002), doNotDisturb: { isActive: true } })
  set('s2@acme.example', { callForwardingBusy: on('+44 20 7946 0000'), voiceMessaging: { isActive: true } })
  set('s3@acme.example', { callForwardingNoAnswer: on('5135550123'), doNotDisturb: off })
  set('zoe@beta.example', { callForwardingAlways: on('5135550123') })
  await connect(all.directory, all.client)
  all.server.calls.length = 0
  return { ...all, set }
}
const bulk = (group: string) =>
  [
    'callForwardingAlways',
    'callForwardingBusy',
    'callForwardingNoAnswer',
    'callForwardingNotReachable',
    'voiceMessaging',
  ].map((id) => `bulk ${id} ${group}`)

const unreadOf = async (
  { directory }: Pick<Awaited<ReturnType<typeof connected>>, 'directory'>,
  search: string,
) => (await directory.window(query(search), 0, 1)).unread

describe('what happens to the calls of many users', () => {
  it('is not known, and neither yes nor no, until somebody asks for it', async () => {
    const all = await connected()
    for (const search of [
      'forwarded:yes',
      'forwarded:no',
      '-forwarded:yes',
      'forwarded:outside',
      '-forwarded:outside',
    ]) {
      expect(await idsOf(all.directory, search), search).toEqual([])
      expect(await unreadOf(all, search)).toMatchObject({
        labels: ['Forwarded to'],
        users: 32,
        known: 0,
        groups: 3,
        calls: 'groups',
        onlyCalls: true,
      })
    }
    expect(await unreadOf(all, 'dnd:on')).toMatchObject({ labels: ['Do not disturb'], calls: 'users' })
    expect(await unreadOf(all, 'vm:off title:nurse')).toMatchObject({
      labels: ['Voice mail', 'Title'],
      calls: 'groups',
    })
    expect(await unreadOf(all, 'vm:off title:nurse')).not.toHaveProperty('onlyCalls')
    expect(all.server.calls).toEqual([])
  })

  it('is read with one call a group and service, and found', async () => {
    const all = await connected()
    const { directory, server } = all
    directory.readMissing({}, { calls: 'groups', onlyCalls: true })
    await loaded(directory)
    expect(server.calls.toSorted()).toEqual(
      ['acme/sales', 'acme/support', 'beta/main'].flatMap(bulk).toSorted(),
    )
    expect(await idsOf(directory, 'forwarded:yes')).toHaveLength(4)
    expect(await idsOf(directory, 'forwarded:no')).toHaveLength(28)
    expect(await idsOf(directory, 'forwarded:outside')).toEqual(['zoe@beta.example', 's2@acme.example'])
    expect(await idsOf(directory, 'forwarded:inside')).toEqual(['s1@acme.example', 's3@acme.example'])
    expect(await idsOf(directory, 'forwarded:+4420* seller')).toEqual(['s2@acme.example'])
    expect(await idsOf(directory, '-forwarded:outside forwarded:yes')).toEqual([
      's1@acme.example',
      's3@acme.example',
    ])
    expect(await unreadOf(all, 'forwarded:outside')).toBeUndefined()
    // What has no such call is still not known.
    expect(await unreadOf(all, 'dnd:on')).toMatchObject({ known: 0 })
    expect(await idsOf(directory, 'vm:on')).toEqual(['s2@acme.example'])
    expect(await idsOf(directory, 'vm:none')).toHaveLength(31)
    expect(directory.row('s2@acme.example')?.calls).toEqual({
      'calls.forwardedTo': '+44 20 7946 0000 (busy)',
      'calls.voiceMail': 'on',
    })
    expect(directory.row(anna.userId)?.calls).toEqual({
      'calls.forwardedTo': 'no',
      'calls.voiceMail': 'none',
    })
  })

  it('is read user by user where there is no call for a group, of those who are asked for', async () => {
    const all = await connected()
    const { directory, server } = all
    const scope = { serviceProviderId: 'acme', groupId: 'support' }
    directory.readMissing(scope, { calls: 'users', onlyCalls: true })
    await loaded(directory)
    expect(server.calls).toEqual([...bulk('acme/support'), 'services anna@acme.example'])
    directory.readMissing({}, { calls: 'users', onlyCalls: true })
    await loaded(directory)
    expect(server.calls.filter((call) => call === 'services anna@acme.example')).toHaveLength(1)
    expect(await idsOf(directory, 'dnd:on')).toEqual(['s1@acme.example'])
    expect(await idsOf(directory, 'dnd:off')).toEqual(['s3@acme.example'])
    expect(await unreadOf(all, 'remote:on')).toBeUndefined()
  })

  it('is read user by user from a server that has no calls for groups', async () => {
    const all = await connected()
    for (const call of bulk('acme/support')) all.server.failures.set(call, oops('not-found'))
    all.directory.readMissing(
      { serviceProviderId: 'acme', groupId: 'support' },
      { calls: 'groups', onlyCalls: true },
    )
    await loaded(all.directory)
    expect(all.server.calls).toContain('services anna@acme.example')
    expect(await idsOf(all.directory, 'forwarded:no')).toEqual([anna.userId])
  })

  it('says which groups could not be read, and keeps the rest', async () => {
    const all = await connected()
    all.server.failures.set('bulk callForwardingBusy acme/sales', oops('forbidden'))
    all.directory.readMissing({}, { calls: 'groups', onlyCalls: true })
    const { failed, phase } = await loaded(all.directory)
    expect(phase).toBe('calls')
    expect(failed).toEqual([expect.objectContaining({ groupId: 'sales', message: 'Failed: forbidden.' })])
    expect(await unreadOf(all, 'forwarded:no')).toMatchObject({ known: 2, users: 32, groups: 1 })
  })

  it('comes with taking offline, goes on after a restart, and is told as it was', async () => {
    const all = await connected()
    const { directory, server, make, client } = all
    server.failures.set('services s7@acme.example', oops('not-sent'))
    directory.takeOffline({}, true)
    await loaded(directory)
    expect(await unreadOf(all, 'dnd:on')).toMatchObject({ users: 32 })
    server.failures.clear()
    await directory.stop()

    const again = make()
    await again.show(connection)
    expect(await idsOf(again, 'forwarded:outside')).toEqual(await idsOf(directory, 'forwarded:outside'))
    again.attach(client)
    await until(async () => (await unreadOf({ directory: again }, 'dnd:on')) === undefined)
    expect(await idsOf(again, 'dnd:on')).toEqual(['s1@acme.example'])
    await again.stop()

    // Without the copy of the index, which can be lost at any time.
    all.files.kept.clear()
    const anew = make()
    await anew.show(connection)
    expect(await idsOf(anew, 'dnd:on')).toEqual(['s1@acme.example'])
    expect(await idsOf(anew, 'forwarded:outside')).toEqual(['zoe@beta.example', 's2@acme.example'])
    await anew.stop()
  })

  it('is read again with the list where it is known, and only there', async () => {
    const { directory, server, set } = await connected()
    directory.readMissing(
      { serviceProviderId: 'acme', groupId: 'support' },
      { calls: 'groups', onlyCalls: true },
    )
    await loaded(directory)
    expect(await idsOf(directory, 'forwarded:no')).toEqual([anna.userId])
    set(anna.userId, { callForwardingAlways: on('+44 20 7946 0000') })
    server.calls.length = 0
    directory.refresh({})
    await loaded(directory)
    expect(server.calls.filter((call) => call.startsWith('bulk'))).toEqual(bulk('acme/support'))
    expect(await idsOf(directory, 'forwarded:outside')).toEqual([anna.userId])
  })

  it('never puts an older read over what was verified meanwhile', async () => {
    const all = await connected()
    const { directory, server, copies } = all
    let open = () => {}
    server.gate = new Promise<void>((resolve) => {
      open = resolve
    })
    server.gated = 'bulk callForwardingAlways acme/support'
    directory.readMissing(
      { serviceProviderId: 'acme', groupId: 'support' },
      { calls: 'groups', onlyCalls: true },
    )
    await until(() => server.calls.includes(server.gated))
    const verified = normaliseService(serviceOf('callForwardingAlways'), anna, {
      userId: anna.userId,
      ...on('4711'),
    })
    if (verified === undefined) throw new Error('No record')
    copies.store(connection.id, [{ key: anna, service: 'callForwardingAlways', record: verified }], {
      mono: performance.now(),
      wall: 5,
    })
    copies.stored(connection.id, verified)
    open()
    await loaded(directory)
    expect(await idsOf(directory, 'forwarded:4711')).toEqual([anna.userId])
  })

  it('has over it what waits to be sent', async () => {
    const all = await connected()
    const { directory, store } = all
    directory.readMissing({}, { calls: 'groups', onlyCalls: true })
    await loaded(directory)
    const outbox = outboxRepository(store)
    const edits = [
      { path: 'callForwardingAlways.isActive', base: false, mine: true },
      { path: 'callForwardingAlways.forwardToPhoneNumber', base: null, mine: '+1 800 555 0199' },
    ]
    const change = entry(1, { user: anna, service: 'callForwardingAlways', edits })
    outbox.put(change)
    directory.outboxChanged([change])
    await until(async () => (await idsOf(directory, 'forwarded:yes')).includes(anna.userId))
    expect(directory.row(anna.userId)?.calls?.['calls.forwardedTo']).toBe('+1 800 555 0199')
    expect(await idsOf(directory, 'forwarded:outside is:changed')).toEqual([anna.userId])
    outbox.put({ ...change, state: 'cancelled', edits: [] })
    directory.outboxChanged([change])
    await until(async () => (await idsOf(directory, 'forwarded:no')).includes(anna.userId))
  })
})
