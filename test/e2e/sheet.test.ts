import { join } from 'node:path'
import { expect, test } from './app'
import { violations } from './axe'

test('one user is exported as a page: options, calls, what waits and the history, also without a network', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 30 })
  const [person] = await server.find({ serviceProviderId: 'ent.aurora', groupId: 'cincinnati' })
  const userId = String(person?.userId)
  await server.putUser({
    serviceProviderId: 'ent.aurora',
    groupId: 'cincinnati',
    userId,
    firstName: 'Dana',
    lastName: '<b>Levi</b> \u202eliame',
    title: 'Switchboard',
  })
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(30)
  await app.find(userId, /^1 of /)
  await app.row(userId).click()
  await expect(app.field('Title')).toHaveValue('Switchboard')
  await app.details().getByRole('tab', { name: 'Calls' }).click()
  const happens = app.details().getByRole('status', { name: 'What happens to a call' })
  await expect(happens).not.toContainText('not read yet')
  const sentence = await happens.innerText()
  await app.details().getByRole('tab', { name: 'Profile' }).click()

  await test.step('one change is sent, one waits, one is only typed', async () => {
    await app.field('Title').fill('Reception')
    await app.save()
    await expect.poll(async () => (await server.user(userId)).title).toBe('Reception')
    await app.workOffline().click()
    await app.field('Title').fill('Front desk')
    await app.save()
    await app.field('E-mail').fill('typed.only@acme.example')
  })

  const folder = testInfo.outputPath()
  await app.electron.evaluate(({ dialog }, folder) => {
    dialog.showSaveDialog = (async (...of: readonly unknown[]) => {
      const { defaultPath = '' } = of.at(-1) as { defaultPath?: string }
      const filePath = `${folder}/sheet.html`
      Object.assign(globalThis, { suggested: defaultPath })
      return { canceled: false, filePath }
    }) as typeof dialog.showSaveDialog
  }, folder)
  await app.details().getByRole('button', { name: 'Actions' }).click()
  await expect(app.page.getByRole('menuitem', { name: 'Set password…' })).toBeDisabled()
  await app.page.screenshot({ path: testInfo.outputPath('menu.png') })
  await app.page.getByRole('menuitem', { name: 'Export sheet…' }).click()
  await app.said('What is not saved yet is not on it')
  await expect(app.page.getByRole('button', { name: 'Show in folder' })).toBeVisible()
  expect(
    await app.electron.evaluate(() => (globalThis as unknown as { suggested: string }).suggested),
  ).toMatch(/gungnir-user-[\w.-]+-\d{4}-\d\d-\d\d\.html$/)

  const opened = app.electron.waitForEvent('window')
  await app.electron.evaluate(
    ({ BrowserWindow }, path) => {
      const window = new BrowserWindow({ width: 900, height: 1100, webPreferences: { partition: 'sheet' } })
      // The app puts its own page back where another is loaded. This window stands for a browser.
      window.webContents.removeAllListeners('did-navigate')
      void window.loadFile(path)
    },
    join(folder, 'sheet.html'),
  )
  const sheet = await opened
  await sheet.waitForLoadState('load')
  await expect(sheet.getByRole('heading', { level: 1 })).toHaveText('Dana <b>Levi</b> [U+202E]liame')
  await expect(sheet.getByRole('heading', { level: 2 })).toHaveText(['Options', 'Calls', 'History'])
  const value = (label: string) =>
    sheet
      .getByRole('row')
      .filter({ has: sheet.getByRole('rowheader', { name: label, exact: true }) })
      .first()
      .getByRole('cell')
  await expect(value('First name')).toHaveText('Dana')
  await expect(value('Title')).toHaveText(/^Reception\s*waiting Front desk$/)
  await expect(sheet.getByText(sentence, { exact: true })).toBeVisible()
  await expect(sheet.getByRole('banner')).toContainText(`by ${server.username} from ${server.baseUrl}`)
  await expect(sheet.getByRole('banner')).toContainText('1 change is waiting')
  await expect(sheet.getByRole('article').filter({ hasText: 'Done' })).toContainText('Reception')
  await expect(sheet.locator('body')).not.toContainText('typed.only')
  expect(await violations(sheet)).toEqual([])
  await sheet.screenshot({ path: testInfo.outputPath('sheet.png'), fullPage: true })
  await sheet.emulateMedia({ media: 'print' })
  await sheet.setViewportSize({ width: 673, height: 1000 })
  await sheet.screenshot({ path: testInfo.outputPath('print.png'), fullPage: true })
})
