import { expect, type Gungnir, test } from './app'
import { picture } from './pictures'

const openCalls = async (app: Gungnir, userId: string, of: number) => {
  await app.find(userId, `1 of ${of} users`)
  await app.row('').first().getByRole('gridcell').nth(1).click()
  await expect(app.details()).toContainText(userId)
  await app.details().getByRole('tab', { name: 'Calls' }).click()
}

const sentence = (app: Gungnir) => app.details().getByRole('status', { name: 'What happens to a call' })
const box = (app: Gungnir, label: string) => app.details().getByRole('checkbox', { name: label, exact: true })

/** Users who have these services, in the order of the list. */
const haveAll = async (
  server: { service(path: string, userId: string): Promise<unknown> },
  ids: readonly string[],
  paths: readonly string[] = ['call-forwarding-always', 'do-not-disturb', 'voice-messaging'],
): Promise<string[]> => {
  const found: string[] = []
  for (const id of ids) {
    const reads = paths.map((path) =>
      server.service(path, id).then(
        () => true,
        () => false,
      ),
    )
    if ((await Promise.all(reads)).every(Boolean)) found.push(id)
  }
  return found
}

test('what happens to a call is seen, changed, and in the history', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 40 })
  const all = await server.find({ lastName: '*', extended: 'true' })
  const [id = ''] = await haveAll(
    server,
    all.map(({ userId }) => String(userId)),
  )
  await server.putService('call-forwarding-always', {
    userId: id,
    isActive: false,
    forwardToPhoneNumber: null,
  })
  await server.putService('do-not-disturb', { userId: id, isActive: true, ringSplash: true })
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(40)
  await openCalls(app, id, 40)
  await expect(sentence(app)).toContainText('Do not disturb')
  await picture(app, testInfo, 'calls')

  await test.step('a switch needs its number', async () => {
    await box(app, 'Forward always').check()
    await expect(app.details()).toContainText('Forward always to is empty. Type it, or switch this off.')
    await app.save()
    await expect(app.details().getByRole('alert')).toContainText('Nothing was saved')
  })

  await test.step('what is no target says what would be one, and is not announced', async () => {
    await app.field('Forward always to').fill('bob')
    await expect(app.details()).toContainText('or an address such as ana@acme.example; it is “bob”.')
    await expect(sentence(app)).not.toContainText('bob')
  })

  await test.step('number and switch go in one request, and nothing else is lost', async () => {
    const before = await server.service('call-forwarding-always', id)
    await app.field('Forward always to').fill('+1 513 555 0100')
    await expect(sentence(app)).toHaveText('All calls go to +15135550100.')
    await app.save()
    await expect
      .poll(() => server.service('call-forwarding-always', id))
      .toEqual({ ...before, isActive: true, forwardToPhoneNumber: '+15135550100' })
    await expect(app.page.getByText('Nothing waiting')).toBeVisible()
    await expect(sentence(app)).toHaveText('All calls go to +15135550100.')
  })

  await test.step('it stands in the history, and can be taken back', async () => {
    await app.go('History')
    await app.history().getByText('Forward always').first().click()
    await expect(app.change()).toContainText('+15135550100')
    await expect(app.change()).toContainText('The whole service as it had just been read')
    await picture(app, testInfo, 'history')
    await app.change().getByRole('button', { name: 'Revert this change…' }).click()
    const plan = app.page.getByRole('dialog', { name: 'Revert changes' })
    await plan.getByRole('button', { name: /^Revert 2 fields/ }).click()
    await expect(plan).toBeHidden()
    await expect.poll(async () => (await server.service('call-forwarding-always', id)).isActive).toBe(false)
    expect(await server.service('call-forwarding-always', id)).not.toHaveProperty('forwardToPhoneNumber')
    // The other service was never touched.
    expect(await server.service('do-not-disturb', id)).toMatchObject({ isActive: true, ringSplash: true })
  })

  await test.step('a connection can be set to send the changed fields alone', async () => {
    await app.go('Connections')
    const partial = app.connectionForm().getByRole('checkbox', { name: /^Send only the changed fields/ })
    await app.connectionForm().getByText('Send only the changed fields').click()
    await expect(partial).toBeChecked()
    await expect(partial).toHaveAccessibleDescription(/Only for a server that is known to keep/)
    await partial.scrollIntoViewIfNeeded()
    await picture(app, testInfo, 'partial-bodies')
    await app.connectionForm().getByRole('button', { name: 'Save connection' }).click()
    await app.go('Users')
    await openCalls(app, id, 40)
    await app.field('Forward always to').fill('4799')
    await app.details().getByRole('tab', { name: 'JSON' }).click()
    const change = app.details().getByRole('region', { name: 'Pending change of Call forwarding always' })
    await expect(change).toContainText('"forwardToPhoneNumber": "4799"')
    // The body of PUT /users has nothing of it.
    await expect(app.details().getByRole('textbox', { name: 'Pending change' })).not.toHaveValue(/4799/)
    const settings = app.details().getByRole('region', { name: 'Call handling as last read' })
    await expect(settings).toContainText('"Do Not Disturb": {')
    await picture(app, testInfo, 'json')
    await change.getByRole('button', { name: 'Copy as' }).click()
    await app.page.getByRole('menuitem', { name: 'odins_spear (Python)' }).click()
    // What odins_spear has no method for is curl.
    const copied = () => app.electron.evaluate(({ clipboard }) => clipboard.readText())
    await expect.poll(copied).toContain('/users/call-forwarding-always')
    await app.details().getByRole('tab', { name: 'Calls' }).click()
    await app.save()
    await expect
      .poll(() => server.service('call-forwarding-always', id))
      .toMatchObject({ isActive: false, forwardToPhoneNumber: '4799' })
    await expect(app.page.getByText('Nothing waiting')).toBeVisible()
    await app.go('History')
    await app.history().getByText('Forward always to').first().click()
    await expect(app.change().getByText('4799').first()).toBeVisible()
    await expect(app.change()).toContainText('The changed fields alone')
    await app.change().getByRole('button', { name: 'Open user' }).click()
    await expect(app.details().getByRole('tab', { name: 'Calls' })).toHaveAttribute('aria-selected', 'true')
  })
})

test('selective forwarding and intercept are seen as the server has them, and cannot be changed', async ({
  open,
  startServer,
}, testInfo) => {
  const users = 400
  const server = await startServer({ users })
  const rows = await server.find({ lastName: '*' })
  const withActive = async (path: string) => {
    for (const { userId } of rows) {
      const service = await server.service(path, String(userId)).catch(() => undefined)
      if (service?.isActive === true) return { id: String(userId), service }
    }
    throw new Error(`Nobody has ${path} on`)
  }
  const selective = await withActive('call-forwarding-selective')
  const intercepted = await withActive('intercept')
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(users)

  await openCalls(app, selective.id, users)
  await expect(sentence(app)).toContainText('Calls that a rule of selective forwarding names go to')
  const number = app.details().getByRole('textbox', { name: 'Forward selectively to', exact: true })
  await expect(number).toHaveValue(String(selective.service.defaultForwardToPhoneNumber))
  await expect(number).toHaveAttribute('readonly')
  const rules = app.details().getByRole('textbox', { name: 'Rules of selective forwarding', exact: true })
  await expect(rules).toHaveValue(/^Callers from outside → /)
  await rules.scrollIntoViewIfNeeded()
  await picture(app, testInfo, 'selective')

  await openCalls(app, intercepted.id, users)
  await expect(sentence(app)).toHaveText('Intercepted: callers hear an announcement.')
  const assigned = app.details().getByRole('region', { name: 'Assigned services and packs' })
  await expect(assigned).toContainText(/Services: .*Basic Call Logs/)
  await expect(assigned).toContainText(/Service packs: (none|Office|Mobile)/)

  await test.step('what is assigned is there without a network, and not known where it was not read', async () => {
    await app.workOffline().click()
    await openCalls(app, selective.id, users)
    await expect(assigned).toContainText(/Services: .*Basic Call Logs/)
    const other = rows.find(({ userId }) => ![selective.id, intercepted.id].includes(String(userId)))
    await openCalls(app, String(other?.userId), users)
    await expect(assigned).toContainText('Which services and packs this user has is not known.')
    await expect(app.details().getByRole('group', { name: 'Also rings at' })).toContainText('Not read yet')
    await assigned.scrollIntoViewIfNeeded()
    await picture(app, testInfo, 'assigned-not-known')
    await openCalls(app, intercepted.id, users)
    await assigned.scrollIntoViewIfNeeded()
    await picture(app, testInfo, 'assigned')
  })
  await picture(app, testInfo, 'intercepted')
})

test('the numbers that ring at the same time are changed as a list, and put back as it was', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 40 })
  const path = 'simultaneous-ring-personal'
  const all = await server.find({ lastName: '*' })
  const [id = ''] = await haveAll(
    server,
    all.map(({ userId }) => String(userId)),
    [path],
  )
  const first = [{ phoneNumber: '4711', answerConfirmationRequired: false }]
  await server.putService(path, { userId: id, isActive: true, doNotRingIfOnCall: true, locations: first })
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(40)
  await openCalls(app, id, 40)
  const list = app.details().getByRole('group', { name: 'Also rings at', exact: true })
  await expect(list.getByRole('textbox')).toHaveValue('4711')
  await list.getByRole('button', { name: 'Add to Also rings at' }).click()
  const number = list.getByRole('textbox', { name: 'Also rings at 2: Number' })
  await number.fill('47 11')
  await expect(app.details()).toContainText('Also rings at has “4711” twice. Remove one.')
  await number.fill('+1 513 555 0100')
  await list.getByRole('checkbox', { name: 'Also rings at 2: Must be confirmed' }).check()
  await list.scrollIntoViewIfNeeded()
  await picture(app, testInfo, 'ring-list')
  await app.save()
  await expect
    .poll(async () => (await server.service(path, id)).locations)
    .toEqual([...first, { phoneNumber: '+15135550100', answerConfirmationRequired: true }])
  await expect(app.page.getByText('Nothing waiting')).toBeVisible()

  await app.go('History')
  await app.history().getByText('Also rings at').first().click()
  await expect(app.change()).toContainText('4711, +15135550100 (to be confirmed)')
  await app.change().getByRole('button', { name: 'Revert this change…' }).click()
  const plan = app.page.getByRole('dialog', { name: 'Revert changes' })
  await plan.getByRole('button', { name: /^Revert 1 field/ }).click()
  await expect(plan).toBeHidden()
  await expect.poll(async () => (await server.service(path, id)).locations).toEqual(first)
  expect(await server.service(path, id)).toMatchObject({ isActive: true, doNotRingIfOnCall: true })
})

test('forwarding offline, a power cut, a phone that changes one of them: nothing is lost or overwritten', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 40 })
  const all = await server.find({ lastName: '*', extended: 'true' })
  const able = await haveAll(
    server,
    all.map(({ userId }) => String(userId)),
  )
  const ids = able.slice(0, 3)
  for (const userId of ids) {
    await server.putService('call-forwarding-always', { userId, isActive: false, forwardToPhoneNumber: null })
  }
  let app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(40)
  for (const id of ids) {
    await openCalls(app, id, 40)
    await expect(box(app, 'Forward always')).not.toBeChecked()
    await expect(app.details()).toContainText(/Read (just now|\d)/)
  }

  await app.workOffline().click()
  for (const id of ids) {
    await openCalls(app, id, 40)
    await expect(sentence(app)).not.toContainText('not read')
    await app.field('Forward always to').fill('4500')
    await box(app, 'Forward always').check()
    await app.save()
    await app.said('Will be sent when online')
    await expect(sentence(app)).toHaveText('All calls go to 4500.')
  }
  await picture(app, testInfo, 'offline')
  await app.kill()

  const [first = '', second = '', third = ''] = ids
  await server.putService('call-forwarding-always', {
    userId: second,
    isActive: true,
    forwardToPhoneNumber: '4711',
  })
  app = await open()
  await expect(app.page.getByText(/3 waiting|3 changes/).first()).toBeVisible()
  await app.workOffline().click()
  for (const id of [first, third]) {
    await expect
      .poll(() => server.service('call-forwarding-always', id))
      .toMatchObject({ isActive: true, forwardToPhoneNumber: '4500' })
  }
  const trouble = app.alert().filter({ hasText: second })
  await expect(trouble).toContainText('Somebody else has changed')
  expect(await server.service('call-forwarding-always', second)).toMatchObject({
    forwardToPhoneNumber: '4711',
  })
  await trouble.getByRole('button', { name: 'Resolve…' }).click()
  const dialog = app.page.getByRole('dialog', { name: 'Resolve conflict' })
  await expect(dialog).toContainText('4711')
  await picture(app, testInfo, 'conflict')
  for (const mine of await dialog.getByText('Keep mine').all()) await mine.click()
  await dialog.getByRole('button', { name: 'Apply' }).click()
  await expect
    .poll(() => server.service('call-forwarding-always', second))
    .toMatchObject({ isActive: true, forwardToPhoneNumber: '4500' })
  await expect(app.alert()).toHaveCount(0)

  await test.step('what the phone had changed is told as changed elsewhere', async () => {
    await app.go('Users')
    await openCalls(app, second, 40)
    await app.details().getByRole('tab', { name: 'History' }).click()
    await expect(app.details()).toContainText('4711')
  })
})

test('a forwarding is switched off for many at once, with preview and reason, and put back as one', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 40 })
  const all = await server.find({ lastName: '*', extended: 'true' })
  const able = await haveAll(
    server,
    all.map(({ userId }) => String(userId)),
    ['call-forwarding-always'],
  )
  for (const userId of able) {
    await server.putService('call-forwarding-always', {
      userId,
      isActive: true,
      forwardToPhoneNumber: '4711',
    })
  }
  const on = async () => {
    const states = await Promise.all(able.map((id) => server.service('call-forwarding-always', id)))
    return states.filter(({ isActive }) => isActive === true).length
  }
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(40)
  await app.row('').first().getByRole('gridcell').nth(1).click()
  await app.page.keyboard.press('Control+a')
  await app.page.getByRole('button', { name: 'Edit selected…' }).click()
  const dialog = app.page.getByRole('dialog', { name: 'Edit 40 users' })
  await dialog.getByRole('combobox', { name: 'Field' }).selectOption('Forward always')
  await dialog.getByRole('combobox', { name: 'Value' }).selectOption('No')
  await dialog.getByRole('textbox', { name: 'Reason or ticket' }).fill('Back from leave')
  // Few users are read by themselves.
  await expect(dialog).toContainText('Compared with the server')
  await picture(app, testInfo, 'preview')
  await dialog.getByRole('button', { name: `Save ${able.length} users` }).click()
  await expect.poll(on).toBe(0)
  // It stays open for the one who does not have the service.
  await expect(dialog).toContainText('1 row cannot be saved')
  await app.page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()

  await app.go('History')
  await app.history().getByText('Back from leave').first().click()
  // All were set to the same: the batch says to what, also while it is closed.
  const values = app.change().getByRole('table', { name: 'Values of the batch' })
  await expect(values.getByRole('row', { name: 'Forward always' })).toContainText('No')
  await picture(app, testInfo, 'batch')
  await app.change().getByRole('button', { name: 'Revert this batch…' }).click()
  const plan = app.page.getByRole('dialog', { name: 'Revert changes' })
  await plan.getByRole('button', { name: `Revert ${able.length} fields` }).click()
  await expect(plan).toBeHidden()
  await expect.poll(on).toBe(able.length)
})
