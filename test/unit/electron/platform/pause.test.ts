import { describe, expect, it } from 'vitest'
import { createTurns } from '../../../../electron/platform/pause'

describe('turns', () => {
  it('are one for each who asks, in the order of asking', async () => {
    const ownTurn = createTurns()
    let turn = 0
    let counting = true
    const count = () => {
      turn++
      if (counting) setImmediate(count)
    }
    const told: [string, number][] = []
    const waiting = ['a', 'b', 'c'].map((name) => ownTurn().then(() => told.push([name, turn])))
    setImmediate(count)
    await Promise.all(waiting)
    counting = false
    expect(told.map(([name]) => name)).toEqual(['a', 'b', 'c'])
    expect(new Set(told.map(([, at]) => at)).size).toBe(3)
  })
})
