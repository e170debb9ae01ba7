import { describe, expect, it } from 'vitest'
import type { Directory } from '../../../../electron/features/users/directory'
import { oops } from './fake'
import { connection, idsOf, loaded, query, setUp, until } from './set-up'

/** Connected with somebody there who can be asked. */
const asking = async (all = setUp(), id = connection) => {
  const directory = all.make({ asksWhatToLoad: true })
  await directory.show(id)
  directory.attach(all.client)
  return { ...all, directory }
}

const isAsked = async (directory: Directory): Promise<boolean> =>
  (await directory.completeness()).asksWhatToLoad === true

const lists = (calls: readonly string[]): string[] => calls.filter((call) => call.startsWith('users '))

describe('what is loaded', () => {
  it('is asked of a sign-in that sees several groups, before anything is read', async () => {
    const { directory, server } = await asking()
    await until(() => isAsked(directory))
    expect(lists(server.calls)).toEqual([])
    expect(await directory.completeness()).toMatchObject({ users: 0, partial: true })
    directory.chooseLoad({ what: 'everything', chosen: [] })
    await loaded(directory)
    expect(lists(server.calls)).toHaveLength(3)
    expect(await isAsked(directory)).toBe(false)
    expect(await directory.completeness()).toMatchObject({
      partial: false,
      load: { what: 'everything' },
    })
  })

  it.each([
    ['the demo server', { ...connection, demo: true }, {}],
    ['a group', connection, { loginType: 'Group', serviceProviderId: 'acme', groupId: 'sales' }],
  ])('is not asked for %s', async (_, id, session) => {
    const all = setUp()
    Object.assign(all.server.session, session)
    const { directory, server } = await asking(all, id)
    await until(() => lists(server.calls).length > 0 || directory.summary().users > 0)
    await loaded(directory)
    expect(await isAsked(directory)).toBe(false)
    expect((await directory.window(query(), 0, 1)).total).toBeGreaterThan(0)
  })

  it('is what was chosen, also after a restart and a refresh; what was found stays', async () => {
    const { directory, server, client, make } = await asking()
    await until(() => isAsked(directory))
    await directory.find(query('müller'))
    directory.chooseLoad({
      what: 'chosen',
      chosen: [{ serviceProviderId: 'beta' }, { serviceProviderId: 'acme', groupId: 'sales' }],
    })
    await loaded(directory)
    expect(lists(server.calls)).toEqual(['users acme/sales', 'users beta/main'])
    expect(await directory.completeness()).toMatchObject({ users: 32, partial: true })
    expect((await directory.window(query('muller'), 0, 1)).rows[0]).toMatchObject({
      found: true,
      state: 'clean',
    })
    await directory.stop()
    server.calls.length = 0
    const again = make({ asksWhatToLoad: true })
    await again.show(connection)
    again.attach(client)
    again.refresh({})
    await loaded(again)
    expect(lists(server.calls)).toEqual(['users acme/sales', 'users beta/main'])
    expect((await again.window(query('muller'), 0, 1)).rows[0]).toMatchObject({ state: 'clean' })
    // Whoever names a group means that.
    again.refresh({ serviceProviderId: 'acme', groupId: 'support' })
    await loaded(again)
    expect(lists(server.calls)).toContain('users acme/support')
  })

  it('is nothing, if that was chosen, also after a restart', async () => {
    const { directory, server, client, make } = await asking()
    await until(() => isAsked(directory))
    directory.chooseLoad({ what: 'nothing', chosen: [] })
    expect(() => directory.refresh({})).toThrow('Nothing is loaded')
    await directory.find(query('odegard'))
    await directory.find(query('ødegård'))
    await directory.stop()
    const again = make({ asksWhatToLoad: true })
    await again.show(connection)
    again.attach(client)
    expect(await idsOf(again)).toEqual(['zoe@beta.example'])
    expect(await isAsked(again)).toBe(false)
    expect(lists(server.calls)).toEqual([])
  })

  it('is everything where the server does not say which groups there are', async () => {
    const all = setUp()
    all.server.failures.set('providers', oops('unknown'))
    const { directory } = await asking(all)
    await until(() => directory.progress().failed.length > 0)
    expect(await isAsked(directory)).toBe(false)
  })

  it('can be chosen from what the sign-in sees', async () => {
    const { directory } = await asking()
    await until(() => isAsked(directory))
    expect(await directory.loadable()).toEqual([
      { id: 'acme', name: 'acme Inc.' },
      { id: 'beta', name: 'beta Inc.' },
    ])
    expect(await directory.loadable('beta')).toEqual([{ id: 'main', name: 'The main' }])
  })
})
