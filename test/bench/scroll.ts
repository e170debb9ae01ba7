import type { Page } from '@playwright/test'
import { filledProfile, openEmpty, openGungnir, removeTemporary } from './desktop'
import { percentile, report } from './report'

const frames = 300
const words = ['nowak', 'muller', 'odegard', '5135', 'smith', 'praha', 'ana n', '1234']

/** Frame times while the first thing that scrolls is scrolled by `step` pixels a frame. */
const scrollFrames = (page: Page, step: number): Promise<number[]> =>
  page.evaluate(
    async ({ frames, step }) => {
      const all = [...document.querySelectorAll<HTMLElement>('[role=grid], [role=grid] *, body *')]
      const target = all.find(
        (element) =>
          element.scrollHeight > element.clientHeight + 1000 &&
          /auto|scroll/.test(getComputedStyle(element).overflowY),
      )
      if (target === undefined) throw new Error('nothing scrolls')
      const times: number[] = []
      await new Promise<void>((resolve) => {
        let last = performance.now()
        const frame = (now: number) => {
          times.push(now - last)
          last = now
          target.scrollTop += step
          if (times.length < frames) requestAnimationFrame(frame)
          else resolve()
        }
        requestAnimationFrame(frame)
      })
      return times.slice(1)
    },
    { frames, step },
  )

/** From a key going down to the frame after the last change it made to the list. */
async function keyToPaint(page: Page): Promise<number[]> {
  await page.evaluate(() => {
    const store = window as unknown as { samples: number[] }
    store.samples = []
    let pressed: number | undefined
    let painted: number | undefined
    const settle = () => {
      if (pressed !== undefined && painted !== undefined) store.samples.push(painted - pressed)
      painted = undefined
    }
    addEventListener(
      'keydown',
      () => {
        settle()
        pressed = performance.now()
      },
      true,
    )
    const seen = () =>
      requestAnimationFrame(() => {
        painted = performance.now()
      })
    for (const element of document.querySelectorAll('[role=grid], [role=status]')) {
      new MutationObserver(seen).observe(element, { subtree: true, childList: true, characterData: true })
    }
  })
  const box = page.getByRole('searchbox', { name: 'Search users' })
  for (const word of words) {
    await box.click()
    await box.press('ControlOrMeta+a')
    for (const key of word) {
      await page.keyboard.press(key === ' ' ? 'Space' : key)
      await page.waitForTimeout(350)
    }
  }
  return await page.evaluate(() => (window as unknown as { samples: number[] }).samples)
}

/** Scrolling and typing in the real app, beside the limits and beside a bare page. */
export default async function scroll(sizes: readonly number[]): Promise<void> {
  const bare = await openEmpty()
  await bare.page.evaluate(() => {
    const box = document.createElement('div')
    box.style.cssText = 'height:700px;overflow:auto'
    for (let row = 0; row < 5000; row++) {
      const line = document.createElement('div')
      line.textContent = `Row ${row}`
      box.append(line)
    }
    document.body.append(box)
  })
  const peer = await scrollFrames(bare.page, 84)
  await bare.close()
  for (const users of sizes.length > 0 ? sizes : [1_000, 10_000, 100_000]) {
    const own = await openGungnir(await filledProfile(users))
    await own.page.waitForTimeout(3000)
    const times = await scrollFrames(own.page, 84)
    const keys = await keyToPaint(own.page)
    await own.close()
    removeTemporary()
    const p95 = percentile(times, 0.95)
    report(`scroll and type, ${users.toLocaleString('en')} users, ${keys.length} keys`, [
      { name: 'frame p95', value: p95, unit: 'ms', against: { name: 'limit', value: 33 }, aim: '≤ 1' },
      {
        name: 'frame p95',
        value: p95,
        unit: 'ms',
        against: { name: 'a bare page of 5,000 lines', value: percentile(peer, 0.95) },
      },
      {
        name: 'key to painted result p95',
        value: percentile(keys, 0.95),
        unit: 'ms',
        against: { name: 'limit', value: 50 },
        aim: '≤ 1',
      },
    ])
  }
}
