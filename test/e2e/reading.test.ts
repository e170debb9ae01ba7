import { readFile } from 'node:fs/promises'
import { expect, type Gungnir, test } from './app'
import type { DemoServer } from './demo-server'

/** At a pace at which it can be told how long reading takes. */
async function connectSlowly(app: Gungnir, server: DemoServer): Promise<void> {
  await app.newConnection()
  const { baseUrl, username, password } = server
  await app.fillConnection({ name: 'Test', baseUrl, username, password, callsPerSecond: 5 })
  await app.connectionForm().getByRole('button', { name: 'Connect', exact: true }).click()
}

test('a search that touches unread fields says for how many it speaks, and reads the rest on request', async ({
  open,
  startServer,
}) => {
  // More than are read without being asked for.
  const users = 5200
  const server = await startServer({ users, switches: ['--groups', '20'] })
  let app = await open()
  await connectSlowly(app, server)
  await app.allUsersLoaded(users)
  const line = () => app.page.getByText(/^Title is known for [\d,]+ of [\d,]+ users\.$/)
  const readThem = () => app.page.getByRole('button', { name: /^Read them \(about \d+ s\)$/ })
  const fullRecords = () => app.page.getByRole('button', { name: /, full records$/ })

  await test.step('next to nobody was read: the search says so, with the time that reading them takes', async () => {
    await app.users().getByRole('gridcell').first().click()
    await app.search().fill('has:title')
    await expect(line()).toHaveText(/^Title is known for [01] of 5,200 users\.$/)
    // 20 groups at 5 calls a second; fewer when one was opened.
    await expect(readThem()).toHaveText(/^Read them \(about [34] s\)$/)
  })

  await test.step('a sort by such a field says it, too', async () => {
    await app.search().fill('')
    await expect(line()).toHaveCount(0)
    await app.users().getByRole('columnheader', { name: 'Title' }).click()
    await expect(line()).toBeVisible()
    await app.users().getByRole('columnheader', { name: 'Last name' }).click()
    await expect(line()).toHaveCount(0)
  })

  await test.step('one group alone is read and shown', async () => {
    await app.users().getByRole('gridcell').first().click()
    await app.search().fill('has:title')
    await app.page.getByRole('combobox', { name: 'Group' }).click()
    await app.page.getByRole('listbox').getByRole('option').nth(1).click()
    await expect(line()).toHaveCount(0)
    await expect(app.matches()).toHaveText(/^[1-9]\d* of 5,200 users$/)
    await expect(fullRecords()).toHaveText(/^2\d\d in full$/)
  })

  await test.step('the rest goes on over a restart, and then the search speaks for everybody', async () => {
    await fullRecords().click()
    const dialog = app.page.getByRole('dialog', { name: 'Full records' })
    await expect(
      dialog.getByRole('radio', { name: 'Of who is opened, and of the group that is chosen' }),
    ).toBeChecked()
    await dialog.getByRole('button', { name: /^Read the rest \(about [34] s\)$/ }).click()
    await expect(dialog.getByRole('progressbar', { name: 'Reading full records' })).toBeVisible()
    await app.quit()
    app = await open()
    await expect(fullRecords()).toHaveText('all in full', { timeout: 120_000 })
    await app.search().fill('has:title')
    await expect(app.matches()).toHaveText(/^[1-9][\d,]+ of 5,200 users$/)
    await expect(line()).toHaveCount(0)
  })
})

test('what was not read is asked about before it is exported or changed for many', async ({
  open,
  startServer,
  profile,
}) => {
  const server = await startServer({ users: 5200, switches: ['--groups', '20'] })
  const app = await open()
  await connectSlowly(app, server)
  await app.allUsersLoaded(5200)
  const file = `${profile}.csv`
  await app.electron.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: path })
  }, file)

  await test.step('a file: as it is, with a word for what was not read', async () => {
    await app.page.getByRole('button', { name: 'Export CSV…' }).click()
    const dialog = app.page.getByRole('dialog', { name: 'Export users' })
    await expect(dialog).toContainText(/Of 5,\d+ of 5,200 users not every field of the file was read/)
    await expect(dialog.getByRole('button', { name: /^Read them first \(about \d+ s\)$/ })).toBeEnabled()
    await dialog.getByRole('button', { name: 'Export with <not read>' }).click()
    await app.said('Exported 5,200 users')
    expect(await readFile(file, 'utf8')).toContain('<not read>')
  })

  await test.step('many users: neutral, unticked, and read first', async () => {
    await app.users().getByRole('gridcell').nth(1).click()
    await app.page.keyboard.press('Control+A')
    await expect(app.page.getByText('5,200 selected')).toBeVisible()
    await app.page.getByRole('button', { name: 'Edit selected…' }).click()
    const dialog = app.page.getByRole('dialog', { name: /^Edit [\d,]+ users$/ })
    await dialog.getByRole('combobox', { name: 'Field' }).selectOption('Title')
    await dialog.getByRole('textbox', { name: 'Value' }).fill('Agent')
    await expect(dialog.getByRole('status', { name: 'What would change' })).toContainText(/not read yet/)
    await expect(dialog.getByRole('status', { name: 'What would change' })).not.toContainText(
      'cannot be saved',
    )
    await expect(dialog.getByRole('gridcell', { name: 'Cannot be selected' }).first()).toBeVisible()
    await dialog.getByRole('button', { name: /^Read 5,\d+ users first \(about \d+ s\)$/ }).click()
    await expect(dialog.getByRole('button', { name: /^Save 5,\d+ users$/ })).toBeEnabled({ timeout: 120_000 })
    await expect(dialog.getByRole('button', { name: /^Read / })).toHaveCount(0)
  })
})

test('a small server is read in full by itself; that can be stopped, and chosen otherwise', async ({
  open,
  startServer,
}) => {
  const server = await startServer({ users: 120 })
  const app = await open()
  await app.connectTo(server)
  const button = app.page.getByRole('button', { name: /, full records$/ })
  await expect(button).toHaveText('all in full', { timeout: 120_000 })
  await button.click()
  const dialog = app.page.getByRole('dialog', { name: 'Full records' })
  await expect(dialog).toContainText('The full record of each of 120 users is here.')
  await dialog.getByText('Only of who is opened', { exact: true }).click()
  await expect(dialog.getByRole('radio', { name: 'Only of who is opened' })).toBeChecked()
})
