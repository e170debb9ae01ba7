import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Papa from 'papaparse'
import type { JsonObject } from '../../shared/json'
import { expect, type Gungnir, test } from './app'
import { closeWires, openWire } from './wire'

/** Answers the system's dialogs as a person would: this is the file to open, and the one to save. */
async function answerDialogs(app: Gungnir, files: { open?: string; save?: string }): Promise<void> {
  await app.electron.evaluate(({ dialog }, { open, save }) => {
    dialog.showOpenDialog = async () => ({ canceled: open === undefined, filePaths: open ? [open] : [] })
    dialog.showSaveDialog = async () => ({ canceled: save === undefined, filePath: save ?? '' })
  }, files)
}

test.afterEach(closeWires)

test('many users at once: looked at first, then saved, with the ticket in history', async ({
  open,
  startServer,
}) => {
  const server = await startServer({ users: 80, switches: ['--manner', 'awkward'] })
  const wire = await openWire(server)
  const app = await open()
  await app.connectTo(wire)
  await app.allUsersLoaded(80)

  await app.users().getByRole('columnheader', { name: 'Last name' }).click()
  await app.row('').nth(0).getByRole('gridcell').nth(0).click()
  await app
    .row('')
    .nth(4)
    .getByRole('gridcell')
    .nth(0)
    .click({ modifiers: ['Shift'] })
  await expect(app.page.getByText('5 selected')).toBeVisible()
  await app.page.getByRole('button', { name: 'Edit selected…' }).click()
  const dialog = app.page.getByRole('dialog', { name: 'Edit 5 users' })
  await dialog.getByRole('combobox', { name: 'Field' }).selectOption('Title')
  await dialog.getByRole('combobox', { name: 'What to do' }).selectOption('Build from a template')
  await dialog.getByRole('textbox', { name: 'Template' }).fill('Desk {{seq:07}} of {{lastName|upper}}')
  await expect(dialog.getByRole('status', { name: 'What would change' })).toContainText(
    '5 fields of 5 users would change',
  )
  const preview = dialog.getByRole('grid', { name: 'Preview' })
  await expect(preview.getByRole('row').nth(1)).toContainText(/Desk 07 of \p{Lu}/u)
  await preview.getByRole('row').nth(2).getByRole('gridcell').nth(0).click()
  await dialog.getByRole('textbox', { name: 'Reason or ticket' }).fill('T-4711')
  await dialog.getByRole('button', { name: 'Save 4 users' }).click()
  await expect(dialog).toBeHidden()
  await expect(app.navigation().getByRole('link', { name: 'Outbox', exact: true })).toBeVisible()

  const bodies = wire.puts()
  expect(bodies).toHaveLength(4)
  for (const body of bodies) {
    expect(Object.keys(body).sort()).toEqual(['groupId', 'serviceProviderId', 'title', 'userId'])
    expect(body.title).toMatch(/^Desk (07|09|10|11) of /)
  }
  await app.go('History')
  await app.page.getByRole('searchbox', { name: 'Search history' }).fill('ticket:T-4711')
  await expect(app.history().getByRole('row').filter({ hasText: 'T-4711' })).toHaveCount(4)
})

/** What is planted into every tenth line of the file: a change with the body that it must become, or a mistake. */
const changes: readonly ((
  line: number,
  has: (column: string) => string,
) => [cells: Cells, body: JsonObject])[] = [
  (line) => [{ 'Mobile number': mobile(line) }, { mobilePhoneNumber: mobile(line) }],
  (line) => [
    { Title: `Desk ${line}`, 'Mobile number': mobile(line), 'E-mail': '' },
    { title: `Desk ${line}`, mobilePhoneNumber: mobile(line) },
  ],
  (_, has) => [{ 'E-mail': '<clear>' }, has('E-mail') === '' ? {} : { emailAddress: null }],
  (line) => [{ 'Last name': `Ne"u; ß${line}` }, { lastName: `Ne"u; ß${line}` }],
]
const mistakes: readonly [Cells, says: string][] = [
  [{ Extension: '12x4' }, 'has a letter'],
  [{ 'Mobile number': '5.1E+09' }, 'its digits are lost'],
  [{ Group: 'elsewhere' }, '“elsewhere” in the file'],
  [{ 'User ID': 'nobody@example.net' }, 'No such user is loaded here'],
  [{ 'Last name': 'x'.repeat(31) }, '30 characters'],
]
type Cells = Readonly<Record<string, string>>
const mobile = (line: number) => `513555${String(line).padStart(4, '0')}`

test('a file of 5,000 lines is a difference: planted mistakes are named, mended and tried again', async ({
  open,
  startServer,
  profile,
}) => {
  test.setTimeout(600_000)
  const users = 5000
  const server = await startServer({ users, switches: ['--manner', 'awkward'] })
  const wire = await openWire(server)
  const app = await open()
  await app.connectTo(wire)
  await app.allUsersLoaded(users)
  const file = join(profile, '..', `gungnir-users-${process.pid}.csv`)
  await answerDialogs(app, { save: file, open: file })
  await app.allUsersRead()
  await app.page.getByRole('button', { name: 'Export CSV…' }).click()
  await app.said('Exported 5,000 users')

  const { data } = Papa.parse<string[]>((await readFile(file, 'utf8')).trimEnd())
  const [head = [], ...lines] = data
  head[0] = head[0]?.replace('\ufeff', '') ?? ''
  expect(head.slice(0, 3)).toEqual(['User ID', 'Group', 'Service provider'])
  expect(lines).toHaveLength(users)
  const cell = (line: number, column: string) => lines[line]?.[head.indexOf(column)] ?? ''
  const expected = new Map<string, JsonObject>()
  let wrong = 0
  for (let line = 0; line < users; line += 10) {
    const turn = (line / 10) % (changes.length + 1)
    const change = changes[turn]
    const userId = cell(line, 'User ID')
    let cells: Cells
    if (change === undefined) [cells] = mistakes[wrong++ % mistakes.length] as [Cells, string]
    else {
      let body: JsonObject
      ;[cells, body] = change(line, (column) => cell(line, column))
      if (Object.keys(body).length > 0) expected.set(userId, { userId, ...body })
    }
    for (const [column, text] of Object.entries(cells)) {
      const row = lines[line]
      if (row) row[head.indexOf(column)] = text
    }
  }
  expect(wrong).toBe(100)
  await writeFile(file, `\ufeff${Papa.unparse([head, ...lines], { delimiter: ';', newline: '\r\n' })}\r\n`)

  await app.page.getByRole('button', { name: 'Import CSV…' }).click()
  const dialog = app.page.getByRole('dialog', { name: /^Import CSV/ })
  await expect(dialog.getByText('Compared with the server just now.')).toBeVisible({ timeout: 120_000 })
  const facts = dialog.getByRole('status', { name: 'What would change' })
  await expect(facts).toContainText('5,000 lines')
  await expect(facts).toContainText('100 rows cannot be saved')
  await dialog.getByRole('checkbox', { name: 'Only what cannot be saved' }).check()
  const preview = dialog.getByRole('grid', { name: 'Preview' })
  for (const [, says] of mistakes) await expect(preview).toContainText(says)
  // What cannot be saved is not ticked.
  await expect(preview.getByRole('row', { selected: true })).toHaveCount(0)
  const count = expected.size.toLocaleString('en-US')
  await dialog.getByRole('button', { name: `Save ${count} users` }).click()
  await expect(dialog.getByText(`${count} users saved`)).toBeVisible()

  const broken = preview.getByRole('row').filter({ hasText: '5.1E+09' }).first()
  const mended = /\S+@\S+/.exec(await broken.innerText())?.[0] ?? ''
  await broken.getByRole('gridcell').nth(6).dblclick()
  await preview.getByRole('textbox', { name: 'Becomes' }).fill('5135550122')
  await preview.getByRole('textbox', { name: 'Becomes' }).press('Enter')
  await dialog.getByRole('button', { name: 'Save 1 user' }).click()
  await expect(dialog.getByText('1 user saved')).toBeVisible()
  expected.set(mended, { userId: mended, mobilePhoneNumber: '5135550122' })
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
  await expect(app.navigation().getByRole('link', { name: 'Outbox', exact: true })).toBeVisible({
    timeout: 120_000,
  })

  const bodies = wire.puts().map(({ serviceProviderId: _, groupId: __, ...body }) => body)
  expect(bodies).toHaveLength(expected.size)
  expect(new Map(bodies.map((body) => [body.userId, body]))).toEqual(expected)
})

test('a file whose columns nobody knows is read by the columns that a person tells, and shown in its folder', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 30 })
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(30)
  const file = testInfo.outputPath('people.csv')
  await answerDialogs(app, { open: file, save: file })
  await app.electron.evaluate(({ shell }) => {
    shell.showItemInFolder = (path) => {
      Object.assign(globalThis, { shownInFolder: path })
    }
  })
  await app.page.getByRole('button', { name: 'Export CSV…' }).click()
  await app.page.getByRole('button', { name: 'Show in folder' }).click()
  const shown = () => app.electron.evaluate(() => (globalThis as { shownInFolder?: string }).shownInFolder)
  await expect.poll(shown).toBe(file)

  const { data } = Papa.parse<string[]>((await readFile(file, 'utf8')).replace(/^\ufeff/, ''))
  const ids = data.slice(1).flatMap((line) => line[data[0]?.indexOf('User ID') ?? 0] || [])
  const lines = [
    ['version:v1.0'],
    ['userPrincipalName', 'Rank', 'Remarks'],
    ...ids.map((id) => [id, 'Chief', 'x']),
  ]
  await writeFile(file, Papa.unparse(lines))
  await app.page.getByRole('button', { name: 'Import CSV…' }).click()
  const dialog = app.page.getByRole('dialog', { name: /^Import CSV/ })
  await expect(dialog.getByText('The first line is “version:v1.0”')).toBeVisible()
  await expect(dialog.getByRole('combobox', { name: 'userPrincipalName is' })).toHaveValue('userId')
  await dialog.getByRole('combobox', { name: 'Rank is' }).selectOption('Title')
  await app.page.screenshot({ path: testInfo.outputPath('columns.png') })
  await dialog.getByRole('button', { name: 'Use these columns' }).click()
  await expect(dialog.getByRole('status', { name: 'What would change' })).toContainText('30 lines')
  await expect(dialog.getByRole('button', { name: `Save ${ids.length} users` })).toBeVisible()
  await app.page.screenshot({ path: testInfo.outputPath('told.png') })
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await app.page.getByRole('button', { name: 'Leave' }).click()

  await app.page.getByRole('button', { name: 'Import CSV…' }).click()
  await expect(dialog.getByRole('status', { name: 'What would change' })).toContainText('30 lines')
})

test('what is mended line by line goes to its own line, though each mended one leaves the list', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 30 })
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(30)
  const file = testInfo.outputPath('wrong.csv')
  const users = (await server.find({})).slice(3, 8)
  const ids = users.map(({ userId }) => String(userId))
  const lines = [['User ID', 'E-mail'], ...ids.map((id) => [id, 'no address'])]
  await writeFile(file, Papa.unparse(lines))
  await answerDialogs(app, { open: file })
  await app.page.getByRole('button', { name: 'Import CSV…' }).click()
  const dialog = app.page.getByRole('dialog', { name: /^Import CSV/ })
  const facts = dialog.getByRole('status', { name: 'What would change' })
  await expect(facts).toContainText('5 rows cannot be saved')
  await dialog.getByRole('checkbox', { name: 'Only what cannot be saved' }).check()
  const preview = dialog.getByRole('grid', { name: 'Preview' })
  await (await app.cell(ids[0] ?? '', 'Becomes', preview)).click()
  for (const [at, id] of ids.entries()) {
    // The cell that has the cursor is in the line of whom the next address is for.
    const focused = preview.getByRole('row').filter({ has: app.page.locator(':focus') })
    await expect(focused).toContainText(id)
    await app.page.keyboard.press('F2')
    await app.page.keyboard.press('Control+a')
    await app.page.keyboard.type(`mended.${at}@example.com`)
    await app.page.keyboard.press('Enter')
    const left = ids.length - at - 1
    if (left > 0) await expect(facts).toContainText(`${left} row${left === 1 ? '' : 's'} cannot be saved`)
    else await expect(facts).not.toContainText('cannot be saved')
  }
  await dialog.getByRole('button', { name: 'Save 5 users' }).click()
  await expect(dialog.getByText(/^5 users saved here\. The outbox sends the changes/)).toBeVisible()
  for (const [at, id] of ids.entries()) {
    await expect.poll(async () => (await server.user(id)).emailAddress).toBe(`mended.${at}@example.com`)
  }

  await test.step('an emptied cell clears nothing, and a file of them says so', async () => {
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
    await expect(dialog).toBeHidden()
    await expect(app.navigation().getByRole('link', { name: 'Outbox', exact: true })).toBeVisible()
    await writeFile(file, Papa.unparse([['User ID', 'E-mail'], ...ids.map((id) => [id, ''])]))
    await app.page.getByRole('button', { name: 'Import CSV…' }).click()
    await expect(facts).toContainText('5 stay as they are')
    await expect(
      dialog.getByText(/^5 blank cells were passed over .* write <clear> into its cell\.$/),
    ).toBeVisible()
    await expect(
      dialog.getByText('No cell of the file asks for another value than its user has.'),
    ).toBeVisible()
    await app.page.screenshot({ path: testInfo.outputPath('blank.png') })
  })
})

test('a column that was sorted by itself is not ticked before a person does so', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 30 })
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(30)
  const users = await server.find({ lastName: '*' })
  const ids = users.map(({ userId }) => String(userId))
  const sorted = users.map(({ lastName }) => String(lastName)).sort()
  const moved = users.filter(({ lastName }, at) => lastName !== sorted[at]).length
  const file = testInfo.outputPath('sorted.csv')
  await answerDialogs(app, { open: file, save: file })
  await writeFile(
    file,
    Papa.unparse([['User ID', 'Last name'], ...ids.map((id, at) => [id, sorted[at] ?? ''])]),
  )
  await app.page.getByRole('button', { name: 'Import CSV…' }).click()
  const dialog = app.page.getByRole('dialog', { name: /^Import CSV/ })
  const tick = dialog
    .getByRole('group', { name: 'Fields to change' })
    .getByRole('checkbox', { name: 'Last name' })
  await expect(tick).not.toBeChecked()
  await expect(dialog.getByText(/^Last name: .* are what other users of the file have now/)).toBeVisible()
  await expect(dialog.getByText('Compared with the server just now.')).toBeVisible({ timeout: 120_000 })
  await expect(tick).not.toBeChecked()
  const save = dialog.getByRole('button', { name: /^Save(?: \d+ users)?$/ })
  await expect(save).toBeDisabled()
  // Several in a row that got one person's name are problems each, whatever is ticked.
  const said = await dialog.getByText(/fields? of \d+ users? would change/).innerText()
  const [would, cannot] = [/of (\d+) users? would/, /(\d+) rows? cannot/].map((each) =>
    Number(each.exec(said)?.[1] ?? 0),
  )
  expect((would ?? 0) + (cannot ?? 0)).toBe(moved)
  expect(would).toBeGreaterThan(moved / 2)
  await app.page.screenshot({ path: testInfo.outputPath('sorted.png') })
  await tick.check()
  await expect(save).toHaveText(`Save ${would} users`)
  await expect(save).toBeEnabled()
})
