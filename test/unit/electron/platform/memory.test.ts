import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { giveBackMemory } from '../../../../electron/platform/memory'

// What it returns to the system is looked at in the real app: the runtime of these tests is another one.
it('leaves scripts without a way to do the same', () => {
  giveBackMemory()
  giveBackMemory()
  expect(runInNewContext('typeof gc')).toBe('undefined')
})
