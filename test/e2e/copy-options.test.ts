import { expect, test } from './app'
import { violations } from './axe'

test('options of another user are copied to a selection, and to one: chosen, looked at, sent as ordinary edits', async ({
  open,
  startServer,
}) => {
  const server = await startServer({ users: 60 })
  const people = (await server.find({ serviceProviderId: 'ent.aurora', groupId: 'cincinnati' })).slice(0, 3)
  const [source, one, two] = people.map(({ userId }) => String(userId)) as [string, string, string]
  const key = { serviceProviderId: 'ent.aurora', groupId: 'cincinnati' }
  await server.putUser({ ...key, userId: source, title: 'Copied title', addressLocation: 'Room 7' })
  await server.putUser({ ...key, userId: one, title: 'Old', addressLocation: 'Cellar' })
  const before = await server.user(two)
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(60)
  app.page.setDefaultTimeout(15_000)
  const copying = app.page.getByRole('dialog', { name: 'Copy options from' })

  const copyTitle = async () => {
    await copying.getByRole('textbox', { name: 'User to copy from' }).fill(source)
    await copying.getByRole('button', { name: source }).click()
    const options = copying.getByRole('list', { name: 'Options' })
    await expect(options.getByRole('checkbox', { name: /^Title/ })).toBeChecked()
    // What is a person's own is there to be chosen, and not chosen.
    await expect(options.getByRole('checkbox', { name: /^Last name/ })).not.toBeChecked()
    await expect(options.getByRole('checkbox', { name: /^Extension/ })).not.toBeChecked()
    for (const colorScheme of ['light', 'dark'] as const) {
      await app.page.emulateMedia({ colorScheme })
      expect(await violations(app.page)).toEqual([])
      await app.page.screenshot({ path: test.info().outputPath(`copy-${colorScheme}.png`) })
    }
    await app.page.emulateMedia({ colorScheme: null })
    for (const box of await options.getByRole('checkbox').all()) {
      const name = (await box.locator('xpath=..').innerText()).split('\n')[0]
      await box.setChecked(name === 'Title')
    }
    await copying.getByRole('button', { name: 'Copy 1 option' }).click()
    await expect(copying).toBeHidden()
  }

  await test.step('to one, from the actions of the details', async () => {
    await app.find(one, /^1 of /)
    await app.row(one).click()
    await expect(app.details()).toContainText(one)
    await app.details().getByRole('button', { name: 'Actions' }).click()
    await app.page.getByRole('menuitem', { name: 'Copy options from…' }).click()
    await copyTitle()
    const dialog = app.page.getByRole('dialog', { name: 'Edit 1 user' })
    await expect(dialog.getByRole('grid', { name: 'Preview' })).toContainText('Copied title')
    await dialog.getByRole('button', { name: 'Save 1 user' }).click()
    await expect.poll(async () => (await server.user(one)).title).toBe('Copied title')
    expect((await server.user(one)).addressLocation).toBe('Cellar')
  })

  await test.step('to a selection, from the dialog that edits it', async () => {
    await app.find(two, /^1 of /)
    await app.row(two).getByRole('gridcell').nth(0).click()
    await app.page.getByRole('button', { name: 'Edit selected…' }).click()
    const dialog = app.page.getByRole('dialog', { name: 'Edit 1 user' })
    await dialog.getByRole('button', { name: 'Copy options from…' }).click()
    await copyTitle()
    await dialog.getByRole('button', { name: 'Save 1 user' }).click()
    await expect.poll(async () => (await server.user(two)).title).toBe('Copied title')
    const after = await server.user(two)
    expect({ ...after, title: undefined }).toEqual({ ...before, title: undefined })
  })
})
