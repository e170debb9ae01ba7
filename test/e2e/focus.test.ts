import { expect, test } from './app'

/** Pauses until the page has come to rest: whoever places the focus does so after what was drawn. */
const atRest = () =>
  new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))

test('whatever is done, the focus is never dropped on the page', async ({ open, startServer }) => {
  const server = await startServer({ users: 120 })
  const app = await open()
  const { page } = app
  await app.connectTo(server)
  await app.allUsersLoaded(120)

  const where = async () => {
    await page.evaluate(atRest)
    return await page.evaluate(() => document.activeElement?.tagName ?? 'nothing')
  }
  /** Does it, waits for what it comes to, and looks where the focus is. */
  const after = async (what: string, act: () => Promise<unknown>, seen: () => Promise<unknown>) => {
    await test.step(what, async () => {
      await act()
      await seen()
      await expect.poll(where, { message: what }).not.toBe('BODY')
    })
  }
  const cell = (at: string) => app.users().locator(`[data-at="${at}"]`)
  const details = app.details()
  const press = (key: string) => () => page.keyboard.press(key)
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })

  await cell('2:2').click()
  await expect(app.field('First name')).not.toHaveValue('')

  await after(
    'Discard in the panel',
    async () => {
      await app.field('Title').fill('Nurse')
      await details.getByRole('button', { name: 'Discard' }).focus()
      await page.keyboard.press('Enter')
    },
    () => expect(details.getByRole('button', { name: 'Discard' })).toBeDisabled(),
  )
  await after(
    'Save in the panel',
    async () => {
      await app.field('Title').fill('Nurse')
      await details.getByRole('button', { name: 'Save', exact: true }).focus()
      await page.keyboard.press('Enter')
    },
    () => expect(details.getByRole('button', { name: 'Save', exact: true })).toBeDisabled(),
  )
  await after(
    'Discard all below the list',
    async () => {
      await app.typeInCell('', 'First name', 'Somebody')
      await button('Discard all').focus()
      await page.keyboard.press('Enter')
      const sure = page.getByRole('alertdialog').getByRole('button').last()
      if (await sure.isVisible()) await sure.press('Enter')
    },
    () => expect(button('Discard all')).toBeHidden(),
  )
  await after(
    'Clear selection',
    async () => {
      await cell('4:0').click()
      await button('Clear selection').focus()
      await page.keyboard.press('Enter')
    },
    () => expect(button('Clear selection')).toBeHidden(),
  )
  await after(
    'Save of many users',
    async () => {
      await cell('4:0').click()
      await button('Edit selected…').press('Enter')
      const batch = page.getByRole('dialog', { name: 'Edit 1 user' })
      await batch.getByRole('combobox', { name: 'Field' }).selectOption('Title')
      await batch.getByRole('textbox', { name: 'Value' }).fill('Matron')
      await batch.getByRole('button', { name: 'Save 1 user' }).press('Enter')
    },
    () => expect(page.getByRole('dialog')).toBeHidden(),
  )
  await test.step('a refused action keeps the focus on its button', async () => {
    await details.getByRole('button', { name: 'Actions' }).click()
    await page.getByRole('menuitem', { name: 'Set portal passcode…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('New passcode').fill('1234')
    await dialog.getByRole('button', { name: 'Set portal passcode' }).press('Enter')
    await expect(dialog).toContainText('The server refused the passcode. It must not be a sequence.')
    await page.evaluate(atRest)
    await expect(dialog.getByRole('button', { name: 'Set portal passcode' })).toBeFocused()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
  })
  await after(
    'Close details',
    () => details.getByRole('button', { name: 'Close details' }).press('Enter'),
    () => expect(details).toBeHidden(),
  )
  await after(
    'Show details',
    () => button('Show details').press('Enter'),
    () => expect(details).toBeVisible(),
  )

  for (const [key, place] of [
    ['2', 'Outbox'],
    ['3', 'History'],
    ['4', 'Connections'],
    ['1', 'Users'],
  ] as const) {
    const shown = () => expect(page.getByRole('heading', { level: 1, name: place })).toBeAttached()
    await after(`Ctrl+${key}`, press(`Control+${key}`), shown)
  }
  for (const place of ['Outbox', 'History', 'Connections', 'Users'] as const) {
    await after(
      `Go to ${place}, from the palette`,
      async () => {
        await page.keyboard.press('Control+k')
        await page.keyboard.type(`Go to ${place}`)
        await page.keyboard.press('ArrowDown')
        await page.keyboard.press('Enter')
      },
      async () => {
        await expect(page.getByRole('dialog', { name: 'Commands' })).toBeHidden()
        await expect(page.getByRole('heading', { level: 1, name: place })).toBeAttached()
      },
    )
  }

  await after(
    'Work online, in the notice',
    async () => {
      await app.workOffline().click()
      await button('Work online').press('Enter')
    },
    () => expect(button('Work online')).toBeHidden(),
  )
  await after(
    'Go to Users, on an empty page',
    async () => {
      await app.go('Outbox')
      await button('Go to Users').press('Enter')
    },
    () => expect(app.users()).toBeVisible(),
  )

  await test.step('a conflict, made by somebody else while we were away', async () => {
    await cell('2:2').click()
    const userId =
      (
        await details
          .getByText(/\S+@\S+/)
          .first()
          .innerText()
      ).split(' ')[0] ?? ''
    await expect(app.field('Title')).toHaveValue('Nurse')
    await app.workOffline().click()
    await app.field('Title').fill('Mine')
    await app.save()
    await expect(app.navigation().getByRole('link', { name: 'Outbox, 1 waiting' })).toBeVisible()
    const { password: _, ...user } = await server.user(userId)
    await server.putUser({ ...user, title: 'Theirs' })
    await app.workOffline().click()
    await page.getByRole('alert').getByRole('button', { name: 'Resolve…' }).press('Enter')
  })
  const resolve = page.getByRole('dialog', { name: 'Resolve conflict' })
  await after(
    'Apply in Resolve conflict',
    async () => {
      await resolve.getByText('Keep mine').click()
      await resolve.getByRole('button', { name: 'Apply' }).press('Enter')
    },
    () => expect(resolve).toBeHidden(),
  )

  await app.go('Connections')
  await after(
    'Sign out',
    () => app.connectionForm().getByRole('button', { name: 'Sign out' }).press('Enter'),
    () => expect(app.connectionForm().getByRole('button', { name: 'Sign out' })).toBeHidden(),
  )
  await after(
    'Connect',
    () => app.connectionForm().getByRole('button', { name: 'Connect', exact: true }).press('Enter'),
    () => expect(app.connectionStatus()).toContainText('Online'),
  )
  await app.go('Connections')
  await after(
    'Remove',
    async () => {
      await app.connectionForm().getByRole('button', { name: 'Remove' }).press('Enter')
      await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).press('Enter')
    },
    () => expect(button('Try the demo server')).toBeVisible(),
  )
})
