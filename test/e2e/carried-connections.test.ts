import { readFile, writeFile } from 'node:fs/promises'
import { expect, test } from './app'
import { violations } from './axe'
import { picture } from './pictures'

test('connections go to a file without their passwords, and come in as a person chooses', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 30 })
  const app = await open()
  const { page } = app
  const filePath = testInfo.outputPath('servers.json')
  await app.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath })
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [filePath] })
  }, filePath)
  const dialog = page.getByRole('dialog', { name: 'Import connections' })

  await test.step('what is written holds no password', async () => {
    await app.connectTo(server, 'Lab')
    await app.allUsersLoaded(30)
    await app.go('Connections')
    await page.getByRole('button', { name: 'Export connections…' }).click()
    await app.said('Exported 1 connection without passwords')
    const text = await readFile(filePath, 'utf8')
    expect(text).toContain(server.baseUrl)
    expect(text).not.toContain(server.password)
  })

  await test.step('one that is here stays as it is, another comes in when it is chosen', async () => {
    const file = JSON.parse(await readFile(filePath, 'utf8'))
    const [lab] = file.connections
    const production = {
      ...lab,
      name: 'Production',
      baseUrl: 'https://odin.example.com/api/v2',
      readOnly: true,
    }
    await writeFile(
      filePath,
      JSON.stringify({ ...file, connections: [{ ...lab, name: 'Other' }, production] }),
    )
    await page.getByRole('button', { name: 'Import connections…' }).click()
    await expect(dialog).toContainText('Here already as “Lab”')
    await expect(dialog.getByRole('checkbox', { name: 'Other' })).toBeDisabled()
    await expect(dialog.getByRole('checkbox', { name: 'Production' })).toBeChecked()
    expect(await violations(page)).toEqual([])
    await picture(app, testInfo, 'import')
    await dialog.getByRole('button', { name: 'Import 1 connection' }).click()
    await app.said('1 connection imported')
    await expect(dialog).toBeHidden()
    const servers = page.getByRole('region', { name: 'Servers' })
    await expect(servers.getByRole('listitem')).toHaveCount(2)
    await expect(servers.getByRole('button', { name: /Lab/ })).toBeVisible()
    await servers.getByRole('button', { name: /Production/ }).click()
    await expect(app.connectionForm().getByRole('switch', { name: 'Read-only' })).toBeChecked()
    await expect(app.connectionForm().getByRole('textbox', { name: 'Password' })).toHaveValue('')
    await picture(app, testInfo, 'imported')
  })
})
