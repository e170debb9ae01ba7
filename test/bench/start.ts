import { filledProfile, openEmpty, openGungnir, removeTemporary } from './desktop'
import { median, report } from './report'

const rounds = 11
/** Chromium keeps what it compiled of a page from the second start on, as on any machine that the app is used on. */
const unmeasured = 2

/** From nothing to a list that shows cached users, beside an empty Electron window. */
export default async function start(sizes: readonly number[]): Promise<void> {
  for (const users of sizes.length > 0 ? sizes : [1_000, 10_000, 100_000]) {
    const profile = await filledProfile(users)
    const own: number[] = []
    const empty: number[] = []
    for (let round = -unmeasured; round < rounds; round++) {
      for (const [times, open] of [
        [empty, openEmpty],
        [own, () => openGungnir(profile)],
      ] as const) {
        const running = await open()
        if (round >= 0) times.push(running.startMs)
        await running.close()
      }
    }
    removeTemporary()
    report(`start, ${users.toLocaleString('en')} cached users, median of ${rounds}`, [
      {
        name: 'to a usable list',
        value: median(own),
        unit: 'ms',
        against: { name: 'an empty Electron window', value: median(empty) },
        aim: '≤ 1.5',
      },
    ])
  }
}
