import { expect, test } from './app'
import { violations } from './axe'
import { asked } from './bridge'
import { picture } from './pictures'

test('a connection that is switched to read-only is not changed, also past the page', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 30 })
  const app = await open()
  await app.connectTo(server, 'Production')
  await app.allUsersLoaded(30)

  await test.step('the switch counts at once and is said in the frame', async () => {
    await app.go('Connections')
    await app.connectionForm().getByRole('switch', { name: 'Read-only' }).click()
    await expect(app.connectionStatus()).toContainText('Read-only')
    await expect(app.page.getByRole('region', { name: 'Servers' })).toContainText('Online · Read-only')
    expect(await violations(app.page)).toEqual([])
    await picture(app, testInfo, 'read-only')
  })

  await test.step('users can be looked at and not changed', async () => {
    await app.go('Users')
    await app.row('').first().getByRole('gridcell').nth(1).click()
    await expect(app.field('Title')).not.toBeEditable()
    await expect(app.details()).toContainText('switched to read-only on the Connections page')
    await picture(app, testInfo, 'read-only-users')
  })

  await test.step('the main process refuses what a page asks that was taken over', async () => {
    const { value } = (await asked(app, 'app', 'status')) as unknown as {
      value: { connectionId: string; origin: string; account: string }
    }
    const { connectionId, origin, account } = value
    const as = { connectionId, origin, account }
    const window = (await asked(app, 'users', 'window', {
      query: { search: '', scope: {}, sort: [] },
      start: 0,
      count: 1,
    })) as unknown as { value: { rows: { key: unknown }[] } }
    const key = window.value.rows[0]?.key
    for (const [feature, name, input] of [
      ['outbox', 'save', { as, changes: [{ user: key, edits: [{ path: 'title', mine: 'X' }] }] }],
      ['users', 'setPassword', { as, key, newPassword: 'Abcdef12!' }],
      ['users', 'setPasscode', { as, key, newPasscode: '824617' }],
      ['users', 'rename', { as, key, newUserId: 'other@example.com' }],
      ['users', 'move', { as, key, newGroupId: 'other' }],
      ['users', 'setAlternateIds', { as, key, ids: [], seen: [] }],
      ['users', 'commandDevice', { as, key, command: 'reset', deviceName: 'spare-1' }],
    ] as const) {
      expect(await asked(app, feature, name, input), name).toMatchObject({
        ok: false,
        error: { kind: 'read-only', message: expect.stringContaining('Production') },
      })
    }
  })

  await test.step('switched off, changes are sent again', async () => {
    await app.go('Connections')
    await app.connectionForm().getByRole('switch', { name: 'Read-only' }).click()
    await expect(app.connectionStatus()).not.toContainText('Read-only')
    await app.go('Users')
    await expect(app.field('Title')).toBeEditable()
  })
})
