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

  await test.step('Save in the details saves what they show, Save all the rest too', async () => {
    await app.find(one, /^1 of/)
    await app.typeInCell(one, 'Title', 'Saved with all')
    await app.find(other, /^1 of/)
    await app.search().press('Enter')
    await expect(app.details()).toContainText(other)
    await app.field('Title').fill('Saved alone')
    await app.save()
    await expect.poll(async () => (await server.user(other)).title).toBe('Saved alone')
    await expect(page.getByText('1 unsaved edit in 1 user')).toBeVisible()
    await expect(app.details().getByRole('button', { name: 'Save', exact: true })).toBeDisabled()
    expect((await server.user(one)).title).not.toBe('Saved with all')
    await page.getByRole('button', { name: 'Save all' }).click()
    await expect.poll(async () => (await server.user(one)).title).toBe('Saved with all')
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
        await app.said('when online')
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

test('the cursor stays on its person while thousands arrive around them', async ({ open, startServer }) => {
  const total = 6000
  const server = await startServer({ users: total, switches: ['--groups', '30'] })
  const wire = await openWire(server)
  const release = wire.holdLists(3)
  const app = await open()
  await app.connectTo(wire)
  const { page } = app
  await expect(app.row('').nth(8)).toBeVisible()
  await app.row('').nth(8).getByRole('gridcell').nth(1).click()
  // Whoever stood there when the pointer came down: the list moves on.
  const id = await app.currentId()
  await (await app.cell(id, 'Title')).click()
  await expect.poll(() => app.currentId()).toBe(id)
  // After each change of the page: whose cell has the focus, and whose details are shown.
  await page.evaluate((userId) => {
    const seen = new Set<string>()
    const look = () => {
      const row = document.activeElement?.closest('[role=row]')
      const panel = document.querySelector('[aria-label="User details"]')
      seen.add(
        row?.textContent?.includes(userId) ? 'cell of the person' : `cell of ${row?.textContent ?? 'nobody'}`,
      )
      seen.add(panel?.textContent?.includes(userId) ? 'details of the person' : 'details of somebody else')
    }
    const observer = new MutationObserver(look)
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true })
    look()
    Object.assign(window, {
      whose: () => {
        observer.disconnect()
        return [...seen].sort()
      },
    })
  }, id)
  const known = async () =>
    Number(/of ([\d,]+)/.exec(await app.matches().innerText())?.[1]?.replaceAll(',', ''))
  expect(await known(), 'some are still to come').toBeLessThan(total)
  release()
  await app.allUsersLoaded(total)
  const whose = () => page.evaluate(() => (window as unknown as { whose: () => string[] }).whose())
  expect(await whose()).toEqual(['cell of the person', 'details of the person'])
  await page.keyboard.type('Stayed')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+s')
  await expect.poll(async () => (await server.user(id)).title).toBe('Stayed')
})

test('a click is for the person on whom the pointer came down, wherever they stand when it comes up', async ({
  open,
  startServer,
}) => {
  const total = 3000
  const server = await startServer({ users: total, switches: ['--groups', '30'] })
  const wire = await openWire(server)
  const release = wire.holdLists(3)
  const app = await open()
  await app.connectTo(wire)
  const { page } = app
  await expect(app.row('').nth(8)).toBeVisible()
  const place = app.users().locator('[data-at="8:1"]')
  const box = await place.boundingBox()
  if (!box) throw new Error('The row is not on screen.')
  await page.mouse.move(box.x + 20, box.y + box.height / 2)
  await page.mouse.down()
  // The cursor comes with the pointer: whose cell it is on is whom the press is for.
  const id = await app.currentId()
  release()
  await expect(app.row(id), 'the list moves on').not.toHaveAttribute('aria-rowindex', '10')
  await page.mouse.up()
  await app.allUsersLoaded(total)
  await expect.poll(() => app.currentId()).toBe(id)
  await expect(app.users().locator('[data-current]')).toContainText(id)
  await expect(page.locator(':focus').locator('..')).toContainText(id)
})

test('Undo right after Save puts back what was saved, whether or not it has arrived', async ({
  open,
  startServer,
}) => {
  const server = await startServer({ users: 60 })
  const [user = {}] = (await server.find({ lastName: '*', extended: 'true' })).filter(({ title }) => title)
  const [id, before] = [String(user.userId), String(user.title)]
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(60)
  await app.find(id, /^1 of/)
  await app.search().press('Enter')
  await expect(app.field('Title')).toHaveValue(before)
  const plan = app.page.getByRole('dialog', { name: 'Revert changes' })
  const menu = (label: string) =>
    app.electron.evaluate(({ Menu }, wanted) => {
      const edit = Menu.getApplicationMenu()?.items.find((item) => item.label === '&Edit')
      edit?.submenu?.items.find((item) => item.label === wanted)?.click()
    }, label)
  const undo = async (said: RegExp, how: 'by key' | 'from the menu') => {
    await (await app.cell(id, 'Title')).click()
    if (how === 'by key') await app.page.keyboard.press('Control+z')
    else await menu('&Undo')
    await expect(plan).toContainText(id)
    await expect(plan).toContainText(said)
    await plan.getByRole('button', { name: 'Revert 1 field' }).click()
    await expect(plan).toBeHidden()
  }

  await test.step('in a text, Undo of the menu is about the text', async () => {
    await app.field('Title').fill('')
    await app.field('Title').pressSequentially('Typed')
    await menu('&Undo')
    await expect(app.field('Title')).not.toHaveValue('Typed')
    await app.field('Title').fill(before)
    await app.field('Title').blur()
    await expect(plan).toBeHidden()
  })

  await test.step('offline: the change that waits is gone', async () => {
    await app.workOffline().click()
    await app.field('Title').fill('Saved offline')
    await app.save()
    await app.said('when online')
    await undo(/Saved offline/, 'by key')
    await expect(app.field('Title')).toHaveValue(before)
    await expect(app.navigation().getByRole('link', { name: 'Outbox', exact: true })).toBeVisible()
    await app.workOffline().click()
  })

  await test.step('online: what arrived is put back', async () => {
    await app.field('Title').fill('Saved online')
    await app.save()
    await expect.poll(async () => (await server.user(id)).title).toBe('Saved online')
    await expect(app.navigation().getByRole('link', { name: 'Outbox', exact: true })).toBeVisible()
    await undo(/Saved online/, 'from the menu')
    await expect.poll(async () => (await server.user(id)).title).toBe(before)
    await expect(app.field('Title')).toHaveValue(before)
  })
})
