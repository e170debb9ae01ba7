import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './app'

test('unsent changes go to a file and back, and a back-up is made from the screen', async ({
  open,
  startServer,
  profile,
}, testInfo) => {
  const server = await startServer({ users: 60 })
  let app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(60)
  const save = (path: string) =>
    app.electron.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath })
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [filePath] })
    }, path)
  await app.workOffline().click()
  await app.row('').first().getByRole('gridcell').nth(1).click()
  await app.field('First name').fill('Carried')
  await app.save()
  await expect(app.navigation().getByRole('link', { name: /^Outbox, 1 waiting/ })).toBeVisible()
  await app.go('Outbox')
  const more = async (item: string) => {
    await app.page.getByRole('button', { name: 'More', exact: true }).click()
    await app.page.getByRole('menuitem', { name: item }).click()
  }
  const database = join(profile, 'gungnir.db')
  await save(database)
  await more('Export unsent changes…')
  await expect(app.page.getByText(/belongs to Gungnir itself/).first()).toBeVisible()
  expect((await readFile(database)).includes('Carried')).toBe(false)
  await save(testInfo.outputPath('unsent.json'))
  await more('Export unsent changes…')
  await app.said('Exported 1 unsent change')
  await app.outbox().getByRole('row').nth(1).getByRole('gridcell').nth(1).click()
  await app.page.getByRole('button', { name: 'Discard change' }).click()
  await app.page.getByRole('alertdialog').getByRole('button', { name: 'Discard' }).click()
  await expect(app.navigation().getByRole('link', { name: 'Outbox', exact: true })).toBeVisible()
  await more('Import unsent changes…')
  const plan = app.page.getByRole('dialog', { name: 'Import unsent changes' })
  await expect(plan.getByText(/ at .*, signed in as /)).toBeVisible()
  await expect(plan.getByRole('row', { name: /Carried/ })).toBeVisible()
  await plan.getByRole('button', { name: 'Import 1 change' }).click()
  await expect(app.navigation().getByRole('link', { name: /^Outbox, 1 waiting/ })).toBeVisible()
  await app.workOffline().click()
  await expect.poll(async () => (await server.find({ firstName: 'Carried' })).length).toBe(1)

  await app.go('History')
  await save(testInfo.outputPath('all.gungnir-backup'))
  await more('Back up everything…')
  const dialog = app.page.getByRole('dialog', { name: 'Back up everything' })
  await dialog.getByRole('textbox', { name: 'Passphrase', exact: true }).fill('four words of mine')
  await dialog.getByRole('textbox', { name: 'Passphrase again' }).fill('four words of mine')
  await dialog.getByRole('button', { name: 'Back up…' }).click()
  await app.said('Backed up to')

  await app.go('Users')
  await app.row('').first().getByRole('gridcell').nth(1).click()
  await app.field('First name').fill('Not saved')
  await app.go('History')

  // Starting itself again is left out: a second process would outlive the test.
  await app.electron.evaluate(({ app: electron }) => {
    electron.relaunch = () => {}
  })
  await more('Restore a back-up…')
  const restoring = app.page.getByRole('dialog', { name: 'Restore a back-up' })
  await restoring.getByRole('textbox', { name: 'Passphrase' }).fill('not these words')
  await restoring.getByRole('button', { name: 'Choose a file…' }).click()
  await expect(restoring.getByText('This passphrase does not open the back-up.')).toBeVisible()
  await restoring.getByRole('textbox', { name: 'Passphrase' }).fill('four words of mine')
  await restoring.getByRole('button', { name: 'Choose a file…' }).click()
  const question = app.page.getByRole('alertdialog', { name: 'Replace what is not sent?' })
  await expect(question.getByText('1 unsaved edit is here and not in the back-up.')).toBeVisible()
  await app.page.screenshot({ path: testInfo.outputPath('replace.png') })
  const closed = app.electron.waitForEvent('close')
  await question.getByRole('button', { name: 'Restore the back-up' }).click()
  await closed
  app = await open()
  await app.go('History')
  await expect(app.history().getByRole('row').filter({ hasText: 'First name' })).toHaveCount(1)
  await app.go('Users')
  await app.allUsersLoaded(60)
})
