import type { Locator } from '@playwright/test'
import { expect, type Gungnir, test } from './app'
import { violations } from './axe'

/**
 * The lines and fills that an element is drawn with, itself and its pseudo-elements, except for those nobody sees
 * because they have the colour of the ground. Text is not part of it.
 */
const drawn = (locator: Locator): Promise<string> =>
  locator.evaluate((element) => {
    const probe = document.body.appendChild(document.createElement('i'))
    probe.style.color = 'Canvas'
    const canvas = getComputedStyle(probe).color
    probe.remove()
    const clear = (color: string) => /^rgba.*, 0\)$|transparent/.test(color)
    const ground = (from: Element | null): string => {
      for (let each = from; each; each = each.parentElement) {
        const { backgroundColor } = getComputedStyle(each)
        if (!clear(backgroundColor)) return backgroundColor
      }
      return canvas
    }
    const [behind, own] = [ground(element.parentElement), ground(element)]
    const seen = (color: string, on: string) => color !== on && !clear(color)
    return [null, '::before', '::after']
      .flatMap((pseudo) => {
        const style = getComputedStyle(element, pseudo)
        if (pseudo !== null && style.content === 'none') return []
        const lines = (['Top', 'Right', 'Bottom', 'Left'] as const).map((side) => ({
          what: side,
          width: style[`border${side}Width`],
          style: style[`border${side}Style`],
          color: style[`border${side}Color`],
        }))
        lines.push({
          what: 'Top',
          width: style.outlineWidth,
          style: style.outlineStyle,
          color: style.outlineColor,
        })
        return [
          ...lines
            .filter(({ width, style: kind, color }) => width !== '0px' && kind !== 'none' && seen(color, own))
            .map(({ what, width, style: kind }) => `${pseudo ?? ''} ${what} ${width} ${kind}`),
          ...(seen(style.backgroundColor, behind) ? [`${pseudo ?? ''} filled ${style.backgroundColor}`] : []),
          ...(style.backgroundImage.includes(canvas) ? [style.backgroundImage] : []),
        ]
      })
      .join('; ')
  })

/** What a system colour is here. */
const systemColor = (app: Gungnir, name: string): Promise<string> =>
  app.page.evaluate((color) => {
    const probe = document.body.appendChild(document.createElement('i'))
    probe.style.color = color
    const found = getComputedStyle(probe).color
    probe.remove()
    return found
  }, name)

const differ = async (one: Locator, other: Locator, what: string) => {
  const [a, b] = await Promise.all([drawn(one), drawn(other)])
  expect(a, `${what} can be told without its colour`).not.toBe(b)
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every state can be told under forced colours, ${colorScheme}`, async ({ open, startServer }) => {
    const app = await open()
    const { page } = app
    await page.emulateMedia({ forcedColors: 'active', colorScheme })
    await app.connectTo(await startServer({ users: 120 }))
    await app.allUsersLoaded(120)
    const highlight = await systemColor(app, 'Highlight')
    const grey = await systemColor(app, 'GrayText')
    const row = (at: number) => app.users().locator(`[aria-rowindex="${at + 2}"]`)
    const cell = (at: number, column: number) => app.users().locator(`[data-at="${at}:${column}"]`)
    const clean = async (what: string) => expect(await violations(page), what).toEqual([])

    await test.step('rows: chosen, and the one whose details are shown', async () => {
      await cell(2, 1).click()
      await expect(row(2)).toHaveAttribute('data-current')
      await differ(row(2), row(5), 'the current row')
      await cell(4, 0).click()
      await cell(6, 0).click({ modifiers: ['Control'] })
      await expect(row(4)).toHaveAttribute('aria-selected', 'true')
      await page.mouse.move(0, 0)
      await differ(row(4), row(5), 'a selected row')
      await differ(row(6), row(4), 'the current among the selected rows')
      await page.getByRole('button', { name: 'Clear selection' }).click()
    })

    await test.step('a block of cells', async () => {
      await cell(2, 2).click()
      await page.keyboard.press('Shift+ArrowDown')
      await page.keyboard.press('Shift+ArrowRight')
      await expect(cell(3, 2)).toHaveAttribute('aria-selected', 'true')
      await differ(cell(3, 2), cell(5, 2), 'a block of cells')
      await clean('a block')
      await page.keyboard.press('ArrowDown')
    })

    await test.step('the marks of what is changed, cannot be saved, or waits', async () => {
      await cell(8, 1).click()
      await expect(app.field('First name')).not.toHaveValue('')
      await app.field('First name').fill('Somebody')
      await app.field('Extension').fill('not digits')
      const look = (name: string) => app.users().locator(`[data-look="${name}"]`).first()
      await expect(look('changed')).toBeVisible()
      await expect(look('invalid')).toBeVisible()
      await differ(look('changed'), cell(9, 2), 'a changed cell')
      await differ(look('invalid'), look('changed'), 'a cell that cannot be saved')
      await differ(app.field('First name'), app.field('Last name'), 'a changed box')
      await clean('a draft and a mistake')
      await app.details().getByRole('button', { name: 'Discard' }).click()
      await app.workOffline().click()
      await app.field('First name').fill('Somebody')
      await app.save()
      await expect(look('waiting')).toBeVisible()
      await differ(look('waiting'), cell(9, 2), 'a waiting cell')
    })

    await test.step('switches', async () => {
      const track = page.locator('.switch:has([role=switch]) .switch-track').last()
      await expect(app.workOffline()).toBeChecked()
      const on = [await drawn(track), await drawn(track.locator('*'))]
      await app.workOffline().click()
      await expect(app.workOffline()).not.toBeChecked()
      const off = [await drawn(track), await drawn(track.locator('*'))]
      expect(on[0]).not.toBe(off[0])
      for (const part of [...on, ...off]) expect(part, 'track and thumb are seen').not.toBe('')
    })

    await test.step('what only shows does not look as if it could be typed into, and what is off is grey', async () => {
      expect(await drawn(app.field('First name'))).not.toBe('')
      expect(await drawn(app.field('Time zone name'))).toBe('')
      await expect(app.details().getByRole('button', { name: 'Discard' })).toBeDisabled()
      await expect(app.details().getByRole('button', { name: 'Discard' })).toHaveCSS('color', grey)
    })

    await test.step('the cursor of the palette, of a picker and of a menu', async () => {
      await page.keyboard.press('Control+k')
      await page.getByRole('dialog', { name: 'Commands' }).waitFor()
      await page.keyboard.press('ArrowDown')
      const focused = page.locator('[data-focused]:is([role=menuitem], [role=menuitemradio], [role=option])')
      await expect(focused).toHaveCSS('background-color', highlight)
      await clean('palette')
      await page.keyboard.press('Escape')
      await page.getByRole('combobox', { name: 'Group' }).click()
      await page.keyboard.press('ArrowDown')
      await expect(focused).toHaveCSS('background-color', highlight)
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Appearance' }).focus()
      await page.keyboard.press('Enter')
      await expect(focused).toHaveCSS('background-color', highlight)
      await clean('menu')
      await page.keyboard.press('Escape')
    })

    await test.step('the chosen tab, page and connection', async () => {
      const tab = (name: string) => app.details().getByRole('tab', { name })
      await differ(tab('Profile'), tab('History'), 'the chosen tab')
      const link = (name: string) => app.navigation().getByRole('link', { name })
      await differ(link('Users'), link('Connections'), 'the page one is on')
      await app.go('Connections')
      await expect(page.locator('.connection-item[aria-current]')).toHaveCSS('background-color', highlight)
      await clean('connections')
    })

    await test.step('how much was changed on a day', async () => {
      await app.go('History')
      const button = page.getByRole('button', { name: 'Overview' })
      await button.click()
      const day = (level: string) => page.locator(`.heat-day[data-level="${level}"]`).last()
      await expect(day('4')).toBeVisible()
      await differ(day('4'), day('0'), 'a day on which something changed')
      expect(await drawn(day('0')), 'a day is seen').not.toBe('')
      await clean('history')
      await app.go('Outbox')
      await clean('outbox')
    })
  })
}

test('how far a load has come is seen under forced colours', async ({ open, startServer }) => {
  const app = await open()
  await app.page.emulateMedia({ forcedColors: 'active' })
  const server = await startServer({ users: 6000 })
  await app.newConnection()
  await app.fillConnection({ name: 'Slow', ...server, callsPerSecond: 1 })
  await app.connectionForm().getByRole('button', { name: 'Connect', exact: true }).click()
  const bar = app.page.getByRole('progressbar', { name: 'Loading users' })
  await expect(bar).toBeVisible()
  const [track, fill] = [bar.locator('> *'), bar.locator('> * > *')]
  expect(await drawn(track)).not.toBe('')
  await expect(fill).toHaveCSS('background-color', await systemColor(app, 'Highlight'))
  await app.page.getByRole('button', { name: 'Cancel' }).click()
})
