import type { Page } from '@playwright/test'

export interface Watch {
  /** Every value that stood there since the watch began, in order, each once in a row; the watch ends. */
  seen(): Promise<Record<string, string[]>>
}

/**
 * Watches what the list and the details show of some fields of one user: after each change of the page, also of those
 * that are never drawn, and at each frame.
 * @param fields labels, the same in the list and in the details
 */
export async function watchValues(page: Page, userId: string, fields: readonly string[]): Promise<Watch> {
  await page.evaluate(
    ({ userId, fields }) => {
      const log: Record<string, string[]> = {}
      const note = (what: string, value: string) => {
        const values = log[what] ?? []
        log[what] = values
        if (values.at(-1) !== value) values.push(value)
      }
      const inList = (field: string): string => {
        const header = [
          ...document.querySelectorAll('[role=grid][aria-label=Users] [role=columnheader]'),
        ].find(({ textContent }) => textContent === field)
        const row = [...document.querySelectorAll('[role=grid][aria-label=Users] [role=row]')].find((each) =>
          [...each.querySelectorAll('[role=gridcell]')].some(({ textContent }) => textContent === userId),
        )
        const at = header?.getAttribute('aria-colindex')
        const cell = row?.querySelector(`[role=gridcell][aria-colindex="${at}"]`)
        return cell ? (cell.querySelector('input')?.value ?? cell.textContent ?? '') : '(not there)'
      }
      const inDetails = (field: string): string => {
        const panel = document.querySelector('[aria-label="User details"]')
        if (!panel?.textContent?.includes(userId)) return '(somebody else)'
        const label = [...panel.querySelectorAll('label')].find(({ textContent }) => textContent === field)
        const input = label && document.getElementById(label.htmlFor)
        return input instanceof HTMLInputElement ? input.value : '(not there)'
      }
      const look = () => {
        for (const field of fields) {
          note(`${field} in the list`, inList(field))
          note(`${field} in the details`, inDetails(field))
        }
      }
      const observer = new MutationObserver(look)
      observer.observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
      })
      let frame = 0
      const each = () => {
        look()
        frame = requestAnimationFrame(each)
      }
      each()
      Object.assign(window, {
        watched: () => {
          observer.disconnect()
          cancelAnimationFrame(frame)
          return log
        },
      })
    },
    { userId, fields },
  )
  return {
    seen: () =>
      page.evaluate(() => (window as unknown as { watched: () => Record<string, string[]> }).watched()),
  }
}
