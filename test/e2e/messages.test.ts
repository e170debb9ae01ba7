import { expect, type Gungnir, test } from './app'
import type { DemoServer } from './demo-server'
import { picture } from './pictures'

/** Gives all that the list shows the same title, under one ticket. */
async function retitleAll(app: Gungnir, users: number, title: string): Promise<void> {
  await app.row('').first().getByRole('gridcell').nth(1).click()
  await app.page.keyboard.press('Control+a')
  await app.page.getByRole('button', { name: 'Edit selected…' }).click()
  const dialog = app.page.getByRole('dialog', { name: `Edit ${users} users` })
  await dialog.getByRole('combobox', { name: 'Field' }).selectOption('Title')
  await dialog.getByRole('textbox', { name: 'Value' }).fill(title)
  await dialog.getByRole('textbox', { name: 'Reason or ticket' }).fill('CHG-4711')
  await dialog.getByRole('button', { name: `Save ${users} users` }).click({ timeout: 60_000 })
  await expect(dialog).toBeHidden({ timeout: 30_000 })
}

const openUser = async (app: Gungnir, userId: string, of: number) => {
  await app.find(userId, `1 of ${of} users`)
  await app.row('').first().getByRole('gridcell').nth(1).click()
  await expect(app.details()).toContainText(userId)
  await expect(app.details()).toContainText('Read just now')
}

const keysOf = (user: { serviceProviderId?: unknown; groupId?: unknown; userId?: unknown }) => ({
  serviceProviderId: String(user.serviceProviderId),
  groupId: String(user.groupId),
  userId: String(user.userId),
})

/** Somebody else gives the user this title, past the app. */
const retitleElsewhere = (server: DemoServer, user: Parameters<typeof keysOf>[0], title: string) =>
  server.putUser({ ...keysOf(user), title })

test('a batch counts down, says how it ended, and can be looked up and undone from there', async ({
  open,
  startServer,
}, testInfo) => {
  const users = 24
  const server = await startServer({ users, switches: ['--latency', '250'] })
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(users)
  const before = new Map(
    (await server.find({ lastName: '*', extended: 'true' })).map((user) => [user.userId, user.title]),
  )

  await retitleAll(app, users, 'Moved house')
  await app.said(/Sending CHG-4711: \d+ of 24/)
  await picture(app, testInfo, 'countdown')
  await app.said('All 24 changes are on the server.')
  await expect(app.messages()).not.toContainText('Sending')
  await picture(app, testInfo, 'ended')

  await test.step('what was said can be read again, with its buttons', async () => {
    await app.page.getByRole('button', { name: 'Past messages' }).click()
    const past = app.page.getByRole('dialog', { name: 'Past messages' })
    await expect(past).toContainText('All 24 changes are on the server.')
    await picture(app, testInfo, 'past')
    await past.getByRole('button', { name: 'Show in History' }).click()
    await expect(app.page.getByRole('status', { name: 'Matches' })).toHaveText(/^24 /)
  })

  await test.step('undo is a plan first, and then puts everything back', async () => {
    await app.page.getByRole('button', { name: 'Past messages' }).click()
    await app.page
      .getByRole('dialog', { name: 'Past messages' })
      .getByRole('button', { name: 'Undo' })
      .click()
    const plan = app.page.getByRole('dialog', { name: 'Revert changes' })
    await expect(plan).toContainText('Moved house')
    await picture(app, testInfo, 'undo')
    await plan.getByRole('button', { name: 'Revert 24 fields' }).click()
    await expect(plan).toBeHidden()
    await app.said(/Sending.*: \d+ of 24/)
    await app.go('Outbox')
    // One line for all of them, beside a line each in the list below.
    const line = app.page.getByRole('list', { name: 'Batches under way' }).getByRole('listitem')
    await expect(line).toContainText(/Title of 24 users/)
    await expect(line).toContainText(/\d+ of 24 done/)
    await app.said('All 24 changes are on the server.')
    await expect(line).toHaveCount(0)
    const titles = async () =>
      (await server.find({ lastName: '*', extended: 'true' })).filter(
        ({ userId, title }) => title === before.get(userId),
      ).length
    await expect.poll(titles, { timeout: 60_000 }).toBe(users)
  })
})

test('trouble stands with its next step for as long as it lasts, and never under another server', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 60 })
  const other = await startServer({ users: 40, seed: 2 })
  const [conflicting = {}, refused = {}, keeper = {}] = await server.find({ lastName: '*', extended: 'true' })
  const conflictId = String(conflicting.userId)
  const refusedId = String(refused.userId)
  const app = await open()
  await app.connectTo(server, 'First')
  await app.allUsersLoaded(60)
  const trouble = app.alert().filter({ hasText: conflictId })

  await test.step('a conflict is resolved from the strip, which goes then', async () => {
    await openUser(app, conflictId, 60)
    await app.workOffline().click()
    await app.field('Title').fill('Mine')
    await app.save()
    await app.said('Will be sent when online')
    await retitleElsewhere(server, conflicting, 'Theirs')
    await app.workOffline().click()
    await expect(trouble).toBeVisible()
    // What was promised is not said beside its contrary.
    await expect(app.messages()).not.toContainText('Will be sent')
    await picture(app, testInfo, 'conflict')
    await trouble.getByRole('button', { name: 'Resolve…' }).click()
    const dialog = app.page.getByRole('dialog', { name: 'Resolve conflict' })
    await dialog.getByText('Keep mine').click()
    await dialog.getByRole('button', { name: 'Apply' }).click()
    await expect.poll(async () => (await server.user(conflictId)).title).toBe('Mine')
    await expect(app.alert()).toHaveCount(0)
  })

  await test.step('a refusal stands under its server only', async () => {
    await openUser(app, refusedId, 60)
    await app.workOffline().click()
    await server.putUser({ ...keysOf(keeper), extension: '9876' })
    await app.field('Extension').fill('9876')
    await app.save()
    await app.workOffline().click()
    const strip = app.alert().filter({ hasText: refusedId })
    await expect(strip).toContainText('9876')
    // In the list it does not look like one that merely waits.
    await expect(await app.cell(refusedId, 'Extension')).toHaveAttribute('data-look', 'invalid')
    await expect(app.messages()).not.toContainText('Saved.')
    await picture(app, testInfo, 'refusal')

    await app.connectTo(other, 'Second')
    await app.allUsersLoaded(40)
    await expect(app.alert()).toHaveCount(0)
    await expect(app.messages()).not.toContainText(/change|Saved|9876/)
    await app.page.getByRole('button', { name: 'Past messages' }).click()
    await expect(app.page.getByRole('dialog', { name: 'Past messages' })).not.toContainText('9876')
    await app.page.keyboard.press('Escape')
    // A list that has just been read can be read again.
    await app.page.getByRole('button', { name: 'Refresh' }).click()
    await app.allUsersLoaded(40)
    await expect(app.alert()).toHaveCount(0)
  })
})
