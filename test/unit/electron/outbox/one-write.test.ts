import { describe, expect, it } from 'vitest'
import { DiskRefused } from '../../../../electron/features/outbox/engine/engine'
import type { OdinResult, PutAnswer } from '../../../../electron/odin/types'
import type { UserRecord } from '../../../../shared/user/types'
import { bench, failure, identity } from './bench'

const keys = { serviceProviderId: 'sp', groupId: 'grp', userId: 'ann' }
const rename = [{ path: 'lastName', base: 'Old', mine: 'New' }]

const withAnn = (options = {}) => {
  const b = bench(options)
  b.truth.set('ann', { lastName: 'Old', firstName: 'Ann', title: 'Clerk' })
  return b
}

describe('one write', () => {
  it('reads, records, sends only the changed field with the keys, and takes the answer as verification', async () => {
    const b = withAnn()
    b.save('ann', rename)
    await b.run(1000)
    expect(b.log.map(({ what }) => what)).toEqual(['GET', 'PUT'])
    expect(b.sent()).toEqual([{ ...keys, lastName: 'New' }])
    expect(b.memory.writes).toEqual(['save', 'attempt', 'settle'])
    expect(b.memory.entry('ann')?.state).toBe('done')
    expect(b.memory.history()).toMatchObject([
      {
        outcome: 'done',
        status: 200,
        preImage: { lastName: 'Old' },
        after: { lastName: 'New' },
        unguardedMs: 40,
      },
    ])
    expect(b.memory.users.get('ann')?.fields.lastName).toBe('New')
    expect(b.engine().size()).toBe(0)
  })

  it.each([
    ['0417', '417', { groupId: 417 }, 1],
    ['0417', '417', {}, 0],
    ['Sales', 'sales', {}, 1],
    ['0417', '418', { groupId: 418 }, 0],
  ])('of a user of group %s, whose record says %s %o, is sent %i times', async (was, told, fields, times) => {
    const b = withAnn()
    b.reads.push(() => {
      const record = b.recordOf('ann')
      const moved = {
        ...record,
        key: { ...record.key, groupId: told },
        fields: { ...record.fields, ...fields },
      }
      return { ok: true, value: moved, status: 200, raw: '{}' }
    })
    b.engine().add(identity, [{ user: { ...keys, groupId: was }, edits: rename }])
    await b.run(1000)
    expect(b.sent()).toHaveLength(times)
    if (times === 0) expect(b.memory.entry('ann')).toMatchObject({ state: 'parked' })
  })

  it('sends nothing when the server already has it', async () => {
    const b = withAnn()
    b.truth.set('ann', { lastName: 'New' })
    b.save('ann', rename)
    await b.run(1000)
    expect(b.sent()).toEqual([])
    expect(b.memory.entry('ann')).toMatchObject({ state: 'done', why: expect.stringContaining('Already so') })
  })

  it('holds a field that somebody else has changed, and sends the others', async () => {
    const b = withAnn()
    b.truth.set('ann', { lastName: 'Theirs', title: 'Clerk' })
    b.save('ann', [...rename, { path: 'title', base: 'Clerk', mine: 'Chief' }])
    await b.run(1000)
    expect(b.sent()).toEqual([{ ...keys, title: 'Chief' }])
    expect(b.memory.entry('ann')).toMatchObject({
      state: 'conflict',
      edits: [{ path: 'lastName' }],
      conflicts: [{ path: 'lastName', base: 'Old', theirs: 'Theirs', mine: 'New' }],
    })
  })

  it('edited back while its PUT waits for a turn is held against what the read has shown', async () => {
    const b = withAnn({ callsPerSecond: 1 })
    b.truth.set('ann', { lastName: 'Theirs', title: 'Clerk' })
    b.save('ann', [...rename, { path: 'title', base: 'Clerk', mine: 'Chief' }])
    await b.run(500)
    expect(b.log.map(({ what }) => what)).toEqual(['GET'])
    b.save('ann', [{ path: 'lastName', base: 'New', mine: 'Old' }])
    await b.run(10_000)
    expect(b.sent()).toEqual([{ ...keys, title: 'Chief' }])
    expect(b.memory.entry('ann')).toMatchObject({
      state: 'conflict',
      conflicts: [{ path: 'lastName', base: 'Old', theirs: 'Theirs', mine: 'Old' }],
    })
  })

  it('and another one of the same user, however the id is spelt, are one', async () => {
    const b = withAnn()
    b.truth.set('ANN', { lastName: 'Old', title: 'Clerk' })
    b.hang(({ what }) => what === 'PUT')
    b.save('ann', rename)
    await b.run(1000)
    b.save('ANN', [{ path: 'title', base: 'Clerk', mine: 'Chief' }])
    b.save('Ann', [{ path: 'firstName', base: 'Ann', mine: 'Anna' }])
    await b.run(60_000)
    expect(b.sent()).toEqual([{ ...keys, lastName: 'New' }])
    expect(b.engine().ofUser(identity.origin, 'aNN')).toHaveLength(2)
  })

  describe('over a parking number', () => {
    const detoured = (theirs: string) => {
      const b = bench()
      b.truth.set('ann', { extension: theirs })
      b.engine().setPaused(true)
      b.save('ann', [{ path: 'extension', base: '100', mine: '200' }])
      const [entry] = b.memory.all()
      expect(b.engine().detour(entry?.id ?? '', 'extension', '999')).toBe(true)
      return b
    }
    const go = async (b: ReturnType<typeof bench>) => {
      b.engine().setPaused(false)
      await b.run(60_000)
    }
    const clash = {
      state: 'conflict',
      conflicts: [{ path: 'extension', base: '100', theirs: '999', mine: '200' }],
    }

    it('takes both steps', async () => {
      const b = detoured('100')
      await go(b)
      expect(b.sent().map((body) => body?.extension)).toEqual(['999', '200'])
    })

    it('does not go over that number when somebody else has given it', async () => {
      const b = detoured('999')
      await go(b)
      expect(b.sent()).toEqual([])
      expect(b.memory.all()).toMatchObject([{ state: 'done' }, clash])
    })

    it('does not take the second step as if the first, discarded, had been made', async () => {
      const b = detoured('999')
      const [first] = b.memory.all()
      b.engine().discard([first?.id ?? ''])
      await go(b)
      expect(b.sent()).toEqual([])
      expect(b.memory.all()).toMatchObject([{ state: 'cancelled' }, clash])
    })

    it('takes a newer edit into the second step', async () => {
      const b = detoured('100')
      b.save('ann', [{ path: 'extension', base: '200', mine: '300' }])
      await go(b)
      expect(b.sent().map((body) => body?.extension)).toEqual(['999', '300'])
    })
  })

  describe('that a person gives up', () => {
    const discard = (b: ReturnType<typeof bench>, sentToo: boolean) =>
      b.engine().discard(
        b.memory.all().map(({ id }) => id),
        { sentToo },
      )

    it('after its answer was lost goes for good; history says what is not known, and no copy is overtaken', async () => {
      const b = withAnn()
      b.puts.push(() => failure('unknown'))
      b.save('ann', rename)
      await b.run(1000)
      expect(b.memory.entry('ann')?.state).toBe('unknown')
      expect(discard(b, false)).toBe(0)
      expect(b.engine().size()).toBe(1)
      expect(discard(b, true)).toBe(1)
      expect(b.engine().size()).toBe(0)
      expect(b.memory.entry('ann')).toMatchObject({
        state: 'cancelled',
        why: expect.stringMatching(/may not have/),
      })
      expect(b.memory.history()).toMatchObject([
        {
          outcome: 'unknown',
          lingering: true,
          words: expect.stringMatching(/may or may not have carried it out/),
        },
      ])
      b.save('ann', [{ path: 'lastName', base: 'Old', mine: 'Newer' }])
      await b.run(80_000)
      expect(b.sent()).toHaveLength(1)
      await b.run(20_000)
      expect(b.sent()).toHaveLength(2)
      expect(b.truth.get('ann')).toMatchObject({ lastName: 'Newer' })
    })

    it('while its request is out keeps the user from being written to until that can land no more', async () => {
      const b = withAnn()
      let answer = (): void => {}
      b.puts.push(() => new Promise((resolve) => (answer = () => resolve(failure('unknown')))))
      b.save('ann', rename)
      await b.run(1000)
      expect(b.memory.entry('ann')?.state).toBe('inflight')
      expect(discard(b, true)).toBe(1)
      b.save('ann', [{ path: 'title', base: 'Clerk', mine: 'Chief' }])
      await b.run(60_000)
      answer()
      await b.run(80_000)
      expect(b.sent()).toHaveLength(1)
      await b.run(20_000)
      expect(b.sent()).toEqual([
        { ...keys, lastName: 'New' },
        { ...keys, title: 'Chief' },
      ])
      expect(b.engine().size()).toBe(0)
    })

    it('leaves what was edited behind it, made over what the discarded one was made over', async () => {
      const b = withAnn()
      b.puts.push(() => failure('unknown'))
      b.save('ann', rename)
      await b.run(1000)
      b.save('ann', [{ path: 'lastName', base: 'New', mine: 'Newest' }])
      const [first] = b.memory.all()
      expect(b.engine().discard([first?.id ?? ''], { sentToo: true })).toBe(1)
      await b.run(200_000)
      expect(b.sent()).toEqual([
        { ...keys, lastName: 'New' },
        { ...keys, lastName: 'Newest' },
      ])
      expect(b.engine().size()).toBe(0)
    })

    it('is kept, and settled, when the disk refuses to forget any of them', async () => {
      const b = withAnn()
      b.truth.set('bob', { lastName: 'Old' })
      b.puts.push(() => failure('unknown'))
      b.save('ann', rename)
      await b.run(1000)
      b.engine().setPaused(true)
      b.save('bob', rename)
      b.memory.refuseWhen(() => true)
      expect(() => discard(b, true)).toThrow(DiskRefused)
      b.memory.refuseWhen(undefined)
      expect(b.engine().size()).toBe(2)
      b.engine().setPaused(false)
      await b.run(300_000)
      expect(b.engine().size()).toBe(0)
      expect(b.truth.get('ann')).toMatchObject({ lastName: 'New' })
      expect(b.truth.get('bob')).toMatchObject({ lastName: 'New' })
    })

    it('while the server is away for good is not looked for any more', async () => {
      const b = withAnn()
      b.puts.push(() => failure('unknown'))
      b.save('ann', rename)
      await b.run(1000)
      b.hang(() => true)
      await b.run(200_000)
      discard(b, true)
      b.hang(() => false)
      const calls = b.log.length
      await b.run(1_000_000)
      expect(b.log.slice(calls).filter(({ what }) => what !== 'SESSION')).toEqual([])
    })
  })

  describe.each([{ countsSleep: true }, { countsSleep: false }])('of a computer that sleeps %o', (clocks) => {
    const asleepFor = 63_000

    it('is not made on the strength of a read from before', async () => {
      const b = bench({}, clocks)
      b.truth.set('ann', { lastName: 'Old' })
      b.save('ann', rename)
      // The read is on its way back; the PUT waits for its turn.
      b.reads.push(() => {
        const old = b.recordOf('ann')
        queueMicrotask(() => {
          b.sleep(asleepFor)
          b.truth.set('ann', { lastName: 'Theirs' })
        })
        return { ok: true, value: old, status: 200, raw: '{}' }
      })
      await b.run(5000)
      expect(b.sent()).toEqual([])
      expect(b.memory.entry('ann')).toMatchObject({ state: 'conflict', conflicts: [{ theirs: 'Theirs' }] })
    })

    it('says in the history how long nobody could see others, sleep included', async () => {
      const b = bench({}, clocks)
      b.truth.set('ann', { lastName: 'Old' })
      b.puts.push((body) => {
        b.sleep(asleepFor)
        b.apply(body)
        return b.accepted(body)
      })
      b.save('ann', rename)
      await b.run(1000)
      expect(b.memory.history()).toMatchObject([{ outcome: 'done', unguardedMs: asleepFor + 40 }])
    })
  })

  describe('of a field that nobody has read', () => {
    const titled = [{ path: 'title', mine: 'Chief' }]

    it('fills what is empty on the server', async () => {
      const b = withAnn()
      b.truth.set('ann', { lastName: 'Old' })
      b.save('ann', titled)
      await b.run(1000)
      expect(b.sent()).toEqual([{ ...keys, title: 'Chief' }])
      expect(b.memory.entry('ann')?.state).toBe('done')
    })

    it('replaces nothing, and does not say that somebody else has changed it', async () => {
      const b = withAnn()
      b.save('ann', titled)
      await b.run(1000)
      expect(b.sent()).toEqual([])
      expect(b.memory.entry('ann')).toMatchObject({
        state: 'conflict',
        why: 'You had not seen the value of Title on the server: it is “Clerk”. Choose which value is to stay.',
      })
    })

    it('keeps the edit that comes back to an earlier one of the person, whatever was shown as the old value', async () => {
      const b = withAnn({ settleMs: 5000 })
      b.truth.set('ann', { lastName: 'Old' })
      b.puts.push(() => failure('unknown', { cause: 'timeout' }))
      b.save('ann', rename)
      await b.run(1000)
      // Nothing else is sent for this user while the other change is settled.
      b.save('ann', titled)
      b.save('ann', [{ path: 'title', base: 'Chief', mine: 'Head' }])
      b.save('ann', [{ path: 'title', base: 'Head', mine: 'Chief' }])
      await b.run(60_000)
      expect(b.truth.get('ann')?.title).toBe('Chief')
    })
  })

  it('lets a person keep mine over the value shown, and conflicts again over a third', async () => {
    const b = withAnn()
    b.truth.set('ann', { lastName: 'Theirs' })
    b.save('ann', rename)
    await b.run(1000)
    const id = b.memory.entry('ann')?.id ?? ''
    b.truth.set('ann', { lastName: 'Third' })
    b.engine().resolve(id, [{ path: 'lastName', theirs: 'Theirs', value: 'New' }])
    await b.run(1000)
    expect(b.memory.entry('ann')).toMatchObject({
      state: 'conflict',
      conflicts: [{ base: 'Theirs', theirs: 'Third' }],
    })
    expect(b.sent()).toEqual([])
    b.engine().resolve(id, [{ path: 'lastName', theirs: 'Third', value: 'New' }])
    await b.run(1000)
    expect(b.sent()).toEqual([{ ...keys, lastName: 'New' }])
    expect(b.memory.entry('ann')?.state).toBe('done')
  })

  it('reads the user when the answer only echoes, and again while it shows the old value', async () => {
    const b = withAnn()
    b.puts.push((body) => {
      b.timeline.in(1500, () => b.apply(body))
      return { ok: true, value: { json: body }, status: 200, raw: '{}' }
    })
    b.save('ann', rename)
    await b.run(300)
    expect(b.memory.entry('ann')?.state).toBe('verifying')
    await b.run(20_000)
    expect(b.log.map(({ what }) => what)).toEqual(['GET', 'PUT', 'GET', 'GET', 'GET'])
    expect(b.log.map(({ at }) => at)).toEqual([0, 20, 40, 540, 2040])
    expect(b.memory.entry('ann')?.state).toBe('done')
  })

  it('says "accepted but not kept" after the last re-read', async () => {
    const b = withAnn()
    b.puts.push((body) => b.accepted(body))
    b.save('ann', rename)
    await b.run(30_000)
    expect(b.memory.entry('ann')).toMatchObject({
      state: 'parked',
      why: expect.stringContaining('did not keep it'),
    })
    expect(b.memory.history()).toMatchObject([{ outcome: 'not-kept' }])
    expect(b.log.filter(({ what }) => what === 'GET')).toHaveLength(4)
  })

  it('says what the server made of the value, and that somebody came in between', async () => {
    const b = withAnn()
    b.puts.push((body) => {
      b.apply({ ...body, lastName: 'NEW' })
      return b.accepted(body)
    })
    b.save('ann', rename)
    await b.run(1000)
    expect(b.memory.history()).toMatchObject([
      { outcome: 'normalised', words: expect.stringContaining('“NEW”') },
    ])
    await b.run(20_000)
    b.puts.push((body) => {
      b.apply({ ...body, title: 'Somebody else' })
      return b.accepted(body)
    })
    b.save('ann', [{ path: 'title', base: 'Clerk', mine: 'Chief' }])
    await b.run(1000)
    expect(b.memory.history()[1]).toMatchObject({ outcome: 'superseded', after: { title: 'Somebody else' } })
    expect(b.memory.all()[1]?.state).toBe('superseded')
  })

  it.each([
    ['and something else since', 'Clerk', ['firstName', 'title']],
    ['and something else since, all others kept', 'Chief', ['firstName']],
  ])(
    'a value that reads showed not to be kept, %s, is no value of ours that was written over',
    async (_, title, left) => {
      const b = withAnn()
      b.puts.push((body) => {
        b.truth.set('ann', { lastName: 'New', firstName: 'Ann', title })
        return { ok: true, value: { json: body }, status: 200, raw: '{}' }
      })
      b.save('ann', [
        ...rename,
        { path: 'firstName', base: 'Ann', mine: 'Anna' },
        { path: 'title', base: 'Clerk', mine: 'Chief' },
      ])
      await b.run(1000)
      b.truth.set('ann', { lastName: 'New', firstName: 'Theirs', title })
      await b.run(20_000)
      expect(b.memory.entry('ann')).toMatchObject({
        state: 'conflict',
        edits: left.map((path) => ({ path })),
        conflicts: [{ path: 'firstName', base: 'Ann', theirs: 'Theirs', mine: 'Anna' }],
      })
      expect(b.memory.history().at(-1)).toMatchObject({ outcome: 'partial' })
    },
  )

  it('keeps a refused change with the server’s reason, and a part that was applied leaves it', async () => {
    const b = withAnn()
    const refusal = failure('refused', {
      status: 400,
      code: '4202',
      text: '[Error 4202] Extension is already assigned',
    })
    b.puts.push(() => refusal)
    b.save('ann', [...rename, { path: 'extension', base: null, mine: '1234' }])
    await b.run(1000)
    expect(b.memory.entry('ann')).toMatchObject({ state: 'rejected', why: expect.stringContaining('4202') })
    expect(b.memory.history()).toMatchObject([{ outcome: 'rejected', errorCode: '4202', status: 400 }])
    b.puts.push((body) => {
      b.apply({ ...keys, lastName: body.lastName ?? null })
      return refusal
    })
    b.engine().retry([b.memory.entry('ann')?.id ?? ''])
    await b.run(1000)
    expect(b.memory.entry('ann')).toMatchObject({ state: 'partial', edits: [{ path: 'extension' }] })
  })

  it('retries what certainly never left, and pauses when a log-in page answers', async () => {
    const b = withAnn()
    b.puts.push(() => failure('not-sent', { cause: 'refused' }))
    b.save('ann', rename)
    await b.run(30_000)
    expect(b.sent()).toHaveLength(2)
    expect(b.memory.entry('ann')?.state).toBe('done')
    expect(b.memory.history().map(({ outcome }) => outcome)).toEqual(['not-applied', 'done'])
  })

  it('settles a lost answer by one read when all of it is there', async () => {
    const b = withAnn()
    b.puts.push((body) => {
      b.apply(body)
      return failure('unknown', { cause: 'reset' })
    })
    b.save('ann', rename)
    await b.run(1000)
    expect(b.sent()).toHaveLength(1)
    expect(b.memory.entry('ann')).toMatchObject({
      state: 'done',
      why: expect.stringContaining('answer had been lost'),
    })
    // The request, or a copy of it, may still be on its way: nothing else goes to this user meanwhile.
    b.save('ann', [{ path: 'title', base: 'Clerk', mine: 'Chief' }])
    await b.run(80_000)
    expect(b.sent()).toHaveLength(1)
    await b.run(15_000)
    expect(b.sent()).toHaveLength(2)
  })

  it('waits out the settle time before a lost request is sent again', async () => {
    const b = withAnn()
    b.puts.push(() => failure('unknown', { cause: 'timeout' }))
    b.save('ann', rename)
    await b.run(89_000)
    expect(b.sent()).toHaveLength(1)
    expect(b.memory.entry('ann')?.state).toBe('unknown')
    await b.run(5_000)
    expect(b.sent()).toHaveLength(2)
    expect(b.memory.history().map(({ outcome }) => outcome)).toEqual(['not-applied', 'done'])
  })

  it('settles in full after a restart', async () => {
    const b = withAnn()
    b.puts.push(() => new Promise(() => {}))
    b.save('ann', rename)
    await b.run(1000)
    expect(b.memory.entry('ann')?.state).toBe('inflight')
    b.restart()
    await b.run(89_000)
    expect(b.memory.entry('ann')?.state).toBe('unknown')
    await b.run(5_000)
    expect(b.memory.entry('ann')?.state).toBe('done')
    expect(b.sent()).toHaveLength(2)
  })

  it('sends nothing that it could not record, and refuses a save that it cannot keep', async () => {
    const b = withAnn()
    b.memory.refuseWhen(({ what }) => what === 'attempt')
    b.save('ann', rename)
    await b.run(10_000)
    expect(b.sent()).toEqual([])
    const entry = b.memory.entry('ann')
    expect(entry && b.engine().view(entry)).toMatchObject({
      state: 'held',
      why: expect.stringContaining('full'),
    })
    b.memory.refuseWhen(() => true)
    expect(() => b.save('bob', rename)).toThrow(DiskRefused)
    b.memory.refuseWhen(undefined)
    await b.run(60_000)
    expect(b.sent()).toHaveLength(1)
    expect(b.memory.all()).toHaveLength(1)
  })

  it('keeps the result of a PUT in hand until the disk takes it', async () => {
    const b = withAnn()
    b.memory.refuseWhen(({ what }) => what === 'settle')
    b.save('ann', rename)
    await b.run(10_000)
    expect(b.memory.entry('ann')?.state).toBe('inflight')
    b.memory.refuseWhen(undefined)
    await b.run(60_000)
    expect(b.memory.entry('ann')?.state).toBe('done')
    expect(b.sent()).toHaveLength(1)
  })
})

describe('who is signed in', () => {
  it('waits for one sign-in after a 401 and uses no attempt up', async () => {
    const b = withAnn()
    b.puts.push(() => failure('unauthorized', { status: 401 }))
    b.save('ann', rename)
    await b.run(5000)
    expect(b.memory.entry('ann')?.state).toBe('done')
    expect(b.memory.history().map(({ outcome }) => outcome)).toEqual(['not-applied', 'done'])
  })

  it('sends nothing made under another account', async () => {
    const b = withAnn()
    b.signIn({ ...identity, account: 'other' })
    b.save('ann', rename)
    await b.run(100_000)
    expect(b.log).toEqual([])
    const entry = b.memory.entry('ann')
    expect(entry && b.engine().view(entry)).toMatchObject({
      state: 'held',
      why: expect.stringContaining('admin'),
    })
    b.signIn(identity)
    await b.run(1000)
    expect(b.sent()).toHaveLength(1)
  })

  it('takes a bare 403 of which nobody could ask what it means for neither a lost session nor a refusal for good', async () => {
    const b = withAnn()
    b.puts.push(() => failure('forbidden-or-signed-out', { status: 403, text: 'Forbidden' }))
    b.save('ann', rename)
    await b.run(400)
    expect(b.memory.entry('ann')?.state).toBe('waiting')
    await b.run(5000)
    expect(b.memory.history().map(({ outcome }) => outcome)).toEqual(['not-applied', 'done'])
    expect(b.log.map(({ what }) => what)).toContain('SESSION')
  })
})

describe('editing', () => {
  it('merges into what waits: earliest base, newest mine, and back at base drops out', async () => {
    const b = withAnn()
    b.engine().setPaused(true)
    b.save('ann', rename)
    b.save('ann', [{ path: 'lastName', base: 'New', mine: 'Newer' }])
    expect(b.memory.all()).toMatchObject([{ edits: [{ base: 'Old', mine: 'Newer' }] }])
    b.save('ann', [{ path: 'lastName', base: 'Newer', mine: 'Old' }])
    expect(b.memory.all()).toMatchObject([{ state: 'cancelled' }])
    await b.run(1000)
    expect(b.log).toEqual([])
  })

  it('makes a new entry behind one in flight, ten seconds apart on the same field', async () => {
    const b = withAnn()
    b.save('ann', rename)
    await b.run(30)
    expect(b.memory.entry('ann')?.state).toBe('inflight')
    b.save('ann', [{ path: 'lastName', base: 'Old', mine: 'Newer' }])
    expect(b.memory.all()[1]).toMatchObject({ edits: [{ base: 'New', mine: 'Newer' }] })
    await b.run(60_000)
    const puts = b.log.filter(({ what }) => what === 'PUT')
    expect(puts.map(({ body }) => body?.lastName)).toEqual(['New', 'Newer'])
    expect((puts[1]?.at ?? 0) - (puts[0]?.at ?? 0)).toBeGreaterThanOrEqual(10_000)
    expect(b.truth.get('ann')?.lastName).toBe('Newer')
  })

  it('joins a change behind with one that was not done', async () => {
    const b = withAnn()
    b.puts.push(() => failure('refused', { status: 400, text: 'No.' }))
    b.save('ann', rename)
    await b.run(30)
    b.save('ann', [{ path: 'lastName', base: 'New', mine: 'Newer' }])
    await b.run(30_000)
    expect(b.sent().map((body) => body?.lastName)).toEqual(['New', 'Newer'])
    expect(b.memory.all().map(({ state }) => state)).toEqual(['done', 'superseded'])
  })
})

describe('a read afterwards that does not show what was sent', () => {
  it.each<[string, () => OdinResult<PutAnswer>]>([
    ['accepted', () => ({ ok: true, value: { json: {} }, status: 200, raw: '{}' })],
    ['busy', () => failure('busy', { status: 503 })],
    ['refused', () => failure('refused', { status: 400, text: '[Error 6004] No' })],
  ])('makes nothing done or queued that was %s: it is a person’s matter', async (_how, answer) => {
    const b = bench()
    b.truth.set('ann', { lastName: 'Old', title: 'Clerk' })
    b.puts.push(answer)
    const odd = (): OdinResult<UserRecord> => {
      const { fields, ...record } = b.recordOf('ann')
      const { lastName: _lastName, ...rest } = fields
      const value = { ...record, fields: rest, extra: { lastName: { odd: true } } }
      return { ok: true, value, status: 200, raw: '{}' }
    }
    b.reads.push(
      () => ({ ok: true, value: b.recordOf('ann'), status: 200, raw: '{}' }),
      ...Array(9).fill(odd),
    )
    b.save('ann', rename)
    await b.run(60_000)
    const [entry] = [...b.engine().live()]
    expect(entry).toMatchObject({ state: 'parked', edits: rename })
    expect(b.sent()).toHaveLength(1)
    expect(b.memory.history()).toMatchObject([{ outcome: 'unknown' }])
  })
})

describe('several users', () => {
  it('never starts more calls in a second than allowed, and shares the read of a group', async () => {
    const b = bench()
    for (let i = 0; i < 40; i++) b.truth.set(`u${i}`, { lastName: 'Old' })
    b.engine().add(
      identity,
      [...b.truth.keys()].map((userId) => ({ user: { ...keys, userId }, edits: rename })),
    )
    await b.run(11_000)
    expect(b.sent()).toHaveLength(40)
    const starts = b.log.map(({ at }) => at)
    for (let i = 5; i < starts.length; i++)
      expect((starts[i] ?? 0) - (starts[i - 5] ?? 0)).toBeGreaterThanOrEqual(1000)
    expect(b.log.length).toBeLessThan(48)
    expect(Math.max(...starts)).toBeLessThan(10_000)
  })

  it('lets one user’s conflict delay nobody else', async () => {
    const b = bench()
    for (const userId of ['a', 'b', 'c']) b.truth.set(userId, { lastName: userId === 'a' ? 'Theirs' : 'Old' })
    b.engine().add(
      identity,
      ['a', 'b', 'c'].map((userId) => ({ user: { ...keys, userId }, edits: rename })),
    )
    await b.run(2000)
    expect(b.sent().map((body) => body?.userId)).toEqual(['b', 'c'])
  })

  it('parks at the fifth server error', async () => {
    const b = withAnn({ settleMs: 1000 })
    for (let i = 0; i < 9; i++) b.puts.push(() => failure('unknown', { status: 500, cause: 'server-error' }))
    b.save('ann', rename)
    await b.run(600_000)
    expect(b.sent()).toHaveLength(5)
    expect(b.memory.entry('ann')).toMatchObject({
      state: 'parked',
      why: expect.stringContaining('five times'),
    })
  })
})
