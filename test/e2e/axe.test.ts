import { readFile, writeFile } from 'node:fs/promises'
import { rootCertificates } from 'node:tls'
import type { Locator } from '@playwright/test'
import { expect, type Gungnir, test } from './app'
import { violations } from './axe'
import type { DemoServer } from './demo-server'

// On every page, tab, dialog and menu, in light, dark and forced colours.

/** What depends on the colours, or on lines that are drawn for want of them. */
const ofColours = ['color-contrast', 'link-in-text-block', 'target-size']

/** What a test needs to look at one thing after the other. */
function looking(app: Gungnir) {
  const { page } = app
  const found: string[] = []
  const check = async (what: string) => {
    for (const colours of ['light', 'dark', 'forced'] as const) {
      await page.emulateMedia({
        colorScheme: colours === 'light' ? 'light' : 'dark',
        forcedColors: colours === 'forced' ? 'active' : 'none',
      })
      const wrong = await violations(page, colours === 'light' ? undefined : ofColours)
      found.push(...wrong.map((each) => `${what}, ${colours}: ${each}`))
    }
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' })
  }
  /** Looks at what a click opens, and closes it again. */
  const opened = async (what: string, by: Locator, shown: Locator) => {
    await by.click()
    await expect(shown).toBeVisible()
    await check(what)
    await page.keyboard.press('Escape')
    await expect(shown).toBeHidden()
  }
  const button = (name: string, inside: Locator = page.locator('body')) =>
    inside.getByRole('button', { name, exact: true })
  return { app, page, check, opened, button, menu: page.getByRole('menu'), found }
}

async function signedIn(app: Gungnir, server: DemoServer) {
  await app.connectTo(server)
  await app.allUsersLoaded(40)
  return looking(app)
}

test('axe finds nothing without a server, and in what opens everywhere', async ({ open }) => {
  test.setTimeout(900_000)
  const { app, page, check, button, found } = looking(await open())
  await expect(button('Try the demo server')).toBeVisible()
  await check('first run')
  await app.go('Users')
  await check('Users without a server')
  await app.newConnection()
  await button('Connect', app.connectionForm()).click()
  await check('a connection that is not filled in')
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Commands' })
  await check('palette')
  await page.keyboard.press('ArrowDown')
  await check('palette with a command pointed at')
  await page.keyboard.type('nothing is called this')
  await check('palette without a command')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(palette).toBeHidden()
  // In the box that is to be filled in, a question mark is text.
  await app.go('Users')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toBeVisible()
  await check('shortcuts')
  await page.keyboard.press('Escape')
  expect(found).toEqual([])
})

test('axe finds nothing among users', async ({ open, startServer }) => {
  test.setTimeout(900_000)
  const { app, page, check, opened, button, menu, found } = await signedIn(
    await open(),
    await startServer({ users: 40 }),
  )
  await app.users().locator('[data-at="2:2"]').click()
  await expect(app.field('First name')).not.toHaveValue('')
  await check('users with details')
  for (const tab of ['Calls', 'History', 'JSON', 'Profile']) {
    await app.details().getByRole('tab', { name: tab }).click()
    await check(`tab ${tab}`)
  }
  for (const name of ['Actions', 'More', 'Appearance', 'Test'])
    await opened(`menu ${name}`, button(name), menu)
  await opened('columns', button('Columns'), page.getByRole('dialog', { name: 'Columns' }))
  await opened(
    'full records',
    page.getByRole('button', { name: /, full records$/ }),
    page.getByRole('dialog', { name: 'Full records' }),
  )
  await opened('past messages', button('Past messages'), page.getByRole('dialog', { name: 'Past messages' }))
  for (const name of ['Service provider', 'Group']) {
    await opened(
      `picker ${name}`,
      page.getByRole('combobox', { name, exact: true }),
      page.getByRole('listbox'),
    )
  }
  await opened('Save view', button('Save view…'), page.getByRole('dialog', { name: 'Save view' }))
  await app.field('Title').fill('Nurse')
  await app.field('Extension').fill('no digits')
  await check('a draft and a mistake')
  await app.details().getByRole('button', { name: 'Discard' }).click()
  await app.users().locator('[data-at="2:1"]').click()
  await page.keyboard.press('F2')
  await check('an open cell editor')
  await page.keyboard.press('Escape')
  await app.find('nobody is called this', /^0 of/)
  await check('nobody found')
  await app.find('', /^40 of/)
  expect(found).toEqual([])
})

test('axe finds nothing in dialogs about users', async ({ open, startServer }) => {
  test.setTimeout(900_000)
  const { app, page, check, opened, button, menu, found } = await signedIn(
    await open(),
    await startServer({ users: 40 }),
  )
  await app.users().locator('[data-at="2:2"]').click()
  await expect(app.field('First name')).not.toHaveValue('')
  await button('Actions').click()
  const actions = await menu.getByRole('menuitem').allInnerTexts()
  await page.keyboard.press('Escape')
  // Where a sheet goes is asked in a dialog of the system.
  for (const action of actions.filter((each) => /…$/.test(each) && each !== 'Export sheet…')) {
    await button('Actions').click()
    const dialog = page.getByRole('dialog')
    const copies = action.startsWith('Copy options')
    // The user to copy from is asked over the dialog that the options come into.
    const asks = copies ? page.getByRole('dialog', { name: 'Copy options from' }) : dialog
    await opened(action, menu.getByRole('menuitem', { name: action }), asks)
    if (copies) await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
  }
  await app.users().locator('[data-at="3:0"]').click()
  await button('Edit selected…').click()
  const batch = page.getByRole('dialog', { name: 'Edit 1 user' })
  await expect(batch.getByRole('grid', { name: 'Preview' }).getByRole('row')).toHaveCount(2)
  await check('many users, nothing chosen yet')
  await batch.getByRole('combobox', { name: 'Field' }).selectOption('Title')
  await batch.getByRole('combobox', { name: 'What to do' }).selectOption('Build from a template')
  await opened('Insert field', button('Insert field', batch), menu)
  await batch.getByRole('textbox', { name: 'Template' }).fill('{{firstName}}')
  await expect(button('Save 1 user', batch)).toBeEnabled()
  await check('many users')
  await button('Cancel', batch).click()
  await check('leave?')
  await button('Leave', page.getByRole('alertdialog')).click()
  await button('Clear selection').click()
  expect(found).toEqual([])
})

test('axe finds nothing in the outbox, history and connections', async ({ open, startServer }) => {
  test.setTimeout(900_000)
  const server = await startServer({ users: 40 })
  const { app, page, check, opened, button, menu, found } = await signedIn(await open(), server)
  await app.go('Outbox')
  await check('empty outbox')
  await app.go('Users')
  await app.users().locator('[data-at="2:2"]').click()
  await expect(app.field('First name')).not.toHaveValue('')
  const userId =
    (
      await app
        .details()
        .getByText(/\S+@\S+/)
        .first()
        .innerText()
    ).split(' ')[0] ?? ''
  await app.workOffline().click()
  await app.field('Title').fill('Mine')
  await app.save()
  await check('offline, with a change that waits')
  await app.go('Outbox')
  await app.outbox().getByRole('gridcell').nth(1).click()
  await check('outbox with an entry')
  await opened('menu More of the outbox', button('More'), menu)
  await opened('Discard?', button('Discard'), page.getByRole('alertdialog'))
  await server.putUser({ ...(await server.user(userId)), title: 'Theirs' })
  await app.workOffline().click()
  const strip = page.getByRole('alert').getByRole('button', { name: 'Resolve…' })
  await expect(strip).toBeVisible()
  await check('a conflict')
  await strip.click()
  const resolve = page.getByRole('dialog', { name: 'Resolve conflict' })
  await check('Resolve conflict')
  await resolve.getByText('Other value').click()
  await check('Resolve conflict, other value')
  await resolve.getByText('Keep mine').click()
  await resolve.getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByText('Nothing waiting')).toBeVisible()
  await app.go('History')
  await button('Overview').click()
  await app.history().getByRole('gridcell').nth(1).click()
  await expect(app.change()).toBeVisible()
  await check('history with a change and the overview')
  for (const name of ['Copy as…', 'Export…', 'More'])
    await opened(`menu ${name} of history`, button(name), menu)
  await opened(
    'Revert',
    page.getByRole('button', { name: 'Revert this change…' }),
    page.getByRole('dialog', { name: /^Revert/ }),
  )
  await button('More').click()
  await opened(
    'back up',
    menu.getByRole('menuitem', { name: 'Back up everything…' }),
    page.getByRole('dialog'),
  )
  await app.go('Connections')
  await check('connections')
  await opened('Remove?', button('Remove'), page.getByRole('alertdialog'))
  expect(found).toEqual([])
})

test('axe finds nothing in what is asked about files and trust', async ({ open, startServer }, testInfo) => {
  test.setTimeout(900_000)
  const { app, page, check, button, found } = await signedIn(await open(), await startServer({ users: 40 }))
  /** What the system's dialogs answer. */
  const file = async (name: string, text?: string) => {
    const path = testInfo.outputPath(name)
    if (text !== undefined) await writeFile(path, text)
    await app.electron.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath })
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [filePath] })
    }, path)
    return path
  }
  await app.users().locator('[data-at="2:2"]').click()
  await expect(app.field('First name')).not.toHaveValue('')

  const id = await (await app.cell('', 'User ID')).innerText()
  await file('people.csv', `userPrincipalName,Rank\n${id},Chief\n`)
  await button('Import CSV…').click()
  const batch = page.getByRole('dialog', { name: /^Import CSV/ })
  await expect(batch.getByRole('combobox', { name: 'Rank is' })).toBeVisible()
  await check('columns told by hand')
  await button('Close', batch).first().click()
  await expect(batch).toBeHidden()

  await app.workOffline().click()
  await app.field('Title').fill('Carried')
  await app.save()
  await app.go('Outbox')
  const more = async (item: string) => {
    await button('More').click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  const unsent = await file('unsent.json')
  await more('Export unsent changes…')
  await app.said('Exported 1 unsent change')
  await file('again.json', await readFile(unsent, 'utf8'))
  await more('Import unsent changes…')
  const plan = page.getByRole('dialog', { name: 'Import unsent changes' })
  await expect(plan).toBeVisible()
  await check('plan for unsent changes')
  await page.keyboard.press('Escape')
  await expect(plan).toBeHidden()

  await app.newConnection()
  await file('authority.pem', rootCertificates[0])
  await button('Choose file…', app.connectionForm()).click()
  await expect(app.connectionForm().getByText(/SHA-256/)).toBeVisible()
  await check('trust of an authority')
  expect(found).toEqual([])
})
