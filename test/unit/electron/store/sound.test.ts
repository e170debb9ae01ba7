import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder } from './support'

/** Opens a database in a process of its own for each of many bits that are changed, and tells what came of it. */
function flipped(first: number, step: number) {
  const inside = folder()
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'flipped.ts'), inside, String(first), String(step)],
    { encoding: 'utf8' },
  )
  const at = readFileSync(join(inside, 'at'), 'utf8')
  expect(status, `at byte ${at}: ${stderr.slice(0, 400)}`).toBe(0)
  return JSON.parse(stdout) as Record<'flips' | 'rescued' | 'lost' | 'fewest' | 'altered' | 'refused', number>
}

describe('one changed bit', () => {
  it('never ends the process, is never taken for a change, and leaves the other changes within reach', () => {
    const result = flipped(7, 1_013)
    expect(result.flips).toBeGreaterThan(150)
    expect(result.rescued).toBeGreaterThan(10)
    expect([result.altered, result.refused]).toEqual([0, 0])
    // What the noise covers, at most two rows that meet in it.
    expect(result.fewest).toBeGreaterThanOrEqual(18)
  }, 240_000)
})
