import { beforeEach, describe, expect, it } from 'vitest'
import { createArrivals } from '../../../../electron/features/outbox/arrivals'
import { createOutbox } from '../../../../electron/features/outbox/outbox'
import type { UnsentChange, UnsentFile } from '../../../../electron/features/outbox/transfer'
import { systemClock } from '../../../../electron/platform/clock'
import { createPause } from '../../../../electron/platform/pause'
import { systemRandom } from '../../../../electron/platform/random'
import type { Identity } from '../../../../electron/server/identity'
import { createPaces } from '../../../../electron/server/pace'
import { settingsRepository } from '../../../../electron/store/repositories/settings'
import { openMemoryStore } from '../../../../electron/store/store'
import { silent } from '../../../simulation/real-outbox'
import { unreachable } from './unreachable'

const keyOf = (userId: string) => ({ serviceProviderId: 'acme', groupId: 'sales', userId })
const change = (userId: string, ...edits: UnsentChange['edits']): UnsentChange => ({
  user: keyOf(userId),
  edits,
})
const title = (base: string | null, mine: string | null) => ({ path: 'title', base, mine })

let outbox: ReturnType<typeof createOutbox>
let identity: Identity
let arrivals: ReturnType<typeof createArrivals>

beforeEach(() => {
  const clock = systemClock()
  const random = systemRandom(clock)
  const store = openMemoryStore()
  const baseUrl = 'http://127.0.0.1:1/api/v2'
  const server = unreachable({ connectionId: 'a', origin: baseUrl, account: 'admin' }, clock, random)
  outbox = createOutbox({
    store,
    clock,
    random,
    log: silent,
    settings: settingsRepository(store),
    paces: createPaces(clock),
    connections: {
      server: () => server,
      setWorkOffline: () => {},
      onChange: () => () => {},
    },
    emit: () => {},
  })
  identity = outbox.identity() as Identity
  arrivals = createArrivals({ outbox, newId: random.id, pause: () => createPause(clock.mono, 8) })
})

const file = (...changes: UnsentFile['changes']): UnsentFile => ({
  name: 'unsent.json',
  format: 'gungnir-unsent',
  version: 1,
  origin: identity.origin,
  account: identity.account,
  madeAt: 5,
  madeBy: 'ben at desk-2',
  changes,
})
const open = (...changes: UnsentFile['changes']) => arrivals.open(file(...changes), identity)
const waits = () => outbox.own().entries.map(({ user, edits }) => [user.userId, edits])

describe('a file of unsent changes', () => {
  it('opens as a plan: who made it, what it would change, and nothing is saved before a yes', async () => {
    const plan = await open(change('ana', title('Nurse', 'Chief')), change('ben', title(null, 'Clerk')))
    expect(plan).toMatchObject({
      madeBy: 'ben at desk-2',
      madeAt: 5,
      account: 'admin',
      changes: 2,
      fields: 2,
    })
    expect(plan.first[0]).toMatchObject({ at: 0, userName: 'ana', edits: [title('Nurse', 'Chief')] })
    expect(waits()).toEqual([])
    expect(await arrivals.save({ id: plan.id, without: [1], take: [] })).toMatchObject({ saved: 1, of: 1 })
    expect(waits()).toEqual([['ana', [title('Nurse', 'Chief')]]])
  })

  it('never replaces what waits here unseen: both are shown, and a person decides', async () => {
    outbox.save({ changes: [{ user: keyOf('ana'), edits: [title('Nurse', 'Newer')] }] })
    const older = change('ana', title('Nurse', 'Older'), { path: 'firstName', base: 'A', mine: 'Ana' })
    const plan = await open(older)
    expect(plan.clashes).toBe(1)
    expect(plan.first[0]?.edits[0]).toMatchObject({ mine: 'Older', here: { mine: 'Newer' } })
    // By itself it is what waits here that stays; the other field comes in.
    expect(await arrivals.save({ id: plan.id, without: [], take: [] })).toMatchObject({ saved: 1 })
    expect(waits()).toEqual([
      ['ana', [title('Nurse', 'Newer'), { path: 'firstName', base: 'A', mine: 'Ana' }]],
    ])

    const again = await open(older)
    await arrivals.save({ id: again.id, without: [], take: [{ at: 0, path: 'title' }] })
    expect(waits()[0]?.[1]).toContainEqual(title('Nurse', 'Older'))
  })

  it('leaves what was saved here while the plan was read', async () => {
    const plan = await open(change('ana', title('Nurse', 'Older')))
    outbox.save({ changes: [{ user: keyOf('ana'), edits: [title('Nurse', 'Newer')] }] })
    const result = await arrivals.save({ id: plan.id, without: [], take: [] })
    expect(result).toMatchObject({ saved: 0, of: 1, firstLeftOut: [{ who: 'ana' }] })
    expect(waits()).toEqual([['ana', [title('Nurse', 'Newer')]]])
  })

  it('says of each change what has become of it, when one is refused', async () => {
    const extension = (userId: string) => change(userId, { path: 'extension', base: null, mine: '4711' })
    const plan = await open(
      extension('ana'),
      extension('ben'),
      change('cem', { path: 'nonsense', mine: 1 }),
      change('dan', title(null, 'Clerk')),
      'user: not as expected',
    )
    expect(plan.changes).toBe(3)
    expect(plan.firstLeftOut.map(({ who, why }) => `${who}: ${why}`)).toEqual([
      'cem: cem: “nonsense” is not a field of a user.',
      'Change 5 of the file: It cannot be read: user: not as expected.',
    ])
    const result = await arrivals.save({ id: plan.id, without: [], take: [] })
    expect(result).toMatchObject({ saved: 2, of: 3, leftOut: 1 })
    expect(result.firstLeftOut[0]?.who).toBe('ben')
    expect(result.firstLeftOut[0]?.why).toContain('would be given to both ana and ben')
    expect(waits().map(([userId]) => userId)).toEqual(['ana', 'dan'])
  })

  it.each([
    ['as what is wanted', title(null, 'x'.repeat(3_000_000))],
    ['as what was there', title('x'.repeat(3_000_000), 'Clerk')],
    [
      'as one of very many',
      { path: 'aliases', base: null, mine: Array.from({ length: 9_000 }, () => 'a@x') },
    ],
  ])(
    'leaves out by name what holds more than a field can, %s; the page does not get it in either',
    async (_, edit) => {
      const plan = await open(change('ana', edit), change('ben', title(null, 'Clerk')))
      expect(plan).toMatchObject({ changes: 1, leftOut: 1, firstLeftOut: [{ who: 'ana' }] })
      expect(plan.firstLeftOut[0]?.why).toContain('a value that is larger than a field can be')
      const byPage = () => outbox.save({ changes: [{ user: keyOf('ana'), edits: [edit] }] })
      expect(byPage).toThrow('a value that is larger than a field can be')
      expect(waits()).toEqual([])
    },
  )

  it('keeps that the server may have moved, and says which changes have nothing to send', async () => {
    const back = { ...title('A', 'A'), moved: true as const }
    const plan = await open(change('ana', back), change('ben', title('A', 'A')))
    expect(plan).toMatchObject({ changes: 1, leftOut: 1 })
    expect(plan.firstLeftOut[0]?.why).toContain('nothing to send')
    await arrivals.save({ id: plan.id, without: [], take: [] })
    expect(waits()).toEqual([['ana', [back]]])
    const again = await open(change('ana', back))
    expect(again).toMatchObject({ changes: 0, firstLeftOut: [{ why: 'The same waits here already.' }] })
  })

  it('holds two changes of one user that build on each other, and more than one portion', async () => {
    const many = Array.from({ length: 1_200 }, (_, at) => change(`user${at}`, title(null, 'Clerk')))
    const plan = await open(change('ana', title('A', 'B')), ...many, {
      ...change('ana', title('B', 'C')),
      reason: 'T-2',
    })
    expect(plan.first.length).toBeLessThan(plan.changes)
    expect(await arrivals.save({ id: plan.id, without: [], take: [] })).toMatchObject({
      saved: 1_202,
      leftOut: 0,
    })
    expect(waits()[0]).toEqual(['ana', [title('A', 'C')]])
    expect(outbox.counts().waiting).toBe(1_201)
  })

  it('of another account or server is refused by name, and one that was closed is not saved', async () => {
    await expect(arrivals.open({ ...file(), account: 'tech' }, identity)).rejects.toThrow('made as tech')
    const plan = await open(change('ana', title('A', 'B')))
    arrivals.cancel(plan.id)
    await expect(arrivals.save({ id: plan.id, without: [], take: [] })).rejects.toThrow('not open any more')
  })
})
