import { beforeEach, describe, expect, it } from 'vitest'
import { createNotices, type Message } from '../../../../electron/features/outbox/notices'
import { isTroubled } from '../../../../shared/change/machine'
import type { OutboxEntry } from '../../../../shared/change/types'

const entry = (id: string, state: OutboxEntry['state'], more: Partial<OutboxEntry> = {}): OutboxEntry =>
  ({
    id,
    state,
    why: state === 'done' ? 'Saved on the server.' : `${state}.`,
    connectionId: 'a',
    user: { serviceProviderId: 'sp', groupId: 'g', userId: `user${id}` },
    edits: [{ path: 'title', mine: 'x' }],
    ...more,
  }) as unknown as OutboxEntry

describe('what the outbox says', () => {
  let said: Message[]
  let desktop: string[]
  let connectionId: string
  let sending: boolean
  let live: OutboxEntry[]
  let notices: ReturnType<typeof createNotices>
  let timers: (() => void)[]
  const turn = () => {
    for (const run of timers.splice(0)) run()
  }

  beforeEach(() => {
    said = []
    desktop = []
    timers = []
    live = []
    connectionId = 'a'
    sending = true
    notices = createNotices({
      waitsForPerson: isTroubled,
      clock: { after: (_: number, run: () => void) => timers.push(run) } as never,
      say: (message) => said.push(message),
      notify: (text) => desktop.push(text),
      connectionId: () => connectionId,
      sending: () => sending,
      live: () => live,
      nameOf: () => 'Ana Smith',
    })
    notices.restart()
  })

  it('counts a batch down by its reason and says how it ended, with what can be done', () => {
    const batch = { batchId: 'b1', reason: 'CHG-4711' }
    notices.note(['1', '2', '3'].map((id) => entry(id, 'queued', batch)))
    expect(notices.now().sending).toEqual({ done: 0, of: 3, what: 'CHG-4711' })
    notices.note([entry('1', 'done', batch), entry('2', 'done', batch)])
    turn()
    expect(notices.now().sending).toEqual({ done: 2, of: 3, what: 'CHG-4711' })
    expect(said).toEqual([])
    notices.note([entry('3', 'done', batch)])
    turn()
    expect(notices.now().sending).toBeUndefined()
    expect(said).toEqual([
      {
        tone: 'info',
        text: 'All 3 changes are on the server.',
        connectionId: 'a',
        actions: [
          { do: 'history', search: 'batch:b1' },
          { do: 'undo', entries: ['1', '2', '3'] },
        ],
      },
    ])
    expect(desktop).toEqual(['All 3 changes are on the server.'])
  })

  it('tells a mixed end apart, and undoes only what arrived', () => {
    notices.note(['1', '2', '3', '4'].map((id) => entry(id, 'queued')))
    notices.note([entry('1', 'done'), entry('2', 'rejected'), entry('3', 'conflict'), entry('4', 'done')])
    turn()
    expect(said.map(({ text }) => text)).toEqual(['2 on the server, 1 refused, 1 in conflict.'])
    expect(said[0]?.actions?.[1]).toEqual({ do: 'undo', entries: ['1', '4'] })
    expect(desktop[0]).toBe('2 changes need you.')
  })

  it('names the user of a single change by id, and offers no countdown for it', () => {
    notices.note([entry('1', 'inflight')])
    expect(notices.now().sending).toBeUndefined()
    notices.note([entry('1', 'done')])
    turn()
    expect(said.map(({ text }) => text)).toEqual(['Ana Smith (user1): Saved on the server.'])
  })

  it('tells trouble for as long as it is so', () => {
    notices.note([entry('1', 'conflict'), entry('2', 'rejected')])
    expect(notices.now().trouble?.first.map(({ id, conflict }) => [id, conflict])).toEqual([
      ['1', true],
      ['2', false],
    ])
    notices.note([entry('1', 'queued')])
    expect(notices.now().trouble?.total).toBe(1)
    notices.note([entry('2', 'cancelled')])
    expect(notices.now().trouble).toBeUndefined()
  })

  it('says nothing of one server under another', () => {
    notices.note([entry('1', 'conflict'), entry('2', 'queued'), entry('3', 'queued')])
    connectionId = 'b'
    expect(notices.now()).toEqual({})
    notices.note([entry('2', 'done'), entry('3', 'done')])
    turn()
    expect(said).toEqual([])
  })

  it('does not claim to send what is held back', () => {
    sending = false
    notices.note([entry('1', 'queued'), entry('2', 'queued')])
    expect(notices.now().sending).toBeUndefined()
  })

  it('counts what waited since before the start, too', () => {
    live = [entry('1', 'queued'), entry('2', 'queued'), entry('3', 'rejected')]
    notices.restart()
    notices.note([entry('1', 'done')])
    turn()
    expect(said).toEqual([])
    expect(notices.now().sending).toEqual({ done: 1, of: 2 })
  })
})
