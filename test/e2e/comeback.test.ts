import { createChance } from '../simulation/chance'
import { expect, test } from './app'
import { type Absence, openMoody } from './moody'

// `npm run comebacks -- 20 [seed]` tries as many, beginning with that seed.
const first = Number(process.env.COMEBACKS_SEED ?? 1)
const seeds = Array.from({ length: Number(process.env.COMEBACKS ?? 3) }, (_, n) => first + n)

const absences: readonly Absence[] = [
  'refused',
  'reset',
  'hangs',
  'empty',
  'maintenance',
  'gateway',
  'page 200',
  'page 401',
  'page 403',
  'page 404',
  'page 503',
]
/** What is given to a person who signs in anew: a password is not offered again to whoever has refused it twice. */
const refusesSignIn = (how: Absence): boolean => how.startsWith('page 40')

/** Only a change that waits for ever takes as long as this. */
const patient = { timeout: 240_000 }

test('a server that was away gets everything that waited, with nobody clicking', async ({
  open,
  startServer,
}) => {
  test.setTimeout(120_000 + seeds.length * 300_000)
  const server = await startServer({ users: 30 })
  const moody = await openMoody(server)
  const userIds = (await server.find({})).map(({ userId }) => String(userId))
  let app = await open()
  await app.connectTo(moody)
  await app.allUsersLoaded(userIds.length)
  await app.allUsersRead()
  const took: number[] = []

  for (const seed of seeds) {
    const chance = createChance(seed)
    const how = chance.pick(absences)
    const restarts = !refusesSignIn(how) && chance.happens(0.25)
    const awayMs = chance.pick([0, 500, 3_000, chance.between(3_000, 20_000)])
    const signInMs = chance.pick([0, 800, 2_500, 5_000])
    const isVoid = chance.happens(0.8)
    const slow = chance.pick(absences.filter((one) => one !== 'hangs' && !(isVoid && refusesSignIn(one))))
    const calls = chance.pick([0, 1, 3])
    const hesitant = calls === 0 ? undefined : { how: slow, calls }
    const some = [0, 1].map((n) => userIds[(seed * 2 + n) % userIds.length] as string)
    const title = `Back ${seed}`
    const story = JSON.stringify({ seed, how, restarts, awayMs, signInMs, isVoid, hesitant })

    await test.step(story, async () => {
      const before = moody.puts.length
      await moody.away(how)
      for (const userId of some) {
        await app.find(userId, /^1 of /)
        await app.row(userId).first().click()
        await expect(app.details()).toContainText(userId)
        await app.field('Title').fill(title)
        await app.save()
      }
      await app.go('Outbox')
      await expect(app.outbox().getByRole('row').filter({ hasText: title })).toHaveCount(some.length)
      if (restarts) {
        await app.quit()
        app = await open()
      }
      await new Promise((resolve) => setTimeout(resolve, awayMs))
      if (isVoid) moody.voidTokens()
      await moody.back({ signInMs, ...(hesitant === undefined ? {} : { hesitant }) })
      const returned = Date.now()
      for (const userId of some) {
        await expect
          .poll(async () => (await server.user(userId)).title, { ...patient, message: story })
          .toBe(title)
      }
      took.push(Date.now() - returned)
      await app.go('Outbox')
      await expect(app.outbox().getByRole('row').filter({ hasText: title })).toHaveCount(0, patient)
      await expect(app.connectionStatus()).toContainText('Online', patient)
      const sent = moody.puts.slice(before).map(({ userId }) => userId)
      expect([...sent].sort(), story).toEqual([...some].sort())
      await app.go('Users')
    })
  }
  const slowest = Math.max(...took) / 1000
  console.log(`${took.length} comebacks, all through; the slowest after ${slowest.toFixed(1)} s`)
  await moody.close()
})
