import { expect, test } from './app'
import { picture } from './pictures'

test('the first run keeps its form after a wrong password, and servers are one choice away from everywhere', async ({
  open,
  startServer,
}, testInfo) => {
  const [first, second] = await Promise.all([startServer({ users: 30 }), startServer({ users: 40, seed: 2 })])
  const app = await open()
  const { page } = app
  const server = (name: string) => app.connectionStatus().getByRole('button', { name, exact: true })

  await test.step('what was only saved is offered by name where users would be', async () => {
    await page.getByRole('button', { name: 'Connect to your server' }).click()
    await app.fillConnection({ ...first, name: 'First', password: 'wrong' })
    await app.connectionForm().getByRole('button', { name: 'Save connection' }).click()
    await app.said('saved')
    // The form that was filled in stays.
    await expect(app.connectionForm()).toBeVisible()
    await app.go('Users')
    await expect(page.locator('main')).toContainText('Not connected')
    await picture(app, testInfo, 'not-connected')
    await page.getByRole('button', { name: 'Connect to First' }).click()
  })

  await test.step('a refused sign-in stands in the form of its server', async () => {
    await expect(app.connectionForm().getByRole('alert')).toBeVisible()
    await expect(app.connectionForm().getByRole('textbox', { name: 'Username' })).toHaveValue(first.username)
    await picture(app, testInfo, 'refused')
    await app.connectionForm().getByRole('textbox', { name: 'Password' }).fill(first.password)
    await app.connectionForm().getByRole('button', { name: 'Connect', exact: true }).click()
    await app.allUsersLoaded(30)
    await expect(app.connectionStatus()).toContainText(`First as ${first.username}`)
  })

  await test.step('the age of the data is not read out every minute', async () => {
    await expect(page.getByText(/data .* old/)).toBeVisible()
    await expect(app.connectionStatus()).not.toContainText('old')
  })

  await test.step('the status bar and the palette change the server', async () => {
    await app.connectTo(second, 'Second')
    await app.allUsersLoaded(40)
    await server('Second').click()
    await page.getByRole('menuitem', { name: 'Connect to First' }).click()
    await app.allUsersLoaded(30)
    await expect(server('First')).toBeVisible()
    await picture(app, testInfo, 'switched')
    await page.keyboard.press('Control+k')
    await page
      .getByRole('textbox', { name: 'Command' })
      .or(page.getByRole('searchbox', { name: 'Command' }))
      .fill('second')
    await page.getByRole('menuitem', { name: 'Connect to Second' }).click()
    await app.allUsersLoaded(40)
  })

  await test.step('working offline, the other server is shown as it is here', async () => {
    await app.workOffline().click()
    await server('Second').click()
    await page.getByRole('menuitem', { name: 'Connect to First' }).click()
    await app.said('“First” is shown as it is on this computer')
    await app.allUsersLoaded(30)
    await expect(app.alert()).toHaveCount(0)
    await app.workOffline().click()
    await expect(app.connectionStatus()).toContainText('Online')
  })

  await test.step('the focus is never dropped on the page by a change of page', async () => {
    const nowhere = () => page.evaluate(() => document.activeElement === document.body)
    for (const [key, heading] of [
      ['Control+3', 'History'],
      ['Control+4', 'Connections'],
      ['Control+2', 'Outbox'],
      ['Control+1', 'Users'],
    ] as const) {
      await page.keyboard.press(key)
      await expect(page.getByRole('heading', { level: 1, name: heading })).toBeAttached()
      await expect.poll(nowhere).toBe(false)
    }
    await app.go('Outbox')
    await page.getByRole('button', { name: 'Go to Users' }).click()
    await expect.poll(nowhere).toBe(false)
  })
})

test('the form of a connection helps: name, address, first mistake, a password that is kept once it was right', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 30 })
  const app = await open()
  const { page } = app
  await page.getByRole('button', { name: 'Connect to your server' }).click()
  const form = app.connectionForm()
  const box = (name: string) => form.getByRole('textbox', { name, exact: true })
  const press = (name: string) => form.getByRole('button', { name, exact: true }).click()

  await box('Base URL').fill('odin.example.com')
  await box('Username').click()
  await expect(box('Base URL')).toHaveValue('https://odin.example.com/api/v2')
  await expect(box('Name')).toHaveValue('odin.example.com')
  await press('Connect')
  await expect(box('Username')).toBeFocused()
  await expect(box('Username')).toHaveAttribute('aria-invalid', 'true')
  await picture(app, testInfo, 'invalid')

  await box('Base URL').fill(server.baseUrl)
  await expect(box('Name')).toHaveValue(new URL(server.baseUrl).host)
  await box('Username').fill(server.username)
  await box('Password').fill('wrong')
  await form.getByText('Show password').click()
  await expect(box('Password')).toHaveAttribute('type', 'text')
  await press('Connect')
  await expect(form.getByRole('alert')).toBeVisible()
  await expect(box('Password')).toHaveValue('wrong')
  await picture(app, testInfo, 'wrong')
  // A new mistake takes the old notice away.
  await box('Password').fill('')
  await press('Connect')
  await expect(box('Password')).toBeFocused()
  await expect(box('Password')).not.toHaveAttribute('placeholder', 'In the keychain')
  await expect(form.getByRole('alert')).toHaveCount(0)

  await box('Password').fill(server.password)
  await press('Test connection')
  await expect(form.getByRole('status')).toContainText('Works: signed in and out again')
  await form.getByRole('combobox', { name: 'Colour' }).selectOption('Red')
  await press('Connect')
  await app.allUsersLoaded(30)
  await expect(app.connectionStatus()).toContainText('marked red')
  const stripe = () =>
    page.getByRole('contentinfo').evaluate((bar) => getComputedStyle(bar, '::before').backgroundColor)
  const colour = await stripe()
  expect(colour).not.toBe('rgba(0, 0, 0, 0)')
  await picture(app, testInfo, 'stripe')
  await page.emulateMedia({ forcedColors: 'active' })
  expect(await stripe(), 'the mark keeps its colour under forced colours').toBe(colour)
  await picture(app, testInfo, 'stripe-forced')
  await page.emulateMedia({ forcedColors: null })
  await app.go('Connections')
  await expect(box('Password')).toHaveAttribute('placeholder', 'In the keychain')
  await expect(box('Password')).toHaveValue('')

  // Not a list that is being read, but that there is no server, and the way back.
  await form.getByRole('button', { name: 'Sign out' }).click()
  await app.said('Signed out')
  await form.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByRole('button', { name: 'Try the demo server' })).toBeVisible()
})

test('an expired password is changed where it is asked for, and the server’s own words say what a new one lacks', async ({
  open,
  startServer,
}) => {
  const server = await startServer({ users: 30 })
  const app = await open()
  await app.connectTo({ ...server, username: 'expired' })
  const dialog = app.page.getByRole('dialog', { name: 'Change password' })
  await expect(dialog).toContainText('has expired')
  // What is asked for stands there before anything is typed.
  await expect(
    dialog.getByRole('textbox', { name: 'New password', exact: true }),
  ).toHaveAccessibleDescription(/at least 6 to 8 characters/)
  const change = async (password: string) => {
    await dialog.getByRole('textbox', { name: 'New password', exact: true }).fill(password)
    await dialog.getByRole('textbox', { name: 'New password again' }).fill(password)
    await dialog.getByRole('button', { name: 'Change password' }).click()
  }
  await change('withoutdigits')
  await expect(
    dialog
      .getByRole('alert')
      .getByText('“[Error 4999] Password must contain at least 1 digit', { exact: false }),
  ).toBeVisible()
  await change('With-1-digit')
  await expect(dialog).toBeHidden()
  await app.allUsersLoaded(30)
})
