import { stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { localDay } from '../../electron/platform/local-day'
import { expect, test } from './app'

test('whatever is written is called by its day, and shown in its folder', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 30 })
  const app = await open()
  const { page } = app
  await app.connectTo(server)
  await app.allUsersLoaded(30)
  const folder = testInfo.outputPath()
  const sheet = join(folder, 'changes.csv')
  const [user = {}] = await server.find({ lastName: '*', extended: 'true' })
  await writeFile(sheet, `User ID,Last name\n${String(user.userId)},Written\nnobody@nowhere.example,X\n`)
  await app.electron.evaluate(
    ({ dialog, shell }, { folder, sheet }) => {
      const seen: string[] = []
      Object.assign(globalThis, { shownInFolder: seen })
      shell.showItemInFolder = (path) => void seen.push(path)
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [sheet] })
      dialog.showSaveDialog = (async (...of: readonly unknown[]) => {
        const { defaultPath = '' } = of.at(-1) as { defaultPath?: string }
        return { canceled: false, filePath: `${folder}/${defaultPath.split(/[\\/]/).at(-1)}` }
      }) as typeof dialog.showSaveDialog
    },
    { folder, sheet },
  )
  const shown = () =>
    app.electron.evaluate(() => (globalThis as unknown as { shownInFolder: string[] }).shownInFolder)
  const days = [localDay(Date.now())]
  const names: string[] = []
  const isShown = async () => {
    const before = (await shown()).length
    await page.getByRole('button', { name: 'Show in folder' }).last().click()
    await expect.poll(async () => (await shown()).length).toBe(before + 1)
    const path = (await shown()).at(-1) ?? ''
    expect((await stat(path)).size).toBeGreaterThan(0)
    days.push(localDay(Date.now()))
    expect(days.filter((day) => basename(path).includes(day))).not.toEqual([])
    names.push(basename(path).replace(/-\d{4}-\d\d-\d\d/, ''))
  }

  await page.getByRole('button', { name: 'Export CSV…' }).click()
  await isShown()

  await app.workOffline().click()
  await page.getByRole('button', { name: 'Import CSV…' }).click()
  const dialog = page.getByRole('dialog', { name: /^Import CSV/ })
  await dialog.getByRole('button', { name: 'Save 1 user' }).click()
  await dialog.getByRole('button', { name: 'Save result…' }).click()
  await isShown()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()

  await app.go('Outbox')
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Export unsent changes…' }).click()
  await app.said('unsent change')
  await isShown()

  await app.workOffline().click()
  await app.go('History')
  await expect(app.history().getByText('Written').first()).toBeVisible()
  for (const format of [/^CSV/, /^JSON Lines/, /^HTML/]) {
    await page.getByRole('button', { name: 'Export…' }).click()
    await page.getByRole('menuitem', { name: format }).click()
    await app.said('Exported 1 change')
    await isShown()
  }

  const command = async (name: string) => {
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog', { name: 'Commands' }).getByLabel('Command', { exact: true }).fill(name)
    await page.getByRole('menuitem', { name }).click()
  }
  await command('Report a problem')
  await page.getByRole('button', { name: 'Save as a file…' }).click()
  await app.said('Saved the report')
  await isShown()

  await command('Back up everything')
  const backup = page.getByRole('dialog', { name: 'Back up everything' })
  await backup.getByLabel('Passphrase', { exact: true }).fill('correct horse battery')
  await backup.getByLabel('Passphrase again').fill('correct horse battery')
  await backup.getByRole('button', { name: 'Back up…' }).click()
  await app.said('Backed up to')
  await isShown()

  expect(names).toEqual([
    'gungnir-users.xlsx',
    'gungnir-import-result.csv',
    'gungnir-unsent.json',
    'gungnir-history.csv',
    'gungnir-history.jsonl',
    'gungnir-history.html',
    'gungnir-report.zip',
    'gungnir.gungnir-backup',
  ])
})
