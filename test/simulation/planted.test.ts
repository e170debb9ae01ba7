import { describe, expect, test } from 'vitest'
import { catchPlanted, planted } from './planted'

/** From here on every planted mistake shows soon. */
const seed = 12_000

describe(`each of ${planted.length} planted mistakes is caught`, () => {
  test.each(planted)('$name', async (bug) => {
    const { by, schedules, ms } = await catchPlanted(bug, seed, 20_000)
    console.log(`${schedules} schedules, ${ms} ms: ${by ?? 'not caught'}`)
    expect(by).toMatch(/^Invariant \d+/)
  })
})
