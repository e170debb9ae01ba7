import { describe, expect, test } from 'vitest'
import { explore } from './exhaustive'
import { planted } from './planted'

describe('every path of one user, two fields and a foreign write', () => {
  test.each([
    // Crashes alone, then one with everything that can become of a call.
    { faults: 0, crashes: 2, foreignWrites: 1 },
    { faults: 1, crashes: 1, foreignWrites: 1 },
  ])('with $faults faults and $crashes crashes', async (bounds) => {
    const explored = await explore(bounds)
    console.log(JSON.stringify({ ...bounds, ...explored }))
    expect(explored.states).toBeGreaterThan(10_000)
  })

  test('finds a planted mistake', async () => {
    const bug = planted.find(({ name }) => name.startsWith('nothing is compared'))
    if (bug === undefined) throw new Error('That planted mistake is gone.')
    await expect(
      explore({ faults: 0, crashes: 0, foreignWrites: 1 }, { tampering: bug.tampering }),
    ).rejects.toThrow(/Invariant 1/)
  })
})
