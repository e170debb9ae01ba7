import { expect, type Gungnir, test } from './app'

const zoom = (app: Gungnir, factor: number) =>
  app.electron.evaluate(({ BrowserWindow }, by) => {
    const [window] = BrowserWindow.getAllWindows()
    window?.setContentSize(1280, 800)
    window?.webContents.setZoomFactor(by)
  }, factor)

/**
 * What is wrong with the controls on the screen, in words: one that cannot be scrolled into the window as a whole or is
 * covered when it is there, two that lie over each other, and a page that is wider than the window.
 */
const outOfReach = (app: Gungnir): Promise<string[]> =>
  app.page.evaluate(() => {
    // What covers the page is all that can be used of it.
    const over = [...document.querySelectorAll('[role=dialog], [role=alertdialog]')].at(-1)
    const covered = document.querySelector('section[inert]') !== null
    const dialog =
      over ?? (covered ? document.querySelector('section[aria-label="User details"]') : undefined)
    const controls = [
      ...(dialog ?? document).querySelectorAll<HTMLElement>(
        'button, a[href], input, select, textarea, [role=tab], [role=switch], .label',
      ),
    ].filter(
      (each) =>
        each.checkVisibility({ visibilityProperty: true }) && !each.closest('[aria-hidden=true], .grid'),
    )
    const name = (each: Element) =>
      `${each.tagName.toLowerCase()} "${each.getAttribute('aria-label') ?? (each.textContent || each.id)}"`
    const wrong: string[] = []
    const wide = document.documentElement.scrollWidth
    if (wide > innerWidth) wrong.push(`the page is ${wide} px wide in a window of ${innerWidth}`)
    for (const control of controls) {
      control.scrollIntoView({ block: 'center', inline: 'center' })
      const { left, top, right, bottom } = control.getBoundingClientRect()
      // One that only a screen reader meets is drawn as a dot.
      if (right - left < 2) continue
      if (left < -1 || right > innerWidth + 1 || top < -1 || bottom > innerHeight + 1) {
        wrong.push(`${name(control)} reaches from ${left},${top} to ${right},${bottom}`)
        continue
      }
      const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
      const met = at !== null && (control.contains(at) || at.contains(control))
      const same = at?.closest('.switch, .checkbox, .radio, .search, .picker-box, label') ?? undefined
      if (!met && !same?.contains(control))
        wrong.push(`${name(control)} is covered by ${at?.outerHTML.slice(0, 90)}`)
      for (const other of controls) {
        if (other === control || other.contains(control) || control.contains(other)) continue
        const box = other.getBoundingClientRect()
        const across = Math.min(right, box.right) - Math.max(left, box.left)
        const along = Math.min(bottom, box.bottom) - Math.max(top, box.top)
        const inside =
          control.closest('.search-box') ?? control.closest('.search, .picker-box, .switch, .section-links')
        // What scrolls under a part that stays where it is does not lie over it.
        const stays = (each: Element) => each.closest('.status-bar, .navigation, .details, .side') ?? null
        if (across > 2 && along > 2 && !inside?.contains(other) && stays(control) === stays(other)) {
          wrong.push(`${name(control)} lies over ${name(other)}`)
        }
      }
    }
    return wrong
  })

for (const factor of [2, 4]) {
  test(`every control can be reached at ${factor * 100} % zoom`, async ({ open, startServer }) => {
    const app = await open()
    const { page } = app
    await expect(page.getByRole('button', { name: 'Try the demo server' })).toBeVisible()
    await zoom(app, factor)
    await expect.poll(() => page.evaluate(() => innerWidth)).toBe(1280 / factor)
    // The page may still be laying itself out for its new width.
    const reach = (what: string) => expect.poll(() => outOfReach(app), { message: what }).toEqual([])

    await reach('first run')
    await app.connectTo(await startServer({ users: 120 }))
    await app.allUsersLoaded(120)
    await reach('users')

    // A width between those of the panel and of the icons must not be lost to whoever saved views.
    await app.navigation().getByRole('button', { name: 'Show names' }).click()
    await expect(page.getByRole('button', { name: 'Save view…' })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('button', { name: 'Save view…' })).toBeHidden()

    await app.users().locator('[data-at="0:0"]').click()
    await reach('users with one selected')
    await page.getByRole('button', { name: 'Edit selected…' }).click()
    const batch = page.getByRole('dialog', { name: 'Edit 1 user' })
    await batch.getByRole('combobox', { name: 'Field' }).selectOption('Title')
    await batch.getByRole('textbox', { name: 'Value' }).fill('Nurse')
    await expect(batch.getByRole('button', { name: 'Save 1 user' })).toBeEnabled()
    await reach('many at once')
    await batch.getByRole('button', { name: 'Save 1 user' }).click()
    await expect(batch).toBeHidden()

    const shown = app.details().getByRole('textbox', { name: 'First name', exact: true })
    if (!(await shown.isVisible())) await page.getByRole('button', { name: 'Show details' }).click()
    await expect(shown).not.toHaveValue('')
    await app.field('Title').fill('Matron')
    await reach('details')
    await app.details().getByRole('button', { name: 'Discard' }).click()
    await app.details().getByRole('button', { name: 'Close details' }).click()

    for (const place of ['Outbox', 'History', 'Connections'] as const) {
      await app.go(place)
      await expect(page.getByRole('heading', { level: 1, name: place })).toBeVisible()
      await reach(place)
    }
    await page.getByRole('button', { name: 'New connection' }).click()
    await reach('a new connection')
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible()
    await reach('palette')
    await page.keyboard.press('Escape')
  })
}
