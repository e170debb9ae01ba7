import { expect, test } from 'vitest'
import { createChance } from './chance'
import type { CallFate } from './server'
import { createWorld, here, type World } from './world'

const prompt: CallFate = { landsAt: 20, answeredAt: 40, givesUpAt: 60_000 }
const group = ['u0', 'u1', 'u2', 'u3', 'u4', 'u5']
const userIds = [...group, 'late']

const save = (world: World, ids: readonly string[], base: string, mine: string): void => {
  for (const id of ids) world.checker.saving(here, id, [{ path: 'title', seen: base, mine }])
  world.inApp((engine) =>
    engine.add(
      here,
      ids.map((userId) => ({
        user: { serviceProviderId: 'sp', groupId: 'grp', userId },
        edits: [{ path: 'title', base, mine }],
      })),
    ),
  )
}

test('a list of the group from before an edit does not decide about it', async () => {
  const reads: string[] = []
  const world = createWorld({
    callFate: ({ kind, userId }) => {
      if (kind === 'GET' || kind === 'LIST') reads.push(`${kind} ${userId ?? ''}`.trim())
      return prompt
    },
    writeFate: () => 'kept',
    chance: createChance(1),
    userIds,
    startValues: () => ({ title: 'start', lastName: 'x', extension: '1' }),
    afterCrash: () => ({ ms: 1, keepPhantom: false }),
    callsPerSecond: 20,
  })
  const truth = world.truthOf(here.origin)
  world.boot()
  save(world, group, 'start', 'mine')
  await world.timeline.runTo(1_500)
  expect(reads[0]).toBe('LIST')

  // The list shows "start". Then somebody else writes, a person sees that, and puts "start" back.
  truth.set('late', 'title', 'foreign')
  save(world, ['late'], 'foreign', 'start')
  await world.timeline.runTo(60_000)

  expect(reads.filter((one) => one === 'GET late').length).toBeGreaterThan(0)
  expect(truth.record('late', 0).fields.title).toBe('start')
  expect(world.checker.violation()).toBeUndefined()
})
