import type { Locator } from '@playwright/test'
import { expect, test } from './app'

/** A key as an input method sends it, for which no real key stands. */
const send = (to: Locator, key: string, isComposing: boolean) =>
  to.evaluate(
    (element, init) => {
      const event = new KeyboardEvent('keydown', { ...init, bubbles: true, cancelable: true })
      return element.dispatchEvent(event)
    },
    { key, isComposing },
  )

test('an input method takes up its word without leaving the search, and begins an edit on a cell', async ({
  open,
  startServer,
}) => {
  const app = await open()
  const { page } = app
  await app.connectTo(await startServer({ users: 40 }))
  await app.allUsersLoaded(40)

  const history = page.getByRole('searchbox', { name: 'Search history' })
  for (const [place, box] of [
    ['Users', app.search()],
    ['History', history],
  ] as const) {
    await app.go(place)
    await box.focus()
    await send(box, 'Enter', true)
    await expect(box, place).toBeFocused()
  }

  await app.go('Users')
  await app.search().focus()
  await page.keyboard.press('Enter')
  await expect(app.users().locator('[data-at="0:1"]')).toBeFocused()
  for (const key of ['Process', 'Dead']) {
    await send(app.users().locator('[data-at="0:1"]'), key, false)
    await expect(app.users().getByRole('textbox'), key).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(app.users().getByRole('textbox')).toBeHidden()
  }
})
