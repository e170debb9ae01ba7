import type { JsonObject } from '../../shared/json'
import { expect, type Gungnir, test } from './app'
import { picture } from './pictures'
import { closeWires, openWire } from './wire'

test.afterEach(closeWires)

async function openUser(app: Gungnir, userId: string, users: number): Promise<void> {
  await app.find(userId, `1 of ${users} users`)
  await app.row('').first().getByRole('gridcell').nth(1).click()
  await expect(app.details()).toContainText(userId)
  await expect(app.details()).toContainText('Read just now')
}

/** Picks the first option of a list that is not the present value, after typing the given text. */
async function pickOther(app: Gungnir, label: string): Promise<string> {
  const box = app.details().getByRole('combobox', { name: label, exact: true })
  // A list closes when what it belongs to is scrolled: that is over before it is opened.
  await box.evaluate(async (element) => {
    element.scrollIntoView({ block: 'center' })
    for (let frames = 0; frames < 3; frames++) await new Promise(requestAnimationFrame)
  })
  const before = await box.inputValue()
  // A list closes also when the page moves under it, as when a read of the user arrives: it is opened again then.
  await expect(async () => {
    await app
      .details()
      .getByRole('button', { name: `Show ${label.toLowerCase()} list` })
      .click()
    const options = app.page.getByRole('listbox').getByRole('option')
    await expect(options.first()).toBeVisible()
    for (const option of await options.all()) {
      const text =
        (await option.getAttribute('aria-label')) ?? (await option.innerText()).split('\n')[0] ?? ''
      if (before !== '' && (before === text || before.startsWith(`${text} (`))) continue
      await option.click()
      break
    }
    await expect(box).not.toHaveValue(before, { timeout: 10_000 })
  }).toPass()
  return box.inputValue()
}

test('every kind of editor sends only what it changed, nulls only where cleared', async ({
  open,
  startServer,
}) => {
  const server = await startServer({ users: 90, switches: ['--manner', 'awkward'] })
  const wire = await openWire(server)
  const people = await server.find({ lastName: '*', extended: 'true' })
  const person = people.find(
    (one) => one.title && one.endpointType === 'none' && (one.address as JsonObject | undefined)?.city,
  )
  if (!person) throw new Error('nobody fits')
  const userId = String(person.userId)
  const app = await open()
  await app.connectTo(wire)
  await app.allUsersLoaded(90)
  await openUser(app, userId, 90)
  const details = app.details()

  const picked: Record<string, string> = {}
  for (const label of [
    'Department',
    'Language',
    'Time zone',
    'State or province',
    'Network class of service',
  ]) {
    picked[label] = await pickOther(app, label)
  }
  // What is the same as before is no change: the city is typed and put back.
  const city = await app.field('City').inputValue()
  await app.field('City').fill('Elsewhere')
  await app.field('City').fill(city)
  await app.field('Title').fill('')
  await app.field('Last name').fill('Newname')
  await details.getByRole('button', { name: /^Change also: Calling line ID last name/ }).click()
  await details.getByRole('button', { name: 'Add to Aliases' }).click()
  const [, domain = ''] = userId.split('@')
  await details
    .getByRole('textbox', { name: /^Aliases \d$/ })
    .last()
    .fill(`alias.of.mine@${domain}`)
  const extension = details.getByRole('textbox', { name: 'Extension', exact: true })
  const other = people.find(
    (one) => one.groupId === person.groupId && one.extension && one.userId !== person.userId,
  )
  await extension.fill(String(other?.extension))
  await expect(details.getByText(/is taken by/)).toBeVisible()
  await details.getByRole('button', { name: /^Next free extension/ }).click()
  await expect(extension).not.toHaveValue(String(other?.extension))
  await expect(details.getByText(/is taken by/)).toBeHidden()
  const free = await extension.inputValue()
  await app.save()
  await app.said(/is on the server|Done|Saved/)
  await expect.poll(() => wire.puts().length).toBe(1)
  await expect(app.navigation().getByRole('link', { name: 'Outbox', exact: true })).toBeVisible()

  const [body = {}] = wire.puts()
  expect(Object.keys(body).sort()).toEqual(
    [
      'address',
      'aliases',
      'callingLineIdLastName',
      'department',
      'extension',
      'groupId',
      'hiraganaLastName',
      'language',
      'lastName',
      'networkClassOfService',
      'serviceProviderId',
      'timeZone',
      'title',
      'userId',
    ].filter((name) => name !== 'hiraganaLastName' || 'hiraganaLastName' in body),
  )
  expect(body).toMatchObject({
    userId,
    title: null,
    lastName: 'Newname',
    callingLineIdLastName: 'Newname',
    extension: free,
    language: picked.Language,
    timeZone: picked['Time zone'],
    networkClassOfService: picked['Network class of service'],
    address: { stateOrProvince: picked['State or province'] },
  })
  expect(Object.keys(body.address as JsonObject)).toEqual(['stateOrProvince'])
  expect(body.aliases).toContain(`alias.of.mine@${domain}`)
  const now = await server.user(userId)
  expect(now.extension).toEqual(expect.anything())
  expect(String(now.extension)).toBe(free)
})

test('the endpoint type is changed only after its effect was told', async ({ open, startServer }) => {
  const server = await startServer({ users: 90 })
  const people = await server.find({ lastName: '*', extended: 'true' })
  const person = people.find((one) => one.endpointType === 'accessDeviceEndpoint')
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(90)
  await openUser(app, String(person?.userId), 90)
  const type = app.details().getByRole('combobox', { name: 'Endpoint type' })
  await type.selectOption('None')
  const question = app.page.getByRole('alertdialog')
  await expect(question).toContainText('registrations end')
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(type).toHaveValue('accessDeviceEndpoint')
  await type.selectOption('None')
  await question.getByRole('button', { name: 'Change' }).click()
  await expect(type).toHaveValue('none')
})

test('passwords, passcodes, renames and moves are done at once and stand in history without their secret', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 90, switches: ['--manner', 'awkward', '--groups', '20'] })
  const wire = await openWire(server)
  const people = await server.find({ lastName: '*' })
  const userId = String(people[7]?.userId)
  const [, domain = ''] = userId.split('@')
  const app = await open()
  await app.connectTo(wire)
  await app.allUsersLoaded(90)
  await openUser(app, userId, 90)
  const act = async (name: string) => {
    await app.details().getByRole('button', { name: 'Actions' }).click()
    await app.page.getByRole('menuitem', { name }).click()
  }

  await act('Set portal passcode…')
  const passcode = app.page.getByRole('dialog', { name: 'Set portal passcode' })
  await expect(passcode).toContainText('characters')
  await passcode.getByRole('button', { name: 'Generate' }).click()
  const box = passcode.getByRole('textbox', { name: 'New passcode' })
  await expect(box).toHaveValue(/^\d{4,}$/)
  const secret = await box.inputValue()
  await passcode.getByRole('button', { name: 'Copy' }).click()
  await app.said('taken off the clipboard')
  const clipboard = (write?: string) =>
    app.electron.evaluate(({ clipboard: board }, text) => {
      if (text !== undefined) board.writeText(text)
      return board.readText()
    }, write)
  expect(await clipboard()).toBe(secret)
  // By the keyboard, too, it is the main process that puts it there and takes it off.
  await clipboard('something else')
  await box.press('Control+a')
  await box.press('Control+c')
  await expect.poll(() => clipboard()).toBe(secret)
  await passcode.getByRole('button', { name: 'Set portal passcode' }).click()
  await app.said(/^The portal passcode of .+ \(.+\) is set\./)
  expect(wire.puts('/users/portal-passcode')).toEqual([{ userId, newPasscode: secret }])

  await act('Rename user ID…')
  const rename = app.page.getByRole('dialog', { name: 'Rename user ID' })
  const newId = rename.getByRole('textbox', { name: 'New user ID' })
  await newId.fill('new.name@elsewhere.example')
  const domains = rename.getByRole('combobox', { name: 'Domain' })
  await expect(domains).toHaveValue('As typed')
  await domains.fill(domain)
  await app.page.getByRole('option').getByText(domain, { exact: true }).click()
  await expect(newId).toHaveValue(`new.name@${domain}`)
  await expect(domains).toHaveValue(domain)
  await picture(app, testInfo, 'rename')
  await rename.getByRole('button', { name: 'Rename' }).click()
  await app.said(`is now new.name@${domain}`)
  await expect(app.details()).toContainText(`new.name@${domain}`)
  expect(wire.puts('/users/user-id')).toEqual([{ userId, newUserId: `new.name@${domain}` }])

  await act('Move to group…')
  const move = app.page.getByRole('dialog', { name: 'Move to group' })
  await expect(move.getByRole('combobox', { name: 'New group' })).toBeVisible()
  await move.getByRole('button', { name: 'Cancel' }).click()

  await app.go('History')
  await expect(app.history().getByRole('gridcell', { name: /^User ID/ })).toHaveCount(1)
  await expect(app.page.locator('body')).not.toContainText(secret)
  await app.history().getByRole('row').nth(2).getByRole('gridcell').nth(1).click()
  await expect(app.change()).toBeVisible()
  await expect(app.change()).not.toContainText(secret)
})
