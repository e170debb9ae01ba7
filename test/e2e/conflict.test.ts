import { expect, test } from './app'

test('edited offline, killed, changed by somebody else meanwhile: what is untouched merges, the rest waits for a person', async ({
  open,
  startServer,
}) => {
  const server = await startServer({ users: 60 })
  const people = (await server.find({ lastName: '*', extended: 'true' })).slice(0, 3)
  const ids = people.map(({ userId }) => String(userId))
  const [first = '', second = '', merged = ''] = ids
  const titleOf = async (userId: string) => (await server.user(userId)).title
  const keysOf = (userId: string) => {
    const row = people.find((one) => one.userId === userId)
    return { serviceProviderId: row?.serviceProviderId ?? '', groupId: row?.groupId ?? '', userId }
  }
  let app = await open()

  await test.step('edit offline', async () => {
    await app.connectTo(server)
    await app.allUsersLoaded(60)
    for (const userId of ids) {
      await app.find(userId, /^1 of 60 users$/)
      await app.row('').first().getByRole('gridcell').nth(1).click()
      await expect(app.field('Title')).toBeEditable()
      // The record has been read in full, so that the edit has a base.
      await expect(app.details()).toContainText(userId)
      await expect(app.details()).toContainText('Read just now')
    }
    await app.workOffline().click()
    for (const userId of ids) {
      await app.find(userId, /^1 of 60 users$/)
      await app.row('').first().getByRole('gridcell').nth(1).click()
      await expect(app.details()).toContainText(userId)
      await app.field('Title').fill('Mine')
      await app.save()
    }
    await app.said('Will be sent when online')
  })

  await app.kill()
  await server.putUser({ ...keysOf(first), title: 'Theirs' })
  await server.putUser({ ...keysOf(second), title: 'Theirs too' })
  await server.putUser({ ...keysOf(merged), mobilePhoneNumber: '5135550100' })

  await test.step('online again after a restart', async () => {
    app = await open()
    await expect(app.navigation().getByRole('link', { name: /^Outbox, 3 waiting/ })).toBeVisible()
    await app.workOffline().click()
    await expect.poll(() => titleOf(merged)).toBe('Mine')
    expect((await server.user(merged)).mobilePhoneNumber).toBe('5135550100')
    await expect(app.navigation().getByRole('link', { name: /2 need you/ })).toBeVisible()
    expect([await titleOf(first), await titleOf(second)]).toEqual(['Theirs', 'Theirs too'])
  })

  await test.step('one decision for both', async () => {
    await app.go('Outbox')
    const outbox = app.page.getByRole('grid', { name: 'Outbox' })
    await outbox.getByRole('row').filter({ hasText: 'Conflict' }).first().getByRole('gridcell').nth(1).click()
    await app.page.getByRole('button', { name: 'Resolve…' }).click()
    const dialog = app.page.getByRole('dialog', { name: 'Resolve conflict' })
    await expect(dialog).toContainText('Theirs')
    await dialog.getByText('Keep mine').click()
    await dialog.getByRole('checkbox', { name: /1 other conflict/ }).check()
    await dialog.getByRole('button', { name: 'Apply' }).click()
    await expect.poll(async () => [await titleOf(first), await titleOf(second)]).toEqual(['Mine', 'Mine'])
    await expect(app.navigation().getByRole('link', { name: 'Outbox', exact: true })).toBeVisible()
  })

  await test.step('history tells it', async () => {
    await app.go('History')
    await expect(app.history().getByRole('row').filter({ hasText: 'Title' })).toHaveCount(3)
    await app
      .history()
      .getByRole('row')
      .filter({ hasText: 'Title' })
      .first()
      .getByRole('gridcell')
      .nth(1)
      .click()
    await expect(app.change()).toContainText(/Theirs/)
    await expect(app.change()).toContainText('Mine')
  })
})
