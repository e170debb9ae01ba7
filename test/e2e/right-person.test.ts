import { expect, test } from './app'
import { watchValues } from './watching'
import { closeWires, openWire } from './wire'

test.afterEach(closeWires)

test('what is typed goes to the person and the field that the screen shows as current', async ({
  open,
  startServer,
}) => {
  const server = await startServer({ users: 120 })
  const everybody = await server.find({})
  const [one, other] = everybody.slice(20, 22).map(({ userId }) => String(userId)) as [string, string]
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(120)
  const { page } = app

  await test.step('two searches with Enter: the details are of the one found last', async () => {
    for (const id of [one, other]) {
      await app.find(id, /^1 of/)
      await app.search().press('Enter')
      await expect(app.details()).toContainText(id)
      await expect(app.users().getByRole('row').nth(1)).toContainText(id)
    }
    await app.field('Title').fill('Chief of the second')
    await app.field('Title').press('Control+s')
    await expect.poll(async () => (await server.user(other)).title).toBe('Chief of the second')
    expect((await server.user(one)).title).not.toBe('Chief of the second')
  })

  await test.step('a click into the details takes the keys from an open cell editor', async () => {
    const cell = app.users().locator('[data-at="0:2"]')
    await cell.click()
    await page.keyboard.press('F2')
    await page.keyboard.type('Xenia')
    await app.field('Title').click()
    await expect(app.field('Title')).toBeFocused()
    await app.field('Title').press('Control+a')
    await page.keyboard.type('Boss')
    await expect(app.field('Title')).toHaveValue('Boss')
    await expect(cell).toHaveText('Xenia')
  })

  await test.step('so does the search box, by a click and by Ctrl+F', async () => {
    const cell = app.users().locator('[data-at="0:2"]')
    for (const go of [() => app.search().click(), () => page.keyboard.press('Control+f')]) {
      await cell.click()
      await page.keyboard.press('F2')
      await page.keyboard.type('Yara')
      await go()
      await expect(app.search()).toBeFocused()
      await page.keyboard.press('Control+a')
      await page.keyboard.type(other)
      await expect(app.search()).toHaveValue(other)
      await expect(cell).toHaveText('Yara')
    }
  })
})

test('a saved value never goes back to the old one on screen, whatever arrives meanwhile', async ({
  open,
  startServer,
}) => {
  const server = await startServer({ users: 80 })
  const wire = await openWire(server)
  const [one, other] = (await server.find({})).slice(10, 12).map(({ userId }) => String(userId)) as [
    string,
    string,
  ]
  const app = await open()
  await app.connectTo(wire)
  await app.allUsersLoaded(80)
  const { page } = app
  const done = () => app.messages().filter({ hasText: 'on the server' })

  await app.find(one, /^1 of/)
  await app.search().press('Enter')
  await expect(app.field('Title')).toBeVisible()
  for (const [round, how] of (['online', 'online', 'offline'] as const).entries()) {
    await test.step(`round ${round + 1}, ${how}`, async () => {
      const [title, mail] = [`Chief ${round}`, `chief.${round}@example.com`]
      if (how === 'offline') await app.workOffline().click()
      await app.typeInCell(one, 'Title', title)
      await app.field('E-mail').fill(mail)
      await app.field('E-mail').blur()
      const watch = await watchValues(page, one, ['Title', 'E-mail'])
      const release = wire.holdPuts()
      await app.save()
      if (how === 'offline') {
        await expect(app.messages()).toContainText('when online')
        await app.workOffline().click()
      }
      await expect.poll(() => app.details().getByText('not on the server yet').count()).toBeGreaterThan(0)
      // Everything is read again while the change is on its way, and others change too.
      await page.getByRole('button', { name: 'Refresh' }).click()
      await server.putUser({ ...(await server.user(other)), title: `Other ${round}` })
      await expect(page.getByRole('progressbar', { name: 'Loading users' })).toBeHidden()
      release()
      await expect.poll(async () => (await server.user(one)).title).toBe(title)
      await expect(done()).toBeVisible()
      await expect(app.details().getByText('not on the server yet')).toHaveCount(0)
      await page.getByRole('button', { name: 'Refresh' }).click()
      await expect(page.getByRole('progressbar', { name: 'Loading users' })).toBeHidden()
      const seen = await watch.seen()
      expect(seen).toEqual({
        'Title in the list': [title],
        'Title in the details': [title],
        'E-mail in the list': [mail],
        'E-mail in the details': [mail],
      })
    })
  }
})
