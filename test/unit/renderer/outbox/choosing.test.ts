// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest'
import { everythingSelected } from '../../../../renderer/grid/selection'

/** What waits, by id; the main process answers of it. */
let waiting: string[] = []
Object.assign(window, {
  gungnir: {
    outbox: {
      window: async ({ start, count }: { start: number; count: number }) => ({
        ok: true,
        value: {
          total: waiting.length,
          start,
          rows: waiting.slice(start, start + count).map((id) => ({
            id,
            state: 'queued',
            edits: [],
            userName: id,
            user: { userId: `${id}@acme.example` },
          })),
          paused: false,
          batches: [],
        },
      }),
    },
  },
})
const asked: string[] = []
vi.mock('../../../../renderer/ui/confirm', () => ({
  confirm: async ({ title }: { title: string }) => {
    asked.push(title)
    return false
  },
}))
const { choose, chosenIds, discard, outboxSource, useOutbox } = await import(
  '../../../../renderer/features/outbox/store'
)

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `e${at}`)

beforeEach(async () => {
  asked.length = 0
  await choose({ all: false, ids: new Set() })
  useOutbox.setState({ current: undefined })
})

test.each([2, 1_234])('all of %i are those that were in the list, not what arrives later', async (count) => {
  waiting = numbered(count)
  await outboxSource.reload('start')
  await choose(everythingSelected)
  waiting = [...waiting, 'conflict never seen']
  await outboxSource.reload('here')
  expect(chosenIds()).toEqual(numbered(count))
})

test('what has ended is chosen no more', async () => {
  waiting = ['a', 'b', 'c']
  await outboxSource.reload('start')
  await choose(everythingSelected)
  waiting = ['b', 'c', 'd']
  await outboxSource.reload('here')
  expect(chosenIds()).toEqual(['b', 'c'])
  waiting = []
  await outboxSource.reload('here')
  expect(chosenIds()).toEqual([])
})

test('one of all can be taken out, and the one under the cursor stands for no choice', async () => {
  waiting = ['a', 'b', 'c']
  await outboxSource.reload('start')
  await choose({ all: true, except: new Set(['b']) })
  expect(chosenIds()).toEqual(['a', 'c'])
  await choose({ all: false, ids: new Set() })
  useOutbox.setState({ current: 'b' })
  expect(chosenIds()).toEqual(['b'])
})

test('the question before a discard counts what is still there, in a long list too', async () => {
  waiting = numbered(1_234)
  await outboxSource.reload('start')
  await choose(everythingSelected)
  waiting = [...waiting.slice(1_000), 'conflict never seen']
  await discard(chosenIds())
  expect(asked).toEqual(['Discard 234 changes?'])
  waiting = ['conflict never seen']
  await discard(numbered(1_234))
  expect(asked).toHaveLength(1)
})
