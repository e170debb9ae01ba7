import { expect, test } from './app'

test('an option is found by its name, F6 and Escape go between list and details, and a locked cell says why', async ({
  open,
  startServer,
}) => {
  const server = await startServer({ users: 60 })
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(60)
  const { page } = app
  const find = app.details().getByRole('searchbox', { name: 'Find an option' })
  const first = app.row('').first()
  const id = await (await app.cell('', 'User ID')).innerText()

  await test.step('a cell that takes no text says what to do instead', async () => {
    const cell = await app.cell(id, 'User ID')
    await expect(cell).toHaveAttribute('aria-readonly', 'true')
    await cell.click()
    for (const key of ['F2', 'x']) {
      await page.keyboard.press(key)
      await app.said('User ID is changed in the details: Actions → Rename user ID…')
    }
    await expect(app.users().getByRole('textbox')).toHaveCount(0)
  })

  await test.step('F6, two words and Enter lead to the option; Escape leads back', async () => {
    await (await app.cell(id, 'Last name')).click()
    await page.keyboard.press('F6')
    await expect(find).toBeFocused()
    await page.keyboard.type('time zone')
    await expect(app.field('First name')).toHaveCount(0)
    await expect(app.details().getByRole('status', { name: 'Options found' })).toHaveText('2 options')
    await page.keyboard.press('Enter')
    await expect(app.details().getByRole('combobox', { name: 'Time zone' })).toBeFocused()
    await page.keyboard.press('F6')
    await expect(await app.cell(id, 'Last name')).toBeFocused()
  })

  await test.step('what has its place in Calls is found there', async () => {
    await page.keyboard.press('F6')
    await find.fill('forward')
    await expect(app.details().getByText(/^In Calls: Forward always, /)).toBeVisible()
    await expect(app.details().getByText('No option is called so.')).toHaveCount(0)
    await find.press('Enter')
    await expect(app.details().getByRole('button', { name: 'Go to Calls' })).toBeFocused()
    await page.keyboard.press('Enter')
    const calls = app.details().getByRole('tab', { name: 'Calls' })
    await expect(calls).toHaveAttribute('aria-selected', 'true')
    await expect(calls).toBeFocused()
    await expect(app.details().getByRole('heading', { name: 'Call forwarding always' })).toBeVisible()
    await page.keyboard.press('ArrowLeft')
    await expect(find).toHaveValue('forward')
    await find.fill('nothing is called so')
    await expect(app.details().getByText('No option is called so.')).toBeVisible()
    await find.fill('time zone')
    await (await app.cell(id, 'Last name')).click()
  })

  await test.step('in a list, Escape closes the list alone, and Enter takes what is pointed at', async () => {
    await page.keyboard.press('F6')
    const zone = app.details().getByRole('combobox', { name: 'Time zone' })
    await zone.focus()
    await page.keyboard.press('ArrowDown')
    await expect(zone).toHaveAttribute('aria-expanded', 'true')
    await page.keyboard.press('Escape')
    await expect(zone).toHaveAttribute('aria-expanded', 'false')
    await expect(zone).toBeFocused()
    const before = await zone.inputValue()
    await page.keyboard.press('Control+a')
    await page.keyboard.type('madrid')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(zone).toHaveAttribute('aria-expanded', 'false')
    await expect(zone).toHaveValue(/Madrid/)
    await expect(zone).toBeFocused()
    await app.details().getByRole('button', { name: 'Discard' }).click()
    await expect(zone).toHaveValue(before)
    await (await app.cell(id, 'Last name')).click()
  })

  await test.step('what is looked for stays while one walks from user to user', async () => {
    await page.keyboard.press('ArrowDown')
    await expect(app.details()).not.toContainText(id)
    await expect(find).toHaveValue('time zone')
    await expect(app.field('First name')).toHaveCount(0)
    await page.keyboard.press('F6')
    await expect(find).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(find).toHaveValue('')
    await expect(app.field('First name')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(app.users().getByRole('gridcell').and(page.locator(':focus'))).toBeVisible()
  })

  await test.step('only what is changed', async () => {
    await first.getByRole('gridcell').nth(1).click()
    await app.field('Title').fill('Chief')
    // Names of every script are written in their own direction.
    await expect(app.field('Title')).toHaveAttribute('dir', 'auto')
    await app.details().getByRole('checkbox', { name: 'Changed only' }).check()
    await expect(app.field('Title')).toHaveValue('Chief')
    await expect(app.field('First name')).toHaveCount(0)
    await app.details().getByRole('button', { name: 'Discard' }).click()
    await expect(app.details()).toContainText('No option of this user is changed.')
    await app.details().getByRole('checkbox', { name: 'Changed only' }).uncheck()
    await expect(app.field('First name')).toBeVisible()
  })
  await page.screenshot({ path: 'test-results/details-find.png' })
})

test('what is typed under one server is not shown under another, and is there on return', async ({
  open,
  startServer,
}) => {
  const [one, other] = [await startServer({ users: 40 }), await startServer({ users: 40 })]
  const app = await open()
  const { page } = app
  const connections = page.getByRole('region', { name: 'Connections' }).or(page.locator('main'))
  await app.connectTo(one, 'One')
  await app.allUsersLoaded(40)
  const id = await (await app.cell('', 'User ID')).innerText()
  await app.typeInCell(id, 'Title', 'Made under One')
  await expect(page.getByText('1 unsaved edit').first()).toBeVisible()

  await app.connectTo(other, 'Other')
  await app.go('Users')
  await app.allUsersLoaded(40)
  await expect(app.connectionStatus()).toContainText('Other')
  await expect(app.row(id)).toHaveCount(1)
  await expect(await app.cell(id, 'Title')).not.toHaveText('Made under One')
  await expect(page.getByText('1 unsaved edit')).toHaveCount(0)

  await app.go('Connections')
  await connections.getByText('One', { exact: true }).first().click()
  await app.connectionForm().getByRole('button', { name: 'Connect', exact: true }).click()
  await expect(app.connectionStatus()).toContainText('One')
  await app.go('Users')
  await expect(await app.cell(id, 'Title')).toHaveText('Made under One')
  await expect(page.getByText('1 unsaved edit').first()).toBeVisible()
  expect((await one.user(id)).title).not.toBe('Made under One')
})
