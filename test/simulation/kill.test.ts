import { expect, test } from 'vitest'
import { killOften } from './kill'

const kills = 300

test(`nothing is lost in ${kills} kills of a real process`, async () => {
  const { failures, ...counts } = await killOften({ seed: 1, kills })
  console.log(JSON.stringify(counts))
  expect(failures).toEqual([])
  expect(counts.kills).toBe(kills)
  expect(counts.puts).toBeGreaterThan(kills)
})
