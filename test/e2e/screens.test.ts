import { expect, type Gungnir, test } from './app'
import { violations } from './axe'
import type { DemoServer } from './demo-server'

const resize = (app: Gungnir, width: number, height: number) =>
  app.electron.evaluate(
    ({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h),
    [width, height] as const,
  )

const clipboard = {
  read: (app: Gungnir) => app.electron.evaluate((electron) => electron.clipboard.readText()),
  write: (app: Gungnir, text: string) =>
    app.electron.evaluate((electron, what) => electron.clipboard.writeText(what), text),
}

/** The cell that has the focus, as `row:column`; the header is row -1. */
const cursor = (app: Gungnir) =>
  app.page.evaluate(() => document.activeElement?.getAttribute('data-at') ?? document.activeElement?.tagName)

async function signIn(open: () => Promise<Gungnir>, server: DemoServer, users: number): Promise<Gungnir> {
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(users)
  return app
}

test('no page has an accessibility violation, in light and in dark', async ({ open, startServer }) => {
  const server = await startServer({ users: 120 })
  const app = await open()
  const { page } = app
  const check = async (what: string) => expect(await violations(page), what).toEqual([])

  await expect(page.getByRole('button', { name: 'Try the demo server' })).toBeVisible()
  await check('first run')
  await app.connectTo(server)
  await app.allUsersLoaded(120)
  await page.keyboard.press('/')
  await page.keyboard.press('Enter')
  await expect(app.field('First name')).not.toHaveValue('')

  for (const theme of ['Light', 'Dark']) {
    await page.getByRole('button', { name: 'Appearance' }).click()
    await page.getByRole('menuitemradio', { name: theme, exact: true }).click()
    await page.keyboard.press('Escape')
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme.toLowerCase())

    await app.field('Title').fill(`Title in ${theme}`)
    await app.field('Extension').fill('not digits')
    await check(`users with details, a draft and a mistake, ${theme}`)
    await app.details().getByRole('button', { name: 'Discard' }).click()

    await app.details().getByRole('tab', { name: 'History' }).click()
    await check(`history of a user, ${theme}`)
    await app.details().getByRole('tab', { name: 'JSON' }).click()
    await check(`user as JSON, ${theme}`)
    await app.details().getByRole('tab', { name: 'Profile' }).click()

    for (const action of ['Set portal passcode…', 'Move to group…', 'Change alternate user IDs…']) {
      await app.details().getByRole('button', { name: 'Actions' }).click()
      await page.getByRole('menuitem', { name: action }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
      await check(`${action}, ${theme}`)
      await page.keyboard.press('Escape')
    }
    await app.row('').first().getByRole('gridcell').nth(0).click()
    await page.getByRole('button', { name: 'Edit selected…' }).click()
    const batch = page.getByRole('dialog', { name: 'Edit 1 user' })
    await batch.getByRole('combobox', { name: 'Field' }).selectOption('Title')
    await batch.getByRole('textbox', { name: 'Value' }).fill(`Title in ${theme}`)
    await expect(batch.getByRole('button', { name: 'Save 1 user' })).toBeEnabled()
    await check(`edit selected, ${theme}`)
    await batch.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click()
    await page.getByRole('button', { name: 'Clear selection' }).click()

    await app.find('nobody is called this', /^0 of/)
    await check(`no match, ${theme}`)
    await app.find('', /^120 of/)

    for (const place of ['Outbox', 'History', 'Connections'] as const) {
      await app.go(place)
      await check(`${place}, ${theme}`)
    }

    await page.keyboard.press('Control+k')
    await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible()
    await check(`palette, ${theme}`)
    await page.keyboard.press('Escape')
    await app.go('Users')
  }
})

test('the grid works from the keyboard alone', async ({ open, startServer }) => {
  const app = await signIn(open, await startServer({ users: 400 }), 400)
  const { page } = app
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }

  await test.step('one tab stop, and the search leads to it', async () => {
    await expect(app.users().locator('[tabindex="0"]')).toHaveCount(1)
    await press('/')
    await expect(app.search()).toBeFocused()
    await press('Enter')
    await expect.poll(() => cursor(app)).toBe('0:1')
  })

  await test.step('moving', async () => {
    await press('ArrowDown', 'ArrowRight', 'ArrowRight')
    expect(await cursor(app)).toBe('1:3')
    await press('End')
    expect(await cursor(app)).toMatch(/^1:1\d$/)
    await press('Home')
    expect(await cursor(app)).toBe('1:0')
    await press('Control+End')
    await expect.poll(() => cursor(app)).toMatch(/^399:/)
    await expect(app.users().locator('[aria-rowindex="401"]')).toBeInViewport()
    await press('PageUp')
    await expect.poll(() => cursor(app)).toMatch(/^3[678]\d:/)
    await press('Control+Home')
    await expect.poll(() => cursor(app)).toBe('0:0')
    await press('ArrowUp')
    expect(await cursor(app)).toBe('-1:0')
  })

  await test.step('sorting from the header', async () => {
    await press('ArrowRight', 'Enter')
    const header = app.users().getByRole('columnheader', { name: 'Last name' })
    await expect(header).toHaveAttribute('aria-sort', 'ascending')
    await expect(header).toBeFocused()
    await press('Enter')
    await expect(header).toHaveAttribute('aria-sort', 'descending')
    await press('Enter')
    await expect(header).toHaveAttribute('aria-sort', 'none')
  })

  await test.step('the cursor row is in the page wherever the list is scrolled', async () => {
    await press('ArrowDown', 'ArrowDown')
    expect(await cursor(app)).toBe('1:1')
    await app.users().evaluate((grid) => {
      grid.scrollTop = grid.scrollHeight
    })
    await expect(app.users().locator('[aria-rowindex="401"]')).toBeInViewport()
    expect(await cursor(app)).toBe('1:1')
    await press('ArrowDown')
    await expect(app.users().locator('[data-at="2:1"]')).toBeInViewport()
  })

  await test.step('selecting', async () => {
    const selected = app.users().locator('[role=row][aria-selected=true]')
    await press('Space', 'Shift+ArrowDown', 'Shift+ArrowDown')
    await expect(selected).toHaveCount(3)
    await press('Shift+ArrowUp')
    await expect(selected).toHaveCount(2)
    await press('Control+a')
    await expect(page.getByText('400 selected')).toBeVisible()
    await press('Escape')
    await expect(selected).toHaveCount(0)
  })

  await test.step('editing: Escape puts back, Tab goes right, Enter goes down, a mistake stays', async () => {
    await press('Control+Home', 'ArrowRight', 'ArrowRight')
    const first = app.users().locator('[data-at="0:2"]')
    const before = await first.innerText()
    await press('F2')
    await page.keyboard.type('Never')
    await press('Escape')
    await expect(first).toHaveText(before)
    await page.keyboard.type('Zo')
    await press('Tab')
    expect(await cursor(app)).toBe('0:3')
    await expect(first).toHaveText('Zo')
    await expect(first).toHaveAccessibleDescription(`${before} → Zo`)
    await press('ArrowLeft', 'Enter')
    await page.keyboard.type(before)
    await press('Enter')
    expect(await cursor(app)).toBe('1:2')
    await expect(first).not.toHaveAccessibleDescription(/→/)

    const extension = await app
      .users()
      .getByRole('columnheader', { name: 'Extension' })
      .getAttribute('aria-colindex')
    await app.users().locator(`[aria-rowindex="2"] [aria-colindex="${extension}"]`).click()
    await page.keyboard.type('12a')
    await press('Enter')
    const editor = app.users().getByRole('textbox', { name: 'Extension' })
    await expect(editor).toHaveAttribute('aria-invalid', 'true')
    await expect(editor).toHaveAccessibleDescription(/letter|digits/)
    await press('Escape')
    await expect(editor).toBeHidden()
  })
})

test('cells are copied and pasted as tab-separated text', async ({ open, startServer }) => {
  const app = await signIn(open, await startServer({ users: 60 }), 60)
  const { page } = app
  const last = await app.users().locator('[data-at="0:1"]').innerText()
  await app.users().locator('[data-at="0:1"]').click()
  await page.keyboard.press('Control+c')
  await expect
    .poll(() => clipboard.read(app))
    .toBe(/["\t\n]/.test(last) ? `"${last.replaceAll('"', '""')}"` : last)

  await page.keyboard.press('Space')
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Control+c')
  await expect.poll(async () => (await clipboard.read(app)).split('\n').length).toBe(2)
  expect((await clipboard.read(app)).split('\n')[0]?.split('\t').length).toBeGreaterThan(8)
  await page.keyboard.press('Escape')

  await clipboard.write(app, 'Eins\tZwei\r\nDrei\t"Vier ""4"""\r\n')
  await app.users().locator('[data-at="2:1"]').click()
  await page.keyboard.press('Control+v')
  await expect(app.users().locator('[data-at="2:1"]')).toHaveText('Eins')
  await expect(app.users().locator('[data-at="2:2"]')).toHaveText('Zwei')
  await expect(app.users().locator('[data-at="3:1"]')).toHaveText('Drei')
  await expect(app.users().locator('[data-at="3:2"]')).toHaveText('Vier "4"')
  await app.said('Pasted 4 cells')
  await expect(page.getByText('4 unsaved edits in 2 users').first()).toBeVisible()
})

test('unsaved edits outlive a change of page, and are saved or discarded together', async ({
  open,
  startServer,
}) => {
  const server = await startServer({ users: 60 })
  const app = await signIn(open, server, 60)
  const { page } = app
  const title = await app.users().getByRole('columnheader', { name: 'Title' }).getAttribute('aria-colindex')
  const userId = await app
    .users()
    .getByRole('columnheader', { name: 'User ID' })
    .getAttribute('aria-colindex')
  const ids: string[] = []
  for (const row of [2, 3]) {
    ids.push(await app.users().locator(`[aria-rowindex="${row}"] [aria-colindex="${userId}"]`).innerText())
    await app.users().locator(`[aria-rowindex="${row}"] [aria-colindex="${title}"]`).click()
    await page.keyboard.type(`Boss ${row}`)
    await page.keyboard.press('Enter')
  }
  await app.go('History')
  await app.go('Users')
  await expect(page.getByText('2 unsaved edits in 2 users').first()).toBeVisible()

  await page.getByRole('button', { name: 'Discard all' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Save all' }).click()
  await expect(page.getByText(/unsaved edit/)).toHaveCount(0)
  await expect
    .poll(() => Promise.all(ids.map(async (id) => (await server.user(id)).title)))
    .toEqual(['Boss 2', 'Boss 3'])
})

test('in a narrow window the details cover the grid as a sheet', async ({ open, startServer }) => {
  const app = await signIn(open, await startServer({ users: 60 }), 60)
  await resize(app, 1000, 700)
  await expect(app.details()).toBeHidden()
  await app.users().locator('[data-at="1:3"]').dblclick()
  await expect(app.details()).toBeVisible()
  await expect(app.field('First name')).not.toHaveValue('')
  await app.field('First name').press('Escape')
  await expect(app.details()).toBeHidden()
  await expect.poll(() => cursor(app)).toBe('1:3')
  await resize(app, 1280, 800)
  await expect(app.details()).toBeVisible()
})
