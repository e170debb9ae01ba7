import { expect, test } from 'vitest'
import { runCampaign, uncovered } from './campaign'

/** Seeds are fixed, so that a failure here is a failure everywhere; `npm run simulate` takes new ones. */
const seed = 1
const schedules = 10_000

test(`the engine keeps every invariant in ${schedules} schedules`, async () => {
  const campaign = await runCampaign({ seed, schedules })
  const missing = uncovered(campaign)
  const { transitions: _each, shown: _states, failures, ...counts } = campaign
  console.log(JSON.stringify({ ...counts, unseen: missing.transitions }))
  expect(failures.map((one) => `npm run simulate -- --seed ${one.seed} --trace: ${one.message}`)).toEqual([])
  expect(campaign.schedules).toBe(schedules)
  expect(campaign.puts).toBeGreaterThan(schedules)
  expect(campaign.crashes).toBeGreaterThan(schedules / 10)
  expect(missing).toEqual({ states: [], transitions: [] })
})

/** Found by campaigns; what each was is said in the commit that mended it. */
const once = [20_011_115, 20_018_218, 30_040_352, 30_060_614, 30_067_834]

test.each(once)('seed %i, which once broke an invariant, keeps all', async (each) => {
  const { failures } = await runCampaign({ seed: each, schedules: 1 })
  expect(failures).toEqual([])
})

test('a seed gives the same run each time', async () => {
  const [one, again, other] = await Promise.all(
    [7, 7, 8].map((each) => runCampaign({ seed: each, schedules: 20 })),
  )
  expect(again).toEqual(one)
  expect(other?.transitions).not.toEqual(one?.transitions)
})
