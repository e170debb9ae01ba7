import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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

test('a file is a difference: planted errors are named, mended and tried again; untouched lines send nothing', async ({
  open,
  startServer,
  profile,
}) => {
  const server = await startServer({ users: 120, switches: ['--manner', 'awkward'] })
  const wire = await openWire(server)
  const app = await open()
  await app.connectTo(wire)
  await app.allUsersLoaded(120)
  const file = join(profile, '..', `gungnir-users-${process.pid}.csv`)
  await answerDialogs(app, { save: file, open: file })
  await app.page.getByRole('button', { name: 'Export CSV…' }).click()
  await expect(app.messages()).toContainText('Exported 120 users')
  const text = await readFile(file, 'utf8')
  const [head = '', ...lines] = text.trimEnd().split('\r\n')
  const columns = head.replace('\ufeff', '').split(',')
  expect(columns.slice(0, 3)).toEqual(['User ID', 'Group', 'Service provider'])
  const at = (name: string) => columns.indexOf(name)
  const cells = lines.map((line) => line.split(','))
  const set = (line: number, name: string, value: string) => {
    const row = cells[line]
    if (row) row[at(name)] = value
  }
  set(0, 'Mobile number', '5135550111')
  set(1, 'E-mail', '<clear>')
  set(2, 'Extension', '12x4')
  set(3, 'Mobile number', '5.1E+09')
  set(4, 'Group', 'elsewhere')
  set(5, 'User ID', 'nobody@example.net')
  await writeFile(file, `\ufeff${[head, ...cells.map((row) => row.join(','))].join('\r\n')}\r\n`)

  await app.page.getByRole('button', { name: 'Import CSV…' }).click()
  const dialog = app.page.getByRole('dialog', { name: /^Import CSV/ })
  await expect(dialog.getByText('Compared with the server just now.')).toBeVisible({ timeout: 30_000 })
  const facts = dialog.getByRole('status', { name: 'What would change' })
  await expect(facts).toContainText('120 lines')
  await expect(facts).toContainText('4 rows cannot be saved')
  await dialog.getByRole('checkbox', { name: 'Only what cannot be saved' }).check()
  const preview = dialog.getByRole('grid', { name: 'Preview' })
  await expect(preview.getByRole('row')).toHaveCount(5)
  await expect(preview).toContainText('has a letter')
  await expect(preview).toContainText('its digits are lost')
  await expect(preview).toContainText('“elsewhere” in the file')
  await expect(preview).toContainText('No such user is loaded here')
  await dialog.getByRole('button', { name: /^Save \d users?$/ }).click()
  await expect(dialog.getByText(/users? saved/)).toBeVisible()

  const broken = preview.getByRole('row').filter({ hasText: '5.1E+09' })
  await broken.getByRole('gridcell').nth(6).dblclick()
  await preview.getByRole('textbox', { name: 'Becomes' }).fill('5135550122')
  await preview.getByRole('textbox', { name: 'Becomes' }).press('Enter')
  await dialog.getByRole('button', { name: 'Save 1 user' }).click()
  await expect(dialog.getByText('1 user saved')).toBeVisible()
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
  await expect(app.navigation().getByRole('link', { name: 'Outbox', exact: true })).toBeVisible()

  const bodies = wire.puts().map(({ serviceProviderId: _, groupId: __, ...body }) => body)
  const ids = cells.map((row) => row[0])
  expect(bodies).toContainEqual({ userId: ids[0], mobilePhoneNumber: '5135550111' })
  expect(bodies).toContainEqual({ userId: ids[3], mobilePhoneNumber: '5135550122' })
  for (const body of bodies) expect([ids[0], ids[1], ids[3]]).toContain(body.userId)
})
