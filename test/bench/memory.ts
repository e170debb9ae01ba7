import { filledProfile, memoryOf, openEmpty, openGungnir, removeTemporary } from './desktop'
import { report } from './report'

const settleMs = 8_000
const limits: ReadonlyMap<number, number> = new Map([
  [100_000, 80],
  [1_000_000, 450],
])

/** All processes together, with the list on screen and searched, over an empty Electron app. */
export default async function memory(sizes: readonly number[]): Promise<void> {
  const settle = () => new Promise((resolve) => setTimeout(resolve, settleMs))
  for (const users of sizes.length > 0 ? sizes : [1_000, 10_000, 100_000]) {
    const profile = await filledProfile(users)
    const empty = await openEmpty()
    await settle()
    const emptyMB = memoryOf(empty.app)
    await empty.close()
    const own = await openGungnir(profile)
    await own.page.getByRole('searchbox', { name: 'Search users' }).pressSequentially('nowak', { delay: 60 })
    await settle()
    const ownMB = memoryOf(own.app)
    await own.close()
    removeTemporary()
    const limit = limits.get(users)
    report(`memory, ${users.toLocaleString('en')} cached users (proportional set size)`, [
      {
        name: 'Gungnir',
        value: ownMB,
        unit: 'MB',
        against: { name: 'an empty Electron app', value: emptyMB },
      },
      {
        name: 'over the empty app',
        value: ownMB - emptyMB,
        unit: 'MB',
        ...(limit === undefined ? {} : { against: { name: 'limit', value: limit }, aim: '≤ 1' }),
      },
    ])
  }
}
