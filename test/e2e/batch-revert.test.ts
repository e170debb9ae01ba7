import { expect, test } from './app'

test('a batch of 200 goes back where nobody touched it since, and says why the rest stays', async ({
  open,
  startServer,
}) => {
  test.setTimeout(600_000)
  const server = await startServer({ users: 240, seed: 2 })
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(240)
  const before = new Map(
    (await server.find({ lastName: '*', extended: 'true' })).map((user) => [
      String(user.userId),
      user.title ?? '',
    ]),
  )

  await test.step('edit 200 users', async () => {
    await app.users().getByRole('columnheader', { name: 'User ID' }).click()
    await app.row('').first().getByRole('gridcell').nth(1).click()
    await app.page.keyboard.press('Space')
    for (let pages = 0; pages < 20; pages++) {
      if (await app.page.getByText(/^200 selected$/).isVisible()) break
      await app.page.keyboard.press('Shift+PageDown')
      const chosen = Number(
        /(\d+) selected/.exec((await app.page.getByText(/selected$/).innerText()) ?? '')?.[1],
      )
      for (let over = chosen; over > 200; over--) await app.page.keyboard.press('Shift+ArrowUp')
    }
    await app.page.getByRole('button', { name: 'Edit selected…' }).click()
    const dialog = app.page.getByRole('dialog', { name: 'Edit 200 users' })
    await dialog.getByRole('combobox', { name: 'Field' }).selectOption('Title')
    await dialog.getByRole('textbox', { name: 'Value' }).fill('Moved house')
    await dialog.getByRole('textbox', { name: 'Reason or ticket' }).fill('CHG-200')
    await dialog.getByRole('button', { name: 'Save 200 users' }).click({ timeout: 120_000 })
    await expect(dialog).toBeHidden({ timeout: 120_000 })
  })

  const movedNow = async () =>
    (await server.find({ lastName: '*', extended: 'true' })).filter(({ title }) => title === 'Moved house')
  await expect.poll(async () => (await movedNow()).length, { timeout: 120_000 }).toBe(200)
  await expect(app.navigation().getByRole('link', { name: 'Outbox', exact: true })).toBeVisible()
  const moved = await movedNow()
  const touched = moved.slice(0, 100)
  for (const user of touched) {
    const { serviceProviderId = '', groupId = '', userId = '' } = user
    await server.putUser({ serviceProviderId, groupId, userId, title: 'Somebody else' })
  }
  // The app hears of it as it reads the users again.
  await app.page.getByRole('button', { name: 'Refresh' }).click()

  await test.step('the batch is one line, which opens and closes by key and by pointer, and can be put back as a whole', async () => {
    const { page } = app
    await app.go('History')
    const list = app.history()
    const lines = async (count: number) => expect(list).toHaveAttribute('aria-rowcount', String(count + 1))
    await lines(1)
    const line = list.getByRole('row').nth(1)
    await expect(line).toContainText('Title of 200 users')
    await expect(line).toContainText('Done · 200')
    await expect(line.getByRole('button', { name: 'Show the changes' })).toHaveAttribute(
      'aria-expanded',
      'false',
    )
    await (await app.cell('Title of 200 users', 'Old → new', list)).click()
    await page.keyboard.press('Enter')
    await lines(201)
    await expect(line.getByRole('button', { name: 'Hide the changes' })).toHaveAttribute(
      'aria-expanded',
      'true',
    )
    await expect(list.getByRole('row').nth(2)).toContainText('Moved house')
    await line.getByRole('button', { name: 'Hide the changes' }).click()
    await lines(1)

    const change = page.getByRole('region', { name: 'Change' })
    await expect(change).toContainText('200 changes of 200 users.')
    await expect(change).toContainText('CHG-200')
    await change.getByRole('button', { name: 'Revert this batch…' }).click()
    const plan = page.getByRole('dialog', { name: 'Revert changes' })
    await expect(plan.getByRole('button', { name: /^Revert \d+ fields$/ })).toBeVisible()
    await plan.getByRole('button', { name: 'Cancel' }).click()
    await expect(plan).toBeHidden()
  })

  await test.step('revert the batch', async () => {
    await app.go('History')
    await app.page.getByRole('searchbox', { name: 'Search history' }).fill('ticket:CHG-200')
    await expect(app.page.getByRole('status', { name: 'Matches' })).toHaveText('200 changes')
    await app.history().getByRole('row').nth(1).getByRole('gridcell').nth(1).click()
    await app.page.keyboard.press('Control+a')
    await app.page.getByRole('button', { name: /^Revert 200/ }).click()
    const plan = app.page.getByRole('dialog', { name: 'Revert changes' })
    await expect(plan.getByRole('button', { name: /^Revert \d+ fields$/ })).toBeVisible({ timeout: 120_000 })
    await plan.getByRole('button', { name: /^Revert \d+ fields$/ }).click()
    await expect(plan).toBeHidden()
  })

  const titles = async () =>
    new Map(
      (await server.find({ lastName: '*', extended: 'true' })).map((user) => [
        String(user.userId),
        user.title ?? '',
      ]),
    )
  const touchedIds = new Set(touched.map(({ userId }) => String(userId)))
  await expect
    .poll(
      async () => {
        const now = await titles()
        return moved.filter(
          ({ userId }) =>
            !touchedIds.has(String(userId)) && now.get(String(userId)) === before.get(String(userId)),
        ).length
      },
      { timeout: 120_000 },
    )
    .toBe(100)
  const now = await titles()
  for (const id of touchedIds) expect(now.get(id)).toBe('Somebody else')
  // What was changed meanwhile is either left out of the plan with its reason, or waits on the desk; nothing is forced.
  await app.go('Outbox')
  const waiting = app.outbox().getByRole('row').filter({ hasText: 'Title' })
  for (const row of await waiting.all()) await expect(row).toContainText('Conflict')
})
