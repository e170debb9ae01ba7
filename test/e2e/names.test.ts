import { expect, type Gungnir, test } from './app'

/** Names on the screen that say the same twice. */
const doubled = async (app: Gungnir): Promise<string[]> => {
  const tree = await app.page.locator('body').ariaSnapshot()
  return [...tree.matchAll(/^\s*- (?:'|)(\w+) "([^"]+)"/gm)]
    .filter(([, , name = '']) => /^(.{3,}) \1$/i.test(name))
    .map(([, role, name]) => `${role} "${name}"`)
}

test('each control has its name once', async ({ open, startServer }) => {
  const app = await open()
  await app.connectTo(await startServer({ users: 60 }))
  await app.allUsersLoaded(60)
  const { page } = app
  for (const name of ['Service provider', 'Group']) {
    await expect(page.getByRole('combobox', { name, exact: true })).toBeVisible()
  }
  await app.users().locator('[data-at="2:2"]').click()
  await expect(app.field('First name')).not.toHaveValue('')
  expect(await doubled(app)).toEqual([])
  // Names of every script are written in their own direction.
  const boxes = page.locator('main').locator('input:is([type=text], [type=search], :not([type])), textarea')
  expect(await boxes.count()).toBeGreaterThan(10)
  const others = await boxes.evaluateAll((all) =>
    all.filter((each) => each.getAttribute('dir') !== 'auto').map((each) => each.outerHTML),
  )
  expect(others).toEqual([])
  for (const place of ['Outbox', 'History', 'Connections'] as const) {
    await app.go(place)
    expect(await doubled(app), place).toEqual([])
  }
})

test('a screen reader is not interrupted while nothing happens', async ({ open, startServer }) => {
  const app = await open()
  await app.connectTo(await startServer({ users: 60 }))
  await app.allUsersLoaded(60)
  const { page } = app
  await expect(app.messages()).toHaveText('')
  await page.evaluate(() => {
    const said: string[] = []
    Object.assign(window, { said })
    const live = '[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]'
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const element = target instanceof Element ? target : target.parentElement
        const region = element?.closest(`${live}, [aria-live=off]`)
        const text = region?.textContent ?? ''
        // What goes is not read out.
        if (region?.matches(live) && region.getAttribute('aria-live') !== 'off' && text !== '')
          said.push(text)
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
  // As after an hour, for whatever tells its age.
  await page.evaluate(() => {
    const now = Date.now
    Date.now = () => now() + 3_600_000
  })
  const age = page.getByText(/data .* old/)
  await expect(age).toContainText(/1 h|60 min|hour/, { timeout: 120_000 })
  expect(await page.evaluate(() => (window as unknown as { said: string[] }).said)).toEqual([])
})
