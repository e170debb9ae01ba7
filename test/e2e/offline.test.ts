import { expect, test } from './app'

const users = 5200

test('a group is taken offline: with proof, over a restart, and back online from where nothing could be sent', async ({
  open,
  startServer,
}) => {
  const server = await startServer({ users, switches: ['--groups', '20'] })
  let app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(users)
  const group = () => app.page.getByRole('combobox', { name: 'Group' })
  const keep = () => app.page.getByRole('switch', { name: 'Keep offline' })
  const proof = () => app.page.getByRole('status', { name: 'Kept offline' })
  const complete = /^\S+: (\d+) users with all options here, \d\d:\d\d$/

  await test.step('the switch stands beside the group, and ends with a word', async () => {
    await expect(keep()).toHaveCount(0)
    await group().click()
    await app.page.getByRole('option').nth(1).click()
    await expect(app.matches()).toHaveText(/^2\d\d of 5,200 users$/)
    await keep().click()
    await expect(proof()).toHaveText(complete, { timeout: 60_000 })
    await app.said(/: \d+ users with all options here, \d\d:\d\d\.$/)
  })

  await test.step('its list marks it', async () => {
    await group().click()
    await expect(app.page.getByRole('option').filter({ hasText: 'offline: all options' })).toHaveCount(1)
    await app.page.keyboard.press('Escape')
  })

  await test.step('after a restart the same group is shown, and still here', async () => {
    await app.quit()
    app = await open()
    await expect(app.matches()).toHaveText(/^2\d\d of 5,200 users$/)
    await expect(keep()).toBeChecked()
    await expect(proof()).toHaveText(complete)
    await app.page.getByRole('button', { name: /, full records$/ }).click()
    await expect(app.page.getByRole('dialog', { name: 'Full records' }).getByRole('listitem')).toHaveText(
      /users with all options here, \d\d:\d\d$/,
    )
    await app.page.keyboard.press('Escape')
  })

  await test.step('Sync now while working offline says so, with the way back', async () => {
    await expect(app.connectionStatus()).toContainText('Online')
    await app.workOffline().click()
    await app.row('').first().getByRole('gridcell').nth(1).click()
    await app.field('Title').fill('From the field')
    await app.save()
    await app.go('Outbox')
    await app.page.getByRole('button', { name: 'Sync now' }).click()
    await app.said('Working offline')
    await app.page.getByRole('button', { name: 'Work online and sync' }).click()
    await expect(app.workOffline()).not.toBeChecked()
    await expect(app.navigation().getByRole('link', { name: 'Outbox', exact: true })).toBeVisible()
  })
})

test('a field edited offline whose value was never seen fills what is empty, and else is asked about in true words', async ({
  open,
  startServer,
}) => {
  const server = await startServer({ users, switches: ['--groups', '20'] })
  const [empty, nurse] = (await server.find({ lastName: '*', extended: 'true' })).slice(0, 2)
  const keys = [empty, nurse].map((one) => ({
    serviceProviderId: one?.serviceProviderId ?? '',
    groupId: one?.groupId ?? '',
    userId: String(one?.userId),
  }))
  const [first, second] = keys as [(typeof keys)[number], (typeof keys)[number]]
  await server.putUser({ ...first, title: null })
  await server.putUser({ ...second, title: 'Nurse' })
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(users)
  await app.workOffline().click()

  for (const { userId } of keys) {
    await app.find(userId, /^1 of 5,200 users$/)
    await app.row('').first().getByRole('gridcell').nth(1).click()
    await expect(app.details()).toContainText(userId)
    await expect(await app.cell(userId, 'Title')).toHaveAccessibleDescription('Not read yet')
    await app.field('Title').fill('Agent')
    await app.save()
  }
  await app.said('Will be sent when online')

  await test.step('undone, it is taken out again: nobody knows what to put in its place', async () => {
    await (await app.cell(second.userId, 'Title')).click()
    await app.page.keyboard.press('Control+z')
    const plan = app.page.getByRole('dialog', { name: 'Revert changes' })
    await expect(plan).toContainText('What the server has was never seen')
    await expect(plan.getByRole('listitem').filter({ hasText: second.userId })).toContainText('Agent')
    await plan.getByRole('button', { name: 'Revert 1 field' }).click()
    await expect(plan).toBeHidden()
    await app.said('Taken out again')
    await expect(await app.cell(second.userId, 'Title')).toHaveAccessibleDescription('Not read yet')
    await app.field('Title').fill('Agent')
    await app.save()
    await app.said('Will be sent when online')
  })
  await app.workOffline().click()

  await expect.poll(async () => (await server.user(first.userId)).title).toBe('Agent')
  await expect(app.navigation().getByRole('link', { name: /1 needs? you/ })).toBeVisible()
  expect((await server.user(second.userId)).title).toBe('Nurse')
  await app.go('Outbox')
  const row = app.outbox().getByRole('row').filter({ hasText: second.userId })
  await row.getByRole('gridcell').nth(1).click()
  await expect(
    app.page.getByText('You had not seen the value of Title on the server: it is “Nurse”.').first(),
  ).toBeVisible()
  await expect(app.page.getByText(/somebody else has changed/i)).toHaveCount(0)

  await app.page
    .getByRole('region', { name: 'Waiting change' })
    .getByRole('button', { name: 'Resolve…' })
    .click()
  const dialog = app.page.getByRole('dialog', { name: 'Resolve conflict' })
  await expect(dialog).toContainText('that you had not seen when you typed')
  await expect(dialog).not.toContainText(/someone changed|who changed it/i)
  // Each side's value stands below its name and has the whole width of its card.
  const card = dialog
    .getByRole('radio', { name: 'Use server' })
    .locator('xpath=ancestor::*[contains(@class,"choice")][1]')
  const [head, value] = await Promise.all(
    ['Use server', 'Nurse'].map((text) => card.getByText(text).boundingBox()),
  )
  expect(value?.y).toBeGreaterThan(head?.y ?? Number.POSITIVE_INFINITY)
})
