import { expect, test } from 'vitest'
import { soak } from './soak'

const edits = 2_000

test(`three administrators save ${edits} edits under faults and kills, and nothing is lost`, async () => {
  const { failures, ...counts } = await soak({ seed: 1, edits })
  console.log(JSON.stringify(counts))
  expect(failures).toEqual([])
  expect(counts.edits).toBeGreaterThanOrEqual(edits)
  expect(counts.kills).toBeGreaterThan(5)
  expect(counts.overOthers).toBeGreaterThan(10)
})
