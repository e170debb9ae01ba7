import { expect, test } from './app'

test('a server that nobody reaches has said nothing, is missed once, and is tried again at a time that is told', async ({
  open,
  startServer,
}) => {
  const server = await startServer({ users: 60, switches: ['--groups', '6'] })
  const [user = {}] = await server.find({ lastName: '*', extended: 'true' })
  const id = String(user.userId)
  const app = await open()
  const { page } = app
  await app.connectTo(server)
  await app.allUsersLoaded(60)
  await app.find(id, /^1 of/)
  await app.search().press('Enter')

  await test.step('a change of the user says how it ended and by whom, as one sentence', async () => {
    await app.field('Title').fill('Chief')
    await app.save()
    await expect.poll(async () => (await server.user(id)).title).toBe('Chief')
    await app.details().getByRole('tab', { name: 'History' }).click()
    const change = app
      .details()
      .getByRole('list', { name: 'Changes of this user' })
      .getByRole('button')
      .first()
    await expect(change).toContainText(`Saved on the server · ${server.username}`)
    await app.details().getByRole('tab', { name: 'Profile' }).click()
  })

  await server.kill()
  await test.step('the whole server is missed once, with the time of the next try', async () => {
    await page.getByRole('button', { name: 'Refresh' }).click()
    const list = page.getByRole('region', { name: 'Users list' })
    await expect(list).toContainText(/Next try in \d+ s\b|Trying now…/)
    await expect(list).toContainText(/Next try in \d+/)
    await expect(page.getByText(/groups? could not be read/)).toHaveCount(0)
    await expect(list).toContainText('Showing the copy')
  })

  await test.step('what nobody said is not called the words of the server', async () => {
    await app.newConnection()
    await app.fillConnection({
      name: 'Nowhere',
      baseUrl: server.baseUrl,
      username: server.username,
      password: server.password,
    })
    await app.connectionForm().getByRole('button', { name: 'Test connection' }).click()
    await expect(app.connectionForm().getByRole('alert')).toBeVisible()
    await expect(page.locator('main')).not.toContainText(/server said/i)
  })

  await test.step('columns go back to the usual ones in words that say so', async () => {
    await app.go('Users')
    await page.getByRole('button', { name: 'Columns', exact: true }).click()
    const columns = page.getByRole('dialog', { name: 'Columns' })
    await columns.getByRole('checkbox', { name: 'Extension', exact: true }).setChecked(false, { force: true })
    const header = app.users().getByRole('columnheader', { name: 'Extension', exact: true })
    await expect(header).toHaveCount(0)
    await columns.getByRole('button', { name: 'Put back the usual columns' }).click()
    await expect(header).toHaveCount(1)
  })
})
