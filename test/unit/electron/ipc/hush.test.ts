import { expect, it } from 'vitest'
import { createHush } from '../../../../electron/ipc/hush'

it('what the page would be told while it is locked is told afterwards: of changes the last, messages all, commands none', () => {
  const told: unknown[] = []
  let locked = false
  const { emit, release } = createHush(
    (name, payload) => told.push([name, payload]),
    () => locked,
    new Set(['lock.changed']),
  )
  emit('history.changed', { generation: 1 })
  locked = true
  emit('lock.changed', { locked: true })
  emit('history.changed', { generation: 2 })
  emit('history.changed', { generation: 3 })
  emit('command', 'palette')
  emit('message', { tone: 'info', text: 'one' })
  emit('message', { tone: 'error', text: 'two' })
  const before = [
    ['history.changed', { generation: 1 }],
    ['lock.changed', { locked: true }],
  ]
  expect(told).toEqual(before)
  locked = false
  release()
  release()
  expect(told).toEqual([
    ...before,
    ['history.changed', { generation: 3 }],
    ['message', { tone: 'info', text: 'one' }],
    ['message', { tone: 'error', text: 'two' }],
  ])
})
