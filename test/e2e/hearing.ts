import { expect, type Page } from '@playwright/test'

/**
 * Writes down each text of the status "Messages" for as long as the page lives: one may have faded, or given way to
 * the next, before a slow test looks.
 */
function writeDown(): void {
  if ('heard' in window) return
  const heard: string[] = []
  Object.assign(window, { heard })
  let last: Element | undefined
  const look = () => {
    const line = document.querySelector('[role=status][aria-label=Messages]')?.firstElementChild ?? undefined
    const text = line?.textContent ?? ''
    if (text !== '' && (line !== last || heard.at(-1) !== text)) heard.push(text)
    last = line
  }
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true })
  look()
}

/**
 * Listens to what a page says.
 * @returns waits for words that were said since those it was last asked about
 */
export function hear(page: Page): (words: string | RegExp) => Promise<void> {
  const listening = page.addInitScript(writeDown).then(() => page.evaluate(writeDown))
  listening.catch(() => {})
  let asked = 0
  return async (words) => {
    await listening
    const fits = (text: string) => (typeof words === 'string' ? text.includes(words) : words.test(text))
    const since = async () =>
      (await page.evaluate(() => (window as unknown as { heard: string[] }).heard)).slice(asked)
    await expect(async () => {
      const said = await since()
      const at = said.findIndex(fits)
      expect(at, `"${words}" among ${JSON.stringify(said)}`).not.toBe(-1)
      asked += at + 1
    }).toPass({ timeout: 120_000 })
  }
}
