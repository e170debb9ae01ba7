import type { Page } from '@playwright/test'
import { expect, type Gungnir, test } from './app'
import { closeWires, openWire, type Wire } from './wire'

test.afterEach(closeWires)

const total = 6000

/** A list of which most is still to come, in between those who are there. */
async function partlyThere(
  open: () => Promise<Gungnir>,
  wire: Wire,
): Promise<{ app: Gungnir; arrive: () => Promise<void> }> {
  const release = wire.holdLists(3)
  const app = await open()
  await app.connectTo(wire)
  // Three groups are here: nobody moves until the others are let go.
  await expect(app.matches()).toHaveText('600 of 600 users')
  return {
    app,
    arrive: async () => {
      release()
      await app.allUsersLoaded(total)
    },
  }
}

/** After each frame that was drawn from now on: what `look` says; each answer once in a row. */
async function watch(page: Page, look: (at: { x: number; y: number }) => string, at = { x: 0, y: 0 }) {
  await page.evaluate(
    ({ look, at }) => {
      const say = new Function('at', `return (${look})(at)`) as (at: unknown) => string
      const seen: string[] = []
      let frame = 0
      // What runs before a frame also meets what the frame itself puts right before it is seen.
      const drawn = new MessageChannel()
      drawn.port1.onmessage = () => {
        const now = say(at)
        if (seen.at(-1) !== now) seen.push(now)
      }
      const each = () => {
        drawn.port2.postMessage(undefined)
        frame = requestAnimationFrame(each)
      }
      each()
      Object.assign(window, {
        seen: () => {
          cancelAnimationFrame(frame)
          return seen
        },
      })
    },
    { look: String(look), at },
  )
  return () => page.evaluate(() => (window as unknown as { seen: () => string[] }).seen())
}

test('whoever is under a resting pointer stays under it while thousands arrive above', async ({
  open,
  startServer,
}) => {
  const server = await startServer({ users: total, switches: ['--groups', '30'] })
  const { app, arrive } = await partlyThere(open, await openWire(server))
  const { page } = app
  const row = app.users().locator('[aria-rowindex="10"]')
  // First name.
  const cell = row.locator('[aria-colindex="3"]')
  const box = await cell.boundingBox()
  if (!box) throw new Error('The row is not on screen.')
  const at = { x: box.x + 20, y: box.y + box.height / 2 }
  const id = /[^\s]+@[^\s]+/.exec((await row.getByRole('gridcell').allInnerTexts()).join(' '))?.[0] ?? ''
  await page.mouse.move(at.x - 5, at.y)
  await page.mouse.move(at.x, at.y)
  const seen = await watch(
    page,
    ({ x, y }) =>
      /[^\s]+@[^\s]+?\.(?:example|com|net|org)/.exec(
        [...(document.elementFromPoint(x, y)?.closest('[role=row]')?.children ?? [])]
          .map(({ textContent }) => textContent)
          .join(' '),
      )?.[0] ?? 'nobody',
    at,
  )
  await arrive()
  expect(await seen()).toEqual([id])
  const place = Number(await app.row(id).getAttribute('aria-rowindex'))
  expect(place, 'others came in above').toBeGreaterThan(10)

  await page.mouse.dblclick(at.x, at.y)
  await expect(app.users().getByRole('textbox', { name: 'First name' })).toBeFocused()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('Stayed')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+s')
  await expect.poll(async () => (await server.user(id)).firstName).toBe('Stayed')
})

test('the row of the cursor stays where it is seen while thousands arrive', async ({ open, startServer }) => {
  const server = await startServer({ users: total, switches: ['--groups', '30'] })
  const { app, arrive } = await partlyThere(open, await openWire(server))
  const { page } = app
  await app.users().locator('[data-at="5:1"]').click()
  await app.details().hover()
  await page.keyboard.press('ArrowDown')
  const focused = page.locator(':focus')
  await expect(focused).toHaveAttribute('data-at', '6:1')
  const id = await app.currentId()
  await expect(focused.locator('..')).toContainText(id)
  const seen = await watch(page, () =>
    String(document.activeElement?.closest('[role=row]')?.getBoundingClientRect().top ?? 'nowhere'),
  )
  await arrive()
  expect(await seen()).toHaveLength(1)
  await expect(focused.locator('..')).toContainText(id)
  const place = Number(await focused.locator('..').getAttribute('aria-rowindex'))
  expect(place, 'others came in above').toBeGreaterThan(8)
})

test('a list that nobody is at is seen from its top while it loads', async ({ open, startServer }) => {
  const server = await startServer({ users: total, switches: ['--groups', '30'] })
  const { app, arrive } = await partlyThere(open, await openWire(server))
  const first = app.users().locator('[aria-rowindex="2"]')
  const before = await first.innerText()
  const top = async () => (await app.users().boundingBox())?.y
  const loading = await top()
  await expect(app.page.getByRole('progressbar', { name: 'Loading users' })).toBeVisible()
  await arrive()
  expect(await top(), 'what tells of the loading takes no room above').toBe(loading)
  await expect(first).toBeInViewport()
  expect(await first.innerText(), 'somebody came in before the first').not.toBe(before)
})

test('a notice that comes above the list does not move the row under the pointer', async ({
  open,
  startServer,
}) => {
  const app = await open()
  const { page } = app
  await app.connectTo(await startServer({ users: 200 }))
  await app.allUsersLoaded(200)
  const cell = app.users().locator('[data-at="8:2"]')
  const box = await cell.boundingBox()
  if (!box) throw new Error('The row is not on screen.')
  const at = { x: box.x + 20, y: box.y + box.height / 2 }
  await page.mouse.move(at.x - 5, at.y)
  await page.mouse.move(at.x, at.y)
  const top = async () => (await app.users().boundingBox())?.y ?? 0
  const before = await top()
  // At each change of the list's room, as the frame is about to be drawn: what is put right is put right by then.
  await app.users().evaluate((grid, { x, y }) => {
    const seen: (string | null | undefined)[] = []
    new ResizeObserver(() => {
      seen.push(document.elementFromPoint(x, y)?.closest('[data-at]')?.getAttribute('data-at'))
    }).observe(grid)
    Object.assign(window, { seen: () => seen })
  }, at)
  await app.workOffline().press('Space')
  await expect(page.getByText(/^Working offline\. Showing the copy/)).toBeVisible()
  expect(await top(), 'the list itself has moved').toBeGreaterThan(before)
  await app.workOffline().press('Space')
  await expect(page.getByText(/^Working offline\. Showing the copy/)).toBeHidden()
  await expect.poll(top).toBe(before)
  const seen = await page.evaluate(() => (window as unknown as { seen: () => unknown[] }).seen())
  expect(seen.length, 'it was looked at as the notice came and went').toBeGreaterThanOrEqual(3)
  expect([...new Set(seen)]).toEqual(['8:2'])
  expect(await app.users().evaluate((grid) => grid.scrollTop), 'back at the top').toBe(0)
})

test('choosing rows moves none, however wide the window is', async ({ open, startServer }) => {
  const app = await open()
  await app.connectTo(await startServer({ users: 1200 }))
  await app.allUsersLoaded(1200)
  const { page } = app
  const first = app.users().locator('[data-at="0:0"]')
  const clear = page.getByRole('button', { name: 'Clear selection' })
  const top = () => first.evaluate((cell) => cell.getBoundingClientRect().top)
  const resize = async (width: number) => {
    // No window is so narrow, but what stands in it is as wide as that when it is drawn twice as large.
    const factor = width < 900 ? 2 : 1
    await app.electron.evaluate(
      ({ BrowserWindow }, [w, f]) => {
        const [window] = BrowserWindow.getAllWindows()
        window?.webContents.setZoomFactor(f)
        window?.setContentSize(w * f, 800)
      },
      [width, factor] as const,
    )
    await expect.poll(() => page.evaluate(() => innerWidth)).toBe(width)
  }
  const stays = async (width: number) => {
    await resize(width)
    const before = await top()
    await first.click()
    await expect(page.getByText('1 selected')).toBeVisible()
    expect(await top(), `one chosen at ${width} px`).toBe(before)
    await app.users().locator('[data-at="1:0"]').click()
    await expect(page.getByText('2 selected')).toBeVisible()
    await app.users().getByRole('columnheader').first().click()
    await expect(page.getByText('1,200 selected')).toBeVisible()
    expect(await top(), `all chosen at ${width} px`).toBe(before)
    await expect(page.getByRole('button', { name: 'Edit selected…' })).toBeInViewport({ ratio: 1 })
    await expect(page.getByRole('button', { name: 'More', exact: true })).toBeInViewport({ ratio: 1 })
    await clear.click()
    await expect(clear).toBeHidden()
    expect(await top(), `none chosen at ${width} px`).toBe(before)
  }
  for (const width of [1600, 1280, 1150]) await stays(width)
  await app.details().getByRole('button', { name: 'Close details' }).click()
  for (const width of [1600, 1280, 1100, 900, 800, 640, 480]) await stays(width)
})
