import { expect, type Gungnir, test } from './app'
import { openRelay } from './relay'

const users = 100_000

/** How many users the list has so far, as the page says. */
const known = async (app: Gungnir): Promise<number> => {
  // Only what waits for something answers what is asked over it: what to load.
  await expect(app.matches()).toBeVisible()
  return Number(/of ([\d,]+) user/.exec(await app.matches().innerText())?.[1]?.replaceAll(',', '') ?? 0)
}

const loadedMoreThan = (app: Gungnir, count: number) =>
  expect.poll(() => known(app), { timeout: 120_000 }).toBeGreaterThan(count)

test('100,000 users: the network goes and the power goes in mid-load; then offline, by keyboard alone', async ({
  open,
  startServer,
}) => {
  test.setTimeout(600_000)
  const server = await startServer({ users })
  const relay = await openRelay(server.baseUrl)
  // Downloading is faster than storing: the line is cut by the number of groups that were read, not by time.
  let reads = 0
  relay.decide((_, path) => (reads > 12 || (path.includes('/users?') && ++reads > 12) ? 'cut' : 'pass'))
  let app = await open()
  await app.connectTo({ ...relay, username: server.username, password: server.password })

  await test.step('the network goes in mid-load: what came stays, and the load goes on by itself', async () => {
    await loadedMoreThan(app, 10_000)
    await expect(app.connectionStatus()).toContainText(/Offline|Server not answering/, {
      timeout: 120_000,
    })
    const before = await known(app)
    expect(before).toBeGreaterThan(10_000)
    expect(before).toBeLessThan(users)
    await app.find('ext:1', /^[\d,]+ of [\d,]+ users$/)
    await app.search().fill('')
    relay.decide(() => 'pass')
    await loadedMoreThan(app, before)
  })

  await test.step('the power and the server go in mid-load: what arrived comes into the list all the same', async () => {
    await expect(app.page.getByText('Everything has arrived.')).toBeVisible({
      timeout: 120_000,
    })
    await loadedMoreThan(app, 40_000)
    const before = await known(app)
    expect(before).toBeLessThan(users)
    await app.kill()
    relay.decide(() => 'cut')
    app = await open()
    await expect.poll(() => known(app), { timeout: 120_000 }).toBeGreaterThan(before - 10_000)
    await expect(app.matches()).toHaveText(`100,000 of 100,000 users`, { timeout: 240_000 })
    await app.quit()
  })

  await test.step('offline after a restart, by keyboard alone', async () => {
    await relay.stop()
    await server.kill()
    app = await open()
    const { page } = app
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key)
    }
    await expect(app.matches()).toHaveText('100,000 of 100,000 users')
    await press('/')
    await expect(app.search()).toBeFocused()
    await page.keyboard.type('odegard')
    await expect(app.matches()).toHaveText(/^[1-9][\d,]* of 100,000 users$/)
    await expect(app.row('').first()).toContainText(/[ØO]deg[åa]rd/i)
    await press('Escape')
    await expect(app.matches()).toHaveText('100,000 of 100,000 users')

    await press('/', 'Enter')
    await press('ArrowUp')
    const header = page.locator('[role=columnheader]:focus')
    await expect(header).toBeVisible()
    await press('Enter')
    await expect(header).toHaveAttribute('aria-sort', 'ascending')
    await press('Enter')
    await expect(header).toHaveAttribute('aria-sort', 'descending')
    await press('ArrowDown', 'Control+End')
    await expect(page.locator(':focus')).toHaveAttribute('data-at', /^99999:/)
    await press('Space', 'Shift+ArrowUp', 'Shift+ArrowUp')
    await expect(page.getByText('3 selected')).toBeVisible()
    await press('Control+a')
    await expect(page.getByText('100,000 selected')).toBeVisible()
    await press('Escape')
    await expect(page.getByText('selected', { exact: false })).toHaveCount(0)
  })
})
