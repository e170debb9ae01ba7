import type { Locator } from '@playwright/test'
import { expect, type Gungnir, test } from './app'

test('1280 pixels are used well, and nothing is hidden, cut off or drawn as what it is not', async ({
  open,
  startServer,
}) => {
  const server = await startServer({ users: 60 })
  const app = await open()
  const { page } = app
  const size = (width: number, height: number) =>
    app.electron.evaluate(
      ({ BrowserWindow }, [w = 0, h = 0]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h),
      [width, height],
    )
  await size(1280, 800)
  await app.connectTo(server)
  await app.allUsersLoaded(60)
  const list = page.getByRole('region', { name: 'Users list' })
  const width = async () => (await list.boundingBox())?.width ?? 0

  await test.step('the room of the details says how to come to somebody while nobody is chosen', async () => {
    await expect(app.details()).toContainText('No user chosen')
    const keys = app.details().getByRole('term')
    await expect(keys.first()).toHaveText('/')
    await expect(keys).toHaveCount(9)
    for (const key of await keys.all()) await expect(key).toBeInViewport({ ratio: 1 })
    await page.keyboard.press('/')
    await expect(app.search()).toBeFocused()
  })

  await test.step('the list does not move under the pointer when the first user is chosen', async () => {
    await expect(app.row('').nth(3)).toBeVisible()
    const before = await width()
    await app.row('').nth(3).getByRole('gridcell').nth(1).click()
    await expect(app.field('First name')).toBeVisible()
    expect(await width()).toBe(before)
  })

  await test.step('numbers come before what few places use', async () => {
    const labels = await app.details().locator('.control-label').allInnerTexts()
    const [numbers, hiragana] = ['Phone number', 'Hiragana first name'].map((label) => labels.indexOf(label))
    expect(numbers).toBeGreaterThan(0)
    expect(numbers).toBeLessThanOrEqual(10)
    expect(hiragana).toBeGreaterThan(labels.indexOf('Group'))
  })

  await test.step('the links to the parts of the details stand on one line, and no heading hides under them', async () => {
    const links = app.details().getByRole('navigation').getByRole('button')
    const tops = await links.evaluateAll((all) =>
      all.map((one) => Math.round(one.getBoundingClientRect().top)),
    )
    expect(tops.length).toBeGreaterThan(4)
    expect(new Set(tops).size).toBe(1)
    for (const name of ['Address', 'Numbers', 'Device']) {
      await app.details().getByRole('button', { name, exact: true }).click()
      const focus = page.locator(':focus')
      await expect(focus).toContainText(name)
      const under = await focus.evaluate((heading) => {
        const { left, top, height } = heading.getBoundingClientRect()
        const met = document.elementFromPoint(left + 4, top + height / 2)
        return met !== null && (heading.contains(met) || met.contains(heading)) ? undefined : met?.outerHTML
      })
      expect(under, `${name} is covered`).toBeUndefined()
    }
  })

  await test.step('what is typed takes its own direction', async () => {
    const without = await page
      .locator(
        'input[type=text]:not([dir=auto]), input[type=search]:not([dir=auto]), textarea:not([dir=auto])',
      )
      .evaluateAll((all) => all.map((one) => one.outerHTML.slice(0, 120)))
    expect(without).toEqual([])
  })

  await test.step('what moves to another group is named, without a hole', async () => {
    await page.getByRole('button', { name: 'Actions' }).click()
    await page.getByRole('menuitem', { name: 'Move to group…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Move to group' })
    const box = dialog.getByRole('combobox').first()
    await expect(box).toBeVisible()
    await expect(dialog.locator('.label').first()).toBeVisible()
    const picker = await box.evaluate(
      (input) => input.closest('.picker')?.getBoundingClientRect().height ?? 0,
    )
    expect(picker).toBeLessThan(80)
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
  })

  await test.step('a quiet button that is off looks no more like a button than one that is on', async () => {
    await app.go('Outbox')
    const border = (name: string) =>
      page.getByRole('button', { name, exact: true }).evaluate((one) => getComputedStyle(one).borderTopColor)
    await expect(page.getByRole('button', { name: 'Retry', exact: true })).toBeDisabled()
    expect(await border('Retry')).toBe(await border('Pause'))
  })

  await test.step('with an entry open the buttons of the outbox stand on one line', async () => {
    await app.workOffline().click()
    await app.go('Users')
    await app.field('Title').fill('Waits')
    await app.save()
    await app.go('Outbox')
    await app.outbox().getByRole('row').nth(1).getByRole('gridcell').nth(1).click()
    await expect(page.getByRole('button', { name: 'Discard change' })).toBeVisible()
    const tops = await page
      .locator('.outbox-toolbar .toolbar-line button')
      .evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top)))
    expect(tops).toHaveLength(5)
    expect(new Set(tops).size).toBe(1)
  })

  await test.step('all that was ticked in the outbox is not what came in later', async () => {
    await app.outbox().getByRole('columnheader', { name: 'Selection' }).click()
    await expect(page.getByRole('button', { name: 'Discard 1 selected' })).toBeVisible()
    await app.go('Users')
    await app.row('').nth(5).getByRole('gridcell').nth(1).click()
    await app.field('Title').fill('Waits, too')
    await app.save()
    await app.go('Outbox')
    await expect(app.outbox().getByRole('row')).toHaveCount(3)
    await expect(page.getByRole('button', { name: 'Discard 1 selected' })).toBeVisible()
    await expect(app.outbox().getByRole('row', { selected: true })).toHaveCount(1)
  })

  await test.step('ids in the narrow lists keep what tells people of one name apart', async () => {
    const id = await app.outbox().locator('.user-id').first()
    const end = id.locator('.user-id-end')
    const whole = await end.evaluate((part) => {
      const [own, cell] = [
        part.getBoundingClientRect(),
        part.closest('[role=gridcell]')?.getBoundingClientRect(),
      ]
      return cell !== undefined && own.left >= cell.left && own.right <= cell.right && own.width > 10
    })
    expect(whole).toBe(true)
  })
})

/** Of a picture of an element: in which columns of pixels, from its left edge, the colour is. */
async function columnsOf(app: Gungnir, element: Locator, color: string): Promise<number[]> {
  const picture = (await element.screenshot({ animations: 'disabled' })).toString('base64')
  return app.electron.evaluate(
    ({ nativeImage }, [base64 = '', wanted = '']) => {
      const image = nativeImage.createFromBuffer(Buffer.from(base64, 'base64'))
      const { width, height } = image.getSize()
      const pixels = image.toBitmap()
      const [red = 0, green = 0, blue = 0] = (wanted.match(/\d+/g) ?? []).map(Number)
      const is = (at: number) =>
        Math.abs((pixels[at] ?? 0) - blue) < 6 &&
        Math.abs((pixels[at + 1] ?? 0) - green) < 6 &&
        Math.abs((pixels[at + 2] ?? 0) - red) < 6
      return Array.from({ length: width }, (_, x) => x).filter((x) =>
        Array.from({ length: height }, (_, y) => y).some((y) => is((y * width + x) * 4)),
      )
    },
    [picture, color],
  )
}

test('a mark is drawn on the letters that are seen, and never beyond them', async ({ open, startServer }) => {
  const server = await startServer({ users: 60 })
  const [user = {}] = await server.find({ lastName: '*', extended: 'true' })
  const { serviceProviderId = '', groupId = '', userId = '' } = user
  await server.putUser({
    serviceProviderId,
    groupId,
    userId,
    lastName: 'Quarterhouse-Bentley Zyx',
    firstName: 'Zyx',
  })
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(60)
  const { page } = app
  await app.find('zyx', /^1 of/)
  const last = await app.cell(String(userId), 'Last name')
  const first = await app.cell(String(userId), 'First name')
  await page.mouse.move(0, 0)
  const drawn = await page.evaluate(() => {
    const probe = document.body.appendChild(document.createElement('i'))
    probe.style.color = 'var(--mark)'
    const found = getComputedStyle(probe).color
    probe.remove()
    return found
  })
  expect((await columnsOf(app, first, drawn)).length, 'a mark that is seen').toBeGreaterThan(10)
  expect(await last.evaluate((cell) => cell.scrollWidth > cell.clientWidth), 'it is cut off').toBe(true)
  expect(await columnsOf(app, last, drawn), 'a mark that is cut off').toEqual([])

  // Marks that begin before the cut, at it and behind it.
  const end = await last.evaluate(
    (cell) => cell.clientWidth - Number.parseFloat(getComputedStyle(cell).paddingRight),
  )
  const widths: number[] = []
  for (const word of ['quarterhouse-bentley', 'bentley', 'entley', 'ntley', 'tley', 'ley', 'ey']) {
    await app.find(word, /of 60/)
    await expect(last.locator('mark')).toHaveText(new RegExp(`^${word}$`, 'i'))
    const columns = await columnsOf(app, last, drawn)
    expect(Math.max(0, ...columns), `“${word}” beyond the text`).toBeLessThanOrEqual(end)
    widths.push(columns.length)
  }
  // A letter is seen, or nothing of the mark is: no slivers.
  const narrowest = 4
  expect(widths[0], 'most of it is seen').toBeGreaterThan(60)
  expect(widths.filter((width) => width > 0 && width < narrowest)).toEqual([])
})

test('the dialog for many users lists them at once; in a wide window buttons have words, whatever is ticked', async ({
  open,
  startServer,
}) => {
  const app = await open()
  const { page } = app
  await app.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setContentSize(1920, 1080),
  )
  await app.connectTo(await startServer({ users: 60 }))
  await app.allUsersLoaded(60)
  const worded = async () => {
    for (const name of ['Import CSV…', 'Export CSV…', 'Columns', 'Refresh']) {
      const words = page.getByRole('button', { name, exact: true }).getByText(name, { exact: true })
      expect((await words.boundingBox())?.width ?? 0, name).toBeGreaterThan(30)
    }
  }

  await test.step('words stay when rows are ticked', async () => {
    await worded()
    for (const row of [0, 1, 2]) await app.users().locator(`[data-at="${row}:0"]`).click()
    await expect(page.getByText('3 selected')).toBeVisible()
    await worded()
  })

  await page.getByRole('button', { name: 'Edit selected…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Edit 3 users' })
  const preview = dialog.getByRole('grid', { name: 'Preview' })
  await test.step('who was chosen is there before a field is, and the focus with it', async () => {
    await expect(preview).toHaveAttribute('aria-rowcount', '4')
    await expect(dialog.getByRole('combobox', { name: 'Field' })).toBeFocused()
    for (const row of [1, 2, 3]) {
      await expect(preview.getByRole('row').nth(row)).toContainText('@')
    }
    const all = preview.getByRole('columnheader', { name: 'Selection' })
    await expect(all).toHaveAccessibleDescription('No rows selected')
  })

  await test.step('a template takes its fields from a list, and what becomes of a value has room', async () => {
    await dialog.getByRole('combobox', { name: 'Field' }).selectOption('Title')
    await dialog.getByRole('combobox', { name: 'What to do' }).selectOption('Build from a template')
    await dialog.getByRole('button', { name: 'Insert field' }).click()
    await page.getByRole('menuitem', { name: /^Last name/ }).click()
    await expect(dialog.getByRole('textbox', { name: 'Template' })).toHaveValue('{{lastName}}')
    await expect(dialog.getByRole('button', { name: 'Save 3 users' })).toBeEnabled()
    await expect(preview.getByRole('columnheader', { name: 'Selection' })).toHaveAccessibleDescription(
      'All rows selected',
    )
    const width = async (name: string) =>
      (await preview.getByRole('columnheader', { name, exact: true }).boundingBox())?.width ?? 0
    expect(await width('Becomes')).toBeGreaterThan(170)
    expect(await width('Becomes')).toBeGreaterThanOrEqual(await width('Now'))
  })
})
