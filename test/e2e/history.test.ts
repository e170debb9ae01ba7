import { readFile } from 'node:fs/promises'
import type { TestInfo } from '@playwright/test'
import { expect, type Gungnir, test } from './app'
import type { DemoServer } from './demo-server'
import { picture } from './pictures'

const openUser = async (app: Gungnir, userId: string, of: number) => {
  await app.find(userId, `1 of ${of} users`)
  await app.row('').first().getByRole('gridcell').nth(1).click()
  await expect(app.details()).toContainText(userId)
  await expect(app.details()).toContainText('Read just now')
}

const titled = async (server: DemoServer) =>
  (await server.find({ lastName: '*', extended: 'true' })).filter(({ title }) => title !== undefined)

test('a row of History says who, what was and what became, and leads to its user', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 60 })
  const [one = {}, two = {}] = await titled(server)
  const [oneId, twoId] = [String(one.userId), String(two.userId)]
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(60)
  for (const [id, title] of [
    [oneId, 'First of all'],
    [twoId, 'Second to none'],
  ] as const) {
    await openUser(app, id, 60)
    await app.field('Title').fill(title)
    await app.save()
    await expect.poll(async () => (await server.user(id)).title).toBe(title)
  }

  await test.step('the tab of the user has the values', async () => {
    await app.details().getByRole('tab', { name: 'History' }).click()
    await expect(app.details()).toContainText(`Title ${two.title} → Second to none`)
    await picture(app, testInfo, 'tab')
  })

  await app.go('History')
  const rowOf = (id: string) => app.row(id, app.history())
  await expect(rowOf(oneId)).toContainText(`Title ${one.title} → First of all`)
  await expect(rowOf(twoId)).toContainText(`Title ${two.title} → Second to none`)
  await expect(rowOf(oneId)).toContainText(new URL(server.baseUrl).host)
  await picture(app, testInfo, 'history')

  await test.step('columns can be chosen', async () => {
    await expect(app.history().getByRole('columnheader', { name: 'Group' })).toHaveCount(0)
    await app.page.getByRole('button', { name: 'Columns', exact: true }).click()
    await app.page.getByRole('dialog', { name: 'Columns' }).getByText('Group', { exact: true }).click()
    await app.page.keyboard.press('Escape')
    await expect(app.history().getByRole('columnheader', { name: 'Group' })).toBeVisible()
  })

  await test.step('what is chosen is exported, and nothing else', async () => {
    const path = testInfo.outputPath('chosen.jsonl')
    await app.electron.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath })
    }, path)
    await rowOf(oneId).getByRole('gridcell').nth(1).click()
    await app.page.keyboard.press('Space')
    await app.page.getByRole('button', { name: 'Export…' }).click()
    await app.page.getByRole('menuitem', { name: /^JSON Lines.*1 chosen change/ }).click()
    await app.said('Exported 1 change')
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).user.userId)).toEqual([oneId])
  })

  await test.step('after a revert nothing is chosen any more', async () => {
    await rowOf(oneId).getByRole('gridcell').nth(1).click()
    await app.page.keyboard.press('Control+a')
    await app.page.getByRole('button', { name: 'Revert 2…' }).click()
    const plan = app.page.getByRole('dialog', { name: 'Revert changes' })
    await plan.getByRole('button', { name: 'Revert 2 fields' }).click()
    await expect(plan).toBeHidden()
    await expect.poll(async () => (await server.user(oneId)).title).toBe(one.title)
    await expect(app.page.getByRole('status', { name: 'Matches' })).toHaveText('4 changes')
    await expect(app.page.getByRole('button', { name: /^Revert \d/ })).toHaveCount(0)
    await expect(app.history().locator('[role=row][aria-selected=true]')).toHaveCount(0)
  })

  await test.step('from a change to its user', async () => {
    await rowOf(twoId).last().getByRole('gridcell').nth(1).click()
    await expect(app.change().getByRole('cell', { name: 'Second to none' }).first()).toBeInViewport({
      ratio: 1,
    })
    await app.change().getByRole('button', { name: 'Open user' }).click()
    await expect(app.details()).toContainText(twoId)
    await expect(app.field('Title')).toHaveValue(String(two.title))
  })

  await test.step('what of a user is looked at stays, from user to user and while another page is there', async () => {
    const history = app.details().getByRole('tab', { name: 'History' })
    await history.click()
    await app.find(oneId, '1 of 60 users')
    await app.row('').first().getByRole('gridcell').nth(1).click()
    await expect(app.details()).toContainText(oneId)
    await expect(app.details()).toContainText(`Title ${one.title} → First of all`)
    await app.go('Outbox')
    await app.go('Users')
    await expect(history).toHaveAttribute('aria-selected', 'true')
  })
})

test('an entry of a user leads to exactly this change in History, and what a search does not find is closed', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 60 })
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(60)
  const member = await entriesLead(app, server, testInfo)
  await app.quit()
  const again = await open()
  await test.step('after a restart, where nothing was chosen', () => leads(again, member, 'Of the batch'))
  await test.step('a batch that was put back is told from the one that put it back', async () => {
    const search = again.page.getByRole('searchbox', { name: 'Search history' })
    const matches = again.page.getByRole('status', { name: 'Matches' })
    await search.fill('batch')
    await expect(matches).toHaveText('6 changes')
    await again.row('Title of 6 users', again.history()).getByRole('gridcell').nth(1).click()
    await again.change().getByRole('button', { name: 'Revert this batch…' }).click()
    const plan = again.page.getByRole('dialog', { name: 'Revert changes' })
    await plan.getByRole('button', { name: 'Revert 6 fields' }).click()
    await expect(plan).toBeHidden()
    await expect(again.history().getByText('Put back: Title of 6 users')).toHaveCount(1)
    await expect(again.row('Title of 6 users', again.history())).toHaveCount(2)
    await expect(again.row('Done · 6', again.history())).toHaveCount(2)
    await picture(again, testInfo, 'put-back')
  })
})

/** From the tab History of a user to one change of theirs, which is then open, current and under the cursor. */
async function leads(app: Gungnir, userId: string, text: string) {
  await app.go('Users')
  await app.find(userId, /^1 of/)
  await app.row(userId).getByRole('gridcell').nth(1).click()
  await expect(app.details()).toContainText(userId)
  await app.details().getByRole('tab', { name: 'History' }).click()
  const entry = app.details().getByRole('list', { name: 'Changes of this user' }).getByRole('button')
  await expect(entry).toContainText(text)
  await expect(entry).toContainText('Saved on the server')
  await entry.click()
  const current = app.history().locator('[role=row][data-current=true]')
  await expect(current).toHaveCount(1)
  await expect(current).toContainText(userId)
  await expect(current).toContainText(text)
  await expect(current).toBeInViewport()
  await expect(current.locator('[role=gridcell]:focus')).toHaveCount(1)
  await expect(app.change()).toContainText(userId)
  await expect(app.change().getByRole('cell', { name: text }).first()).toBeVisible()
  await app.change().getByRole('button', { name: 'Revert this change…' }).click()
  const plan = app.page.getByRole('dialog', { name: 'Revert changes' })
  await expect(plan.getByRole('row', { name: userId })).toContainText(text)
  await expect(plan.getByRole('button', { name: 'Revert 1 field', exact: true })).toBeVisible()
  await plan.getByRole('button', { name: 'Cancel' }).click()
  await expect(plan).toBeHidden()
}

/** Gives one of the users of the batch. */
async function entriesLead(app: Gungnir, server: DemoServer, testInfo: TestInfo) {
  const { page } = app
  const ids = (await server.find({})).map(({ userId }) => String(userId)).slice(0, 8)
  const [alone = '', other = '', ...six] = ids

  await test.step('a batch of six, and a change of each of two others', async () => {
    for (const id of six) {
      await app.find(id, /^1 of/)
      await app.row(id).getByRole('gridcell').first().click()
    }
    await page.getByRole('button', { name: 'Edit selected…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Edit 6 users' })
    await dialog.getByRole('combobox', { name: 'Field' }).selectOption('Title')
    await dialog.getByRole('textbox', { name: 'Value' }).fill('Of the batch')
    await dialog.getByRole('button', { name: 'Save 6 users' }).click()
    await expect(dialog).toBeHidden()
    for (const id of [alone, other]) {
      await openUser(app, id, 60)
      await app.field('Title').fill('Of one')
      await app.save()
      await expect.poll(async () => (await server.user(id)).title).toBe('Of one')
    }
    for (const id of six) await expect.poll(async () => (await server.user(id)).title).toBe('Of the batch')
  })

  await test.step('where nothing was chosen', () => leads(app, alone, 'Of one'))
  await test.step('where another was chosen', () => leads(app, other, 'Of one'))
  await test.step('out of a batch that is closed', async () => {
    await leads(app, six[3] ?? '', 'Of the batch')
    await picture(app, testInfo, 'led')
  })

  const search = page.getByRole('searchbox', { name: 'Search history' })
  const matches = page.getByRole('status', { name: 'Matches' })
  await test.step('a search that does not find the open change closes it, one that does leaves it', async () => {
    await search.fill('title:batch')
    await expect(matches).toHaveText('6 changes')
    await expect(app.change()).toContainText(six[3] ?? '')
    await search.fill(alone)
    await expect(matches).toHaveText('1 change')
    await expect(app.change()).toBeHidden()
    await expect(page.getByRole('button', { name: 'Revert…', exact: true })).toBeDisabled()
  })
  await test.step('where a search is set that does not find it', async () => {
    await leads(app, other, 'Of one')
    await expect(search).toHaveValue('')
    await expect(matches).toHaveText('8 changes')
  })
  return six[0] ?? ''
}

test('a refusal stands at its field with what can be done, and its entry leads to the user', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 60 })
  const [refused = {}, keeper = {}] = await server.find({ lastName: '*', extended: 'true' })
  const refusedId = String(refused.userId)
  const keys = {
    serviceProviderId: String(keeper.serviceProviderId),
    groupId: String(keeper.groupId),
    userId: String(keeper.userId),
  }
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(60)

  await openUser(app, refusedId, 60)
  await app.workOffline().click()
  await server.putUser({ ...keys, extension: '9876' })
  await app.field('Extension').fill('9876')
  await app.save()
  await app.workOffline().click()
  const box = app.field('Extension')
  await expect(box).toHaveAttribute('aria-invalid', 'true')
  await expect(box).toHaveAccessibleDescription(/9876.*still has/)
  await picture(app, testInfo, 'field')

  await test.step('the outbox tells it apart and leads back', async () => {
    await app.go('Outbox')
    const row = app.row(refusedId, app.outbox())
    await expect(row).toContainText(`${refused.extension} → 9876`)
    await row.getByRole('gridcell').nth(1).click()
    const entry = app.page.getByRole('region', { name: 'Waiting change' })
    await expect(entry.getByRole('cell', { name: '9876' })).toBeInViewport({ ratio: 1 })
    await picture(app, testInfo, 'outbox')
    await app.page
      .getByRole('region', { name: 'Waiting change' })
      .getByRole('button', { name: 'Open user' })
      .click()
    await expect(app.details()).toContainText(refusedId)
  })

  await test.step('Change puts the cursor into the field', async () => {
    await app.details().getByRole('button', { name: 'Change Extension' }).click()
    await expect(box).toBeFocused()
  })

  await test.step('History says what was asked, and offers nothing to put back', async () => {
    await app.go('History')
    const row = app.row(refusedId, app.history())
    await expect(row).toContainText(`Extension ${refused.extension} → 9876, refused`)
    await row.getByRole('gridcell').nth(1).click()
    await expect(app.change()).toContainText(refusedId)
    await expect(app.change().getByRole('button', { name: 'Copy as…' })).toBeVisible()
    await expect(app.change().getByRole('button', { name: 'Revert this change…' })).toHaveCount(0)
    await expect(app.page.getByRole('button', { name: 'Revert…', exact: true })).toBeDisabled()
    await picture(app, testInfo, 'refused')
    await app.go('Users')
  })

  await test.step('Put back takes the change away', async () => {
    await app.details().getByRole('button', { name: 'Put back Extension' }).click()
    await expect(app.navigation().getByRole('link', { name: 'Outbox', exact: true })).toBeVisible()
    await expect(box).toHaveValue(String(refused.extension))
    await expect(box).toHaveAttribute('aria-invalid', 'false')
  })
})

test('the boxes of a conflict are its choices, and name the user', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 60 })
  const [user = {}] = await titled(server)
  const userId = String(user.userId)
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(60)
  await openUser(app, userId, 60)
  await app.workOffline().click()
  await app.field('Title').fill('Mine')
  await app.save()
  await server.putUser({
    serviceProviderId: String(user.serviceProviderId),
    groupId: String(user.groupId),
    userId,
    title: 'Theirs',
  })
  await app.workOffline().click()
  await app.details().getByRole('button', { name: 'Resolve Title…' }).click()
  const dialog = app.page.getByRole('dialog', { name: 'Resolve conflict' })
  await expect(dialog).toContainText(userId)
  await expect(dialog.getByRole('radio', { name: 'Keep mine' })).toHaveAccessibleDescription(/Mine/)
  // The value itself can be clicked.
  await dialog.getByText('Theirs', { exact: true }).click()
  await expect(dialog.getByRole('radio', { name: "Use server's" })).toBeChecked()
  await picture(app, testInfo, 'resolve')
  await dialog.getByRole('button', { name: 'Apply' }).click()
  await expect(app.navigation().getByRole('link', { name: 'Outbox', exact: true })).toBeVisible()
  expect((await server.user(userId)).title).toBe('Theirs')
  await expect(app.field('Title')).toHaveValue('Theirs')
})

test('all changes but a batch are chosen, exported and put back, and the batch stays', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 60 })
  const [one = {}, two = {}] = await titled(server)
  const singles = [one, two].map(({ userId, title }) => ({ id: String(userId), title: String(title) }))
  const app = await open()
  const { page } = app
  await app.connectTo(server)
  await app.allUsersLoaded(60)
  const titlesNow = async () =>
    new Map((await server.find({ lastName: '*', extended: 'true' })).map((user) => [user.userId, user.title]))

  await test.step('a batch of six, and a change of each of two others', async () => {
    await app.users().getByRole('columnheader', { name: 'User ID' }).click()
    const ids = (await server.find({})).map(({ userId }) => String(userId))
    const others = ids.filter((id) => !singles.some((single) => single.id === id)).slice(0, 6)
    for (const id of others) {
      await app.find(id, /^1 of/)
      await app.row(id).getByRole('gridcell').first().click()
    }
    await expect(page.getByText(/^6 selected$/)).toBeVisible()
    await page.getByRole('button', { name: 'Edit selected…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Edit 6 users' })
    await dialog.getByRole('combobox', { name: 'Field' }).selectOption('Title')
    await dialog.getByRole('textbox', { name: 'Value' }).fill('Of the batch')
    await dialog.getByRole('button', { name: 'Save 6 users' }).click()
    await expect(dialog).toBeHidden()
    await expect
      .poll(async () => [...(await titlesNow()).values()].filter((title) => title === 'Of the batch').length)
      .toBe(6)
    for (const { id } of singles) {
      await openUser(app, id, 60)
      await app.field('Title').fill('Of one')
      await app.save()
      await expect.poll(async () => (await server.user(id)).title).toBe('Of one')
    }
  })

  await app.go('History')
  const list = app.history()
  const lines = (count: number) => expect(list).toHaveAttribute('aria-rowcount', String(count + 1))
  const line = app.row('Title of 6 users', list)
  const revert = (count: number) => page.getByRole('button', { name: `Revert ${count}…`, exact: true })
  await lines(3)

  await test.step('one of its changes is taken out, then the whole', async () => {
    await list.getByRole('row').nth(1).getByRole('gridcell').nth(1).click()
    await page.keyboard.press('Control+a')
    await expect(revert(8)).toBeVisible()
    await line.getByRole('button', { name: 'Show the changes' }).click()
    await lines(9)
    const members = app.row('Of the batch', list)
    await members.first().getByRole('gridcell').first().click()
    await expect(revert(7)).toBeVisible()
    await line.getByRole('gridcell').first().click()
    await expect(revert(2)).toBeVisible()
    await expect(line).toHaveAttribute('aria-selected', 'false')
    for (const member of await members.all()) {
      await expect(member.getByRole('gridcell', { name: 'Cannot be selected' })).toBeVisible()
    }
    await picture(app, testInfo, 'all-but-a-batch')
  })

  await test.step('what is exported is the rest', async () => {
    const path = testInfo.outputPath('rest.jsonl')
    await app.electron.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath })
    }, path)
    await page.getByRole('button', { name: 'Export…' }).click()
    await page.getByRole('menuitem', { name: /^JSON Lines.*2 chosen changes/ }).click()
    await expect(app.messages()).toContainText('Exported 2 changes')
    const exported = (await readFile(path, 'utf8')).trimEnd().split('\n')
    expect(exported.map((each) => JSON.parse(each).user.userId).sort()).toEqual(
      singles.map(({ id }) => id).sort(),
    )
  })

  await test.step('what is put back is the rest', async () => {
    await revert(2).click()
    const plan = page.getByRole('dialog', { name: 'Revert changes' })
    await plan.getByRole('button', { name: 'Revert 2 fields' }).click()
    await expect(plan).toBeHidden()
    for (const { id, title } of singles) {
      await expect.poll(async () => (await server.user(id)).title).toBe(title)
    }
    expect([...(await titlesNow()).values()].filter((title) => title === 'Of the batch')).toHaveLength(6)
  })
})
