import { describe, expect, it } from 'vitest'
import { outboxRepository } from '../../../../electron/store/repositories/outbox'
import { accessDeviceMac } from '../../../../shared/user/catalogue'
import { entry } from '../store/support'
import { oops, person } from './fake'
import { connect, connection, everyone, idsOf, loaded, query, setUp } from './set-up'

const anna = { serviceProviderId: 'acme', groupId: 'support', userId: 'anna@acme.example' }

/** Connected to a server whose lists cannot be read: the cache stays empty. */
const empty = async (people = everyone()) => {
  const all = setUp(people)
  all.server.failures.set('providers', oops('refused'))
  await connect(all.directory, all.client)
  all.server.failures.clear()
  all.server.calls.length = 0
  expect((await all.directory.window(query(), 0, 5)).total).toBe(0)
  return all
}

describe('finding on the server', () => {
  it('brings who is found into the list, marked; opening reads the full record', async () => {
    const { directory, server } = await empty()
    expect(await directory.find(query('müller'))).toEqual({
      users: 1,
      fields: ['last name', 'first name', 'user ID'],
      more: false,
      others: 0,
    })
    expect(server.calls).toEqual(['find lastName=müller*', 'find firstName=müller*', 'find userId=müller*'])
    const [row] = (await directory.window(query('muller'), 0, 5)).rows
    expect(row).toMatchObject({ key: { userId: 'anna@acme.example' }, completeness: 'row', found: true })
    const details = await directory.details(anna, true)
    expect(details).toMatchObject({ completeness: 'full', found: true })
    expect(await directory.completeness()).toMatchObject({ users: 1, partial: true })
  })

  it('a list that is loaded later removes neither an edit nor who was found, and takes the mark away', async () => {
    const { directory, server, store } = await empty()
    await directory.find(query('müller'))
    const change = entry(1, { user: anna, edits: [{ path: 'lastName', base: 'Müller', mine: 'Meier' }] })
    outboxRepository(store).put(change)
    directory.outboxChanged([change])
    directory.refresh({})
    await loaded(directory)
    expect(server.calls).toContain('users acme/support')
    const [row] = (await directory.window(query('meier'), 0, 5)).rows
    expect(row).toMatchObject({
      key: anna,
      pending: { lastName: { old: 'Müller', new: 'Meier' } },
      state: 'changed',
    })
    expect(row?.found).toBeUndefined()
    expect(await directory.completeness()).toMatchObject({ partial: false })
  })

  it('is the user that is known, in whatever letters the server spells the id', async () => {
    const { directory, server } = await empty()
    await directory.find(query('müller'))
    server.people = [
      ...server.people.slice(0, 29),
      person('acme', 'support', 'Anna@acme.example', { lastName: 'Müller', extension: '77' }),
      person('acme', 'support', 'anna.muller@acme.example', { lastName: 'Müller', extension: '78' }),
    ]
    await directory.find(query('müller'))
    expect(await idsOf(directory)).toEqual(['anna.muller@acme.example', 'anna@acme.example'])
  })

  it('believes only answers that are of the MAC address', async () => {
    const phone = (userId: string, mac: string | number) =>
      person('acme', 'sales', userId, { lastName: userId, [accessDeviceMac]: mac })
    const { directory, server } = await empty([
      phone('own', '0004F2000001'),
      phone('other', '0004F2000002'),
      person('acme', 'sales', 'none', { lastName: 'None' }),
    ])
    expect(await directory.find(query('00:04:f2:00:00:01'))).toMatchObject({ users: 1, others: 1 })
    expect(server.calls).toEqual(['find in full macAddress=0004F2000001'])
    expect(await idsOf(directory)).toEqual(['own'])
    // It is found in the list by what was typed.
    expect(await idsOf(directory, '00:04:f2:00:00:01')).toEqual(['own'])
  })

  it('looks where the sign-in may, and within what was chosen', async () => {
    const { directory, server } = await empty()
    const asked = async (session: object, scope = {}) => {
      server.calls.length = 0
      Object.assign(server, { session: { ...server.session, ...session } })
      await directory.find({ search: 'ext:1001', scope })
      return server.calls
    }
    const sales = { serviceProviderId: 'acme', groupId: 'sales' }
    expect(await asked({})).toEqual(['find extension=1001*'])
    expect(await asked({}, sales)).toEqual(['find acme sales extension=1001*'])
    expect(await asked({ loginType: 'Service Provider', serviceProviderId: 'acme' })).toEqual([
      'find acme extension=1001*',
    ])
    expect(await asked({ loginType: 'Group', ...sales }, { serviceProviderId: 'beta' })).toEqual([
      'find acme sales extension=1001*',
    ])
  })

  it('says that there may be more, and why it cannot ask', async () => {
    const many = Array.from({ length: 150 }, (_, n) => person('acme', 'sales', `u${n}`, { lastName: 'Same' }))
    const { directory, server } = await empty(many)
    expect(await directory.find(query('same'))).toMatchObject({ users: 100, more: true })
    await expect(directory.find(query('dept:sales'))).rejects.toMatchObject({ kind: 'not-searchable' })
    server.failures.set('find extension=12*', oops('forbidden', 'You may not.'))
    await expect(directory.find(query('12'))).rejects.toMatchObject({ message: 'You may not.' })
    directory.attach(undefined)
    await expect(directory.find(query('same'))).rejects.toMatchObject({ kind: 'offline' })
  })

  it('reads nobody else of a group of which somebody was found', async () => {
    const { directory, server, client } = setUp(everyone(), undefined, { ahead: true })
    server.failures.set('users acme/support', oops('refused'))
    await connect(directory, client)
    server.failures.clear()
    await directory.find(query('müller'))
    server.calls.length = 0
    directory.chooseReading('all')
    await loaded(directory)
    expect(server.calls.filter((call) => call.endsWith('acme/support'))).toEqual([])
    expect((await directory.window(query('muller'), 0, 5)).rows[0]).toMatchObject({ found: true })
    expect(connection.demo).toBe(false)
  })
})
