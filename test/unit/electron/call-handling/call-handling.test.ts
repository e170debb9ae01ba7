import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createCallHandling } from '../../../../electron/features/call-handling/call-handling'
import { createCallCopies } from '../../../../electron/features/call-handling/copies'
import type { OdinResult, UserServices } from '../../../../electron/odin/types'
import { outboxRepository } from '../../../../electron/store/repositories/outbox'
import { servicesRepository } from '../../../../electron/store/repositories/services'
import { sightingsRepository } from '../../../../electron/store/repositories/sightings'
import { openStore } from '../../../../electron/store/store'
import { type ServiceId, serviceOf, services } from '../../../../shared/calls/catalogue'
import { normaliseService } from '../../../../shared/calls/normalise'
import type { OutboxEntry } from '../../../../shared/change/types'
import type { JsonObject } from '../../../../shared/json'
import type { UserRecord } from '../../../../shared/user/types'
import { entry, folder, key } from '../store/support'

const identity = { connectionId: 'c1', origin: 'https://odin.example/api/v2', account: 'admin' }
const ann = { serviceProviderId: 'sp', groupId: 'grp', userId: 'ann@x' }

const recordOf = (service: ServiceId, object: JsonObject): UserRecord => {
  const record = normaliseService(serviceOf(service), ann, { userId: 'ann@x', ...object })
  if (record === undefined) throw new Error('no record')
  return record
}

const never = (): Promise<never> => Promise.reject(new Error('not asked'))

const setUp = ({ online = true, waiting = [] as OutboxEntry[] } = {}) => {
  const store = openStore({ file: join(folder(), 'store.db'), key: key() })
  onTestFinished(() => store.close())
  const repository = servicesRepository(store)
  const sightings = sightingsRepository(store)
  const clock = { now: 1_000 }
  const now = { identity }
  let answer = (): Promise<OdinResult<UserServices>> => Promise.reject(new Error('not asked'))
  const outbox = outboxRepository(store)
  for (const each of waiting) outbox.put(each)
  const time = { mono: () => clock.now, wall: () => clock.now }
  const copies = createCallCopies({ store, clock: time, onStored: () => {} })
  const feature = createCallHandling({
    copies,
    clock: time,
    present: () => ({
      identity: now.identity,
      client: online
        ? { services: () => answer(), service: () => never(), serviceOfGroup: () => never() }
        : undefined,
    }),
    waitingFor: () => waiting,
  })
  const says = (found: Partial<Record<ServiceId, UserRecord>>): Promise<OdinResult<UserServices>> =>
    Promise.resolve({
      ok: true,
      status: 200,
      raw: '',
      value: {
        services: Object.fromEntries(services.map(({ id }) => [id, found[id]])) as UserServices['services'],
      },
    })
  return {
    now,
    copies,
    repository,
    sightings,
    clock,
    feature,
    answers: (found: Partial<Record<ServiceId, UserRecord>>) => {
      answer = () => says(found)
    },
    answersWith: (next: typeof answer) => {
      answer = next
    },
    says,
  }
}

const forwarding = (forwardToPhoneNumber: string | null, isActive = forwardToPhoneNumber !== null) =>
  recordOf('callForwardingAlways', {
    isActive,
    ...(forwardToPhoneNumber === null ? {} : { forwardToPhoneNumber }),
    isRingSplashActive: false,
  })

it('what is known to be empty is told from what was not read, and a service that is not assigned from both', async () => {
  const { feature, answers } = setUp()
  expect(await feature.of(ann, false)).toMatchObject({ fields: {}, services: {}, readAt: 0 })
  answers({ callForwardingAlways: forwarding(null) })
  const calls = await feature.of(ann, true)
  expect(calls.fields).toEqual({
    'callForwardingAlways.isActive': false,
    'callForwardingAlways.forwardToPhoneNumber': null,
    'callForwardingAlways.isRingSplashActive': false,
  })
  expect(calls.services.callForwardingAlways).toEqual({ assigned: true, readAt: 1_000 })
  expect(calls.services.doNotDisturb).toEqual({ assigned: false, readAt: 1_000 })
})

it('the copy is there without the server, and says why it is old', async () => {
  const { feature, repository } = setUp({ online: false })
  repository.put('c1', ann, 'callForwardingAlways', forwarding('4500'), 500)
  expect(await feature.of({ ...ann, userId: 'ANN@x' }, true)).toMatchObject({
    fields: { 'callForwardingAlways.forwardToPhoneNumber': '4500' },
    staleBecause: 'Not connected to the server.',
  })
})

it('what waits lies over the copy', async () => {
  const waiting = entry(1, {
    user: ann,
    service: 'callForwardingAlways',
    edits: [{ path: 'callForwardingAlways.isActive', base: false, mine: true }],
  })
  const { feature, answers } = setUp({ waiting: [waiting] })
  answers({ callForwardingAlways: forwarding(null) })
  expect((await feature.of(ann, true)).pending).toEqual({
    'callForwardingAlways.isActive': { old: false, new: true },
  })
})

it('a read that was asked for before a change was verified does not replace it', async () => {
  const { feature, copies, repository, clock, answersWith, says } = setUp()
  let send = (_found: Partial<Record<ServiceId, UserRecord>>): void => {}
  answersWith(
    () =>
      new Promise((resolve) => {
        send = (found) => void says(found).then(resolve)
      }),
  )
  const reading = feature.of(ann, true)
  clock.now += 50
  const verified = forwarding('4711')
  repository.put('c1', ann, 'callForwardingAlways', verified, clock.now)
  copies.stored('c1', verified)
  clock.now += 50
  send({ callForwardingAlways: forwarding('4500') })
  expect((await reading).fields['callForwardingAlways.forwardToPhoneNumber']).toBe('4711')
})

it('what somebody else has changed between two reads is kept, what is ours is not', async () => {
  const waiting = entry(1, {
    user: ann,
    service: 'callForwardingAlways',
    edits: [{ path: 'callForwardingAlways.isActive', base: false, mine: true }],
  })
  const { feature, answers, sightings } = setUp({ waiting: [waiting] })
  answers({ callForwardingAlways: forwarding('4500', false) })
  await feature.of(ann, true)
  answers({ callForwardingAlways: forwarding('4711', true) })
  await feature.of(ann, true)
  expect(sightings.ofUser('c1', 'ann@x').map(({ changes }) => changes)).toEqual([
    [{ path: 'callForwardingAlways.forwardToPhoneNumber', before: '4500', after: '4711' }],
  ])
})

it('an answer that comes when the connection leads to another server is not stored', async () => {
  const { feature, repository, now, answersWith, says } = setUp()
  answersWith(() => {
    now.identity = { ...identity, origin: 'https://other.example/api/v2' }
    return says({ callForwardingAlways: forwarding('4500') })
  })
  expect((await feature.of(ann, true)).staleBecause).toBe('Stopped.')
  expect(repository.ofUser('c1', ann)).toEqual([])
})
