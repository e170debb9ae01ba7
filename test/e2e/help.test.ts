import { readFile } from 'node:fs/promises'
import { strFromU8, unzipSync } from 'fflate'
import { expect, test } from './app'
import { violations } from './axe'
import { picture } from './pictures'

test('help is in the app: guide, search language, about and a report that a person sees first', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 30 })
  const app = await open()
  const { page } = app
  await app.connectTo(server, 'Lab')
  await app.allUsersLoaded(30)
  const command = (name: string) =>
    app.electron.evaluate(({ Menu }, label) => {
      const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? []) ?? []
      const item = items.find((each) => each.label.replace('&', '') === label)
      if (item === undefined) throw new Error(`No ${label} in the menu`)
      item.click()
    }, name)

  await test.step('the guide has pictures and needs no network', async () => {
    await command('Guide')
    const guide = page.getByRole('dialog', { name: 'Guide' })
    await guide.getByRole('button', { name: 'Finding people' }).click()
    const shown = guide.getByRole('img')
    await expect(shown).toBeVisible()
    await expect
      .poll(() => shown.evaluate((image) => (image as HTMLImageElement).naturalWidth))
      .toBeGreaterThan(500)
    await picture(app, testInfo, 'guide')
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
  })

  await test.step('the search language', async () => {
    await command('Search Language')
    const dialog = page.getByRole('dialog', { name: 'Search language' })
    await expect(dialog).toContainText('dept:')
    await expect(dialog).toContainText('when:last-week')
    await picture(app, testInfo, 'search')
    await page.keyboard.press('Escape')
  })

  await test.step('About says the version', async () => {
    await command('About Gungnir')
    const { version } = JSON.parse(await readFile('package.json', 'utf8'))
    const about = page.getByRole('dialog', { name: 'About Gungnir' })
    await expect(about).toContainText(`Gungnir ${version}`)
    await about.getByRole('button', { name: 'Third-party notices' }).click()
    const notices = page.getByRole('dialog', { name: 'Third-party notices' })
    await expect(notices).toContainText(/react 19\.\S+ \(MIT\)[\s\S]*Permission is hereby granted/)
    await expect(notices).toContainText(/libsql 0\.\S+ \(MIT\)/)
    await picture(app, testInfo, 'notices')
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
  })

  await test.step('a report is seen, can be shortened, and is saved as it was seen', async () => {
    const path = testInfo.outputPath('report.zip')
    await app.electron.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath })
    }, path)
    await app.electron.evaluate((_, secret) => {
      void Promise.reject(new Error(`it broke near ${secret}`))
    }, server.password)
    await command('Report a Problem…')
    const report = page.getByRole('dialog', { name: 'Report a problem' })
    const facts = report.getByRole('textbox', { name: /^Version and settings/ })
    await expect(facts).toHaveValue(/Users on this computer: 30/)
    const text = await facts.inputValue()
    expect(text).toContain('server-1: http')
    for (const secret of [server.password, new URL(server.baseUrl).host]) expect(text).not.toContain(secret)
    await picture(app, testInfo, 'report')
    expect(await violations(page)).toEqual([])
    await report.getByRole('textbox', { name: /^What happened/ }).fill('The list stayed empty.')
    // What nobody waited for went wrong, with a password in its words.
    const crash = await report.getByRole('textbox', { name: /^The last crash/ }).inputValue()
    expect(crash).toContain('crash.rejection')
    expect(crash).not.toContain(server.password)
    await facts.fill('Only this.')
    await report.getByRole('button', { name: 'Save as a file…' }).click()
    await expect(report).toBeHidden()
    const files = unzipSync(await readFile(path))
    expect(Object.keys(files).sort()).toEqual(['last-crash.txt', 'log.txt', 'report.txt'])
    expect(strFromU8(files['report.txt'] ?? new Uint8Array())).toBe(
      'What happened\nThe list stayed empty.\n\nOnly this.',
    )
    expect(strFromU8(files['last-crash.txt'] ?? new Uint8Array())).toBe(crash)
    for (const bytes of Object.values(files)) expect(strFromU8(bytes)).not.toContain(server.password)
  })
})

test('the palette has something chosen at once, and finds people and what else can be done', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 30 })
  const [user = {}] = await server.find({ lastName: '*', extended: 'true' })
  const userId = String(user.userId)
  const app = await open()
  const { page } = app
  await app.connectTo(server, 'Lab')
  await app.allUsersLoaded(30)
  const palette = page.getByRole('dialog', { name: 'Commands' })
  const box = palette.getByRole('textbox', { name: 'Command' }).or(palette.getByRole('searchbox'))
  const chosen = palette.locator('[role=menuitem][data-focused]')
  const openPalette = async () => {
    await page.keyboard.press('Control+k')
    await expect(box).toBeFocused()
  }

  await openPalette()
  await expect(chosen).toHaveCount(1)
  await picture(app, testInfo, 'palette')
  for (const [words, name] of [
    ['demo', 'Try the demo server'],
    ['back up', 'Back up everything…'],
    ['offline', 'Work offline'],
    ['guide', 'Help: the guide'],
  ] as const) {
    await box.fill(words)
    await expect(palette.getByRole('menuitem', { name })).toBeVisible()
  }
  await box.fill(userId)
  await expect(palette.getByRole('menuitem', { name: new RegExp(`^Open user .*${userId}`) })).toBeVisible()
  await picture(app, testInfo, 'people')
  await expect(chosen).toHaveCount(1)
  await page.keyboard.press('Enter')
  await expect(palette).toBeHidden()
  await expect(app.details()).toContainText(userId)

  await test.step('the heat map can be read', async () => {
    await app.field('Title').fill('Measured')
    await app.save()
    await expect.poll(async () => (await server.user(userId)).title).toBe('Measured')
    await app.go('History')
    await page.getByRole('button', { name: 'Overview' }).click()
    await expect(page.getByRole('region', { name: 'Overview' })).toContainText('Mon')
    await picture(app, testInfo, 'heat')
    await app.history().getByRole('row').nth(1).getByRole('gridcell').nth(1).click()
    await app
      .change()
      .getByRole('button', { name: /Unguarded window/ })
      .click()
    await expect(page.getByText(/could not be seen/)).toBeVisible()
    await picture(app, testInfo, 'hint')
  })
})
