import { expect, test } from 'vitest'
import { crashModes, fullModes, runScripts } from './crash'

const seed = 1
const scripts = 50

test(`nothing is lost by a crash before, within and after every durable write of ${scripts} scripts`, async () => {
  const { failures, ...counts } = await runScripts({ seed, scripts, modes: crashModes })
  console.log(JSON.stringify(counts))
  expect(failures).toEqual([])
  expect(counts.runs).toBe(counts.writes * crashModes.length)
  expect(counts.writes).toBeGreaterThan(scripts * 5)
})

test('nothing is lost, and nothing sent unrecorded, when the disk refuses any one write', async () => {
  const { failures, ...counts } = await runScripts({ seed, scripts: 10, modes: fullModes })
  console.log(JSON.stringify(counts))
  expect(failures).toEqual([])
  // Each write is refused once outright, and some need a page that the database may not have.
  expect(counts.refused).toBeGreaterThan(counts.writes)
})
