import { expect, test } from './app'
import { closeWires, openWire } from './wire'

test.afterEach(closeWires)

test('a block of cells is pasted as one step, undone, redone and sent: only what changed', async ({
  open,
  startServer,
}) => {
  test.setTimeout(600_000)
  const server = await startServer({ users: 1200, switches: ['--manner', 'awkward'] })
  const wire = await openWire(server)
  const app = await open()
  await app.connectTo(wire)
  await app.allUsersLoaded(1200)
  await app.users().getByRole('columnheader', { name: 'User ID' }).click()
  // E-mail, Title and three more columns beside each other.
  const columns = ['First name', 'Last name', 'E-mail', 'Hiragana first name', 'Hiragana last name']
  await app.page.getByRole('button', { name: 'Columns', exact: true }).click()
  const chooser = app.page.getByRole('dialog', { name: 'Columns' })
  for (const [name, shown] of [
    ['User ID', false],
    ['Phone number', false],
    ['Extension', false],
    ['Group', false],
    ['Title', false],
    ['Mobile number', false],
    ['Department', false],
    ['Hiragana first name', true],
    ['Hiragana last name', true],
  ] as const) {
    await chooser.getByRole('searchbox', { name: 'Find a column' }).fill(name)
    await chooser.getByRole('checkbox', { name, exact: true }).setChecked(shown, { force: true })
  }
  await app.page.keyboard.press('Escape')
  const order = await app.users().getByRole('columnheader').allInnerTexts()
  const shown = order
    .map((text) => text.trim().split('\n')[0] ?? '')
    .filter((text) => text !== '' && text !== 'Selection')
  expect(shown.filter((text) => columns.includes(text))).toHaveLength(5)

  const block = Array.from({ length: 1000 }, (_, row) =>
    shown.map((column) =>
      column === 'E-mail' ? `p${row}@paste.example` : `P${row} "${column}"`.slice(0, 30),
    ),
  )
  const text = block.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join('\t')).join('\n')
  await app.electron.evaluate(({ clipboard }, copied) => clipboard.writeText(copied), text)
  await app.row('').first().getByRole('gridcell').nth(1).click()
  await app.page.keyboard.press('Control+v')
  await app.said('Pasted 5,000 cells. Not saved yet.')
  await expect(app.page.getByText('5,000 unsaved edits in 1,000 users').first()).toBeVisible()
  await app.page.keyboard.press('Control+z')
  await app.said('5,000 edits in 1,000 users taken back.')
  await expect(app.page.getByText('5,000 unsaved edits in 1,000 users')).toHaveCount(0)
  await app.page.keyboard.press('Control+Shift+z')
  await expect(app.page.getByText('5,000 unsaved edits in 1,000 users').first()).toBeVisible()
  // Three of them are enough to go over the wire.
  await app.page.keyboard.press('Control+z')

  const few = block.slice(0, 3).map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join('\t'))
  await app.electron.evaluate(({ clipboard }, copied) => clipboard.writeText(copied), few.join('\n'))
  await app.page.keyboard.press('Control+v')
  await app.said('Pasted 15 cells')
  // Cleared and filled again: the second and third row take what the first has.
  await app.row('').nth(0).getByRole('gridcell').nth(1).click()
  await app.page.keyboard.press('Shift+ArrowRight')
  await app.page.keyboard.press('Shift+ArrowDown')
  await app.page.keyboard.press('Control+d')
  await app.said('Filled 2 cells')
  await app.page.getByRole('button', { name: 'Save all' }).click()
  await expect.poll(() => wire.puts().length, { timeout: 120_000 }).toBe(3)
  await expect(app.navigation().getByRole('link', { name: 'Outbox', exact: true })).toBeVisible()
  for (const body of wire.puts()) {
    expect(Object.keys(body).sort()).toEqual([
      'emailAddress',
      'firstName',
      'groupId',
      'hiraganaFirstName',
      'hiraganaLastName',
      'lastName',
      'serviceProviderId',
      'userId',
    ])
  }
  const names = wire.puts().map(({ firstName, lastName }) => `${String(firstName)}/${String(lastName)}`)
  expect(new Set(names.slice(0, 2)).size).toBeLessThan(3)
})

test('cells are copied, cut and cleared as a block', async ({ open, startServer }) => {
  const server = await startServer({ users: 60 })
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(60)
  const cell = async (row: number, column: string) => {
    const header = app.users().getByRole('columnheader', { name: column, exact: true })
    const at = await header.getAttribute('aria-colindex')
    return app.row('').nth(row).locator(`[role=gridcell][aria-colindex="${at}"]`)
  }
  const first = await cell(0, 'E-mail')
  const second = await cell(1, 'E-mail')
  const emails = [await first.innerText(), await second.innerText()]
  await first.click()
  await app.page.mouse.down()
  await second.hover()
  await app.page.mouse.up()
  await expect(second).toHaveAttribute('aria-selected', 'true')
  await app.page.keyboard.press('Control+x')
  await app.said('Cleared 2 cells')
  expect(await app.electron.evaluate(({ clipboard }) => clipboard.readText())).toBe(emails.join('\n'))
  await expect(first).toHaveText('')
  await app.page.keyboard.press('Control+z')
  await expect(first).toHaveText(emails[0] ?? '')
})
