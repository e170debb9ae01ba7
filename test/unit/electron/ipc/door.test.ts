import { describe, expect, it } from 'vitest'
import { createEmitter, openDoor } from '../../../../electron/ipc/door'
import { type Answerer, type Caller, listenToPage } from '../../../../electron/ipc/listen'
import { Refusal } from '../../../../electron/ipc/refusal'
import { isOurPage } from '../../../../electron/shell/protocol'
import type { Handlers } from '../../../../shared/ipc/bridge'
import { contract, type IpcAnswer } from '../../../../shared/ipc/contract'

type Listener = (event: Caller, ...args: unknown[]) => Promise<unknown>

const mainFrame = { url: 'app://gungnir/index.html', parent: null }
const ours: Caller = { sender: { id: 1, mainFrame }, senderFrame: mainFrame }

function door(
  handlers: Partial<Handlers>,
  pending?: Promise<unknown>,
  refusal?: Parameters<typeof openDoor>[0]['refusal'],
) {
  const channels = new Map<string, Listener>()
  const lines: { event: string; facts: unknown }[] = []
  const note = (event: string, facts?: unknown) => lines.push({ event, facts })
  const answerer = openDoor({
    handlers: (pending ? pending.then(() => handlers) : handlers) as Handlers,
    isKnownWindow: (id) => id === 1,
    isOurPage,
    ...(refusal === undefined ? {} : { refusal }),
    log: { info: note, warn: note, error: note },
  })
  listenToPage({ handle: (channel, listener) => channels.set(channel, listener) }, Promise.resolve(answerer))
  return {
    channels,
    lines,
    ask: (channel: string, input?: unknown, caller = ours, ...more: unknown[]) =>
      channels.get(channel)?.(caller, input, ...more) as Promise<IpcAnswer<unknown>>,
  }
}

const kindOf = (answer: IpcAnswer<unknown>) => (answer.ok ? 'ok' : answer.error.kind)

describe('the door', () => {
  it('listens on the channels of the contract and on no other', () => {
    expect([...door({}).channels.keys()].sort()).toEqual(Object.keys(contract).sort())
  })

  it('gives the handler the parsed input and the page the parsed output', async () => {
    const { ask } = door({
      'settings.get': () => ({ theme: 'dark' }),
      'connections.remove': (input) => {
        expect(input).toEqual({ id: 'a', discardUnsent: 2 })
        return { removed: true, unsent: 2, sent: 0, ...{ secret: 'left out' } }
      },
    })
    expect(await ask('settings.get')).toEqual({ ok: true, value: { theme: 'dark' } })
    expect(await ask('connections.remove', { id: 'a', discardUnsent: 2, extra: 1 })).toEqual({
      ok: true,
      value: { removed: true, unsent: 2, sent: 0 },
    })
  })

  it('answers nothing while it is told not to, what was asked before included', async () => {
    let locked = true
    let answered = () => {}
    const asked: string[] = []
    const { ask } = door(
      {
        'settings.get': () => {
          asked.push('settings.get')
          return {}
        },
        'lock.state': () => ({ locked }),
        'app.info': () =>
          new Promise((yes) => (answered = () => yes({ version: '', platform: '', electron: '' }))),
      },
      undefined,
      (channel) => (locked && channel !== 'lock.state' ? { kind: 'locked', message: 'Locked.' } : undefined),
    )
    expect(kindOf(await ask('settings.get'))).toBe('locked')
    expect(asked).toEqual([])
    expect(kindOf(await ask('lock.state'))).toBe('ok')
    locked = false
    expect(kindOf(await ask('settings.get'))).toBe('ok')
    const late = ask('app.info')
    await new Promise(setImmediate)
    locked = true
    answered()
    expect(kindOf(await late)).toBe('locked')
  })

  const stranger = { url: 'app://gungnir/', parent: null }
  it.each<[string, Caller]>([
    ['a frame inside the page', { ...ours, senderFrame: { url: mainFrame.url, parent: mainFrame } }],
    ['another top frame', { ...ours, senderFrame: stranger }],
    ['a frame that is gone', { ...ours, senderFrame: null }],
    ['another window', { sender: { id: 2, mainFrame }, senderFrame: mainFrame }],
    ...[
      'https://gungnir/',
      'app://evil/',
      'app://gungnir.evil/',
      'file:///index.html',
      'about:blank',
      '',
    ].map((url): [string, Caller] => {
      const frame = { url, parent: null }
      return [`a page at ${url || 'nowhere'}`, { sender: { id: 1, mainFrame: frame }, senderFrame: frame }]
    }),
  ])('does not open to %s', async (_who, caller) => {
    let called = false
    const { ask, lines } = door({
      'settings.get': () => {
        called = true
        return {}
      },
    })
    expect(kindOf(await ask('settings.get', undefined, caller))).toBe('forbidden')
    expect(called).toBe(false)
    expect(lines[0]?.event).toBe('ipc.stranger')
  })

  it('refuses an input of another shape, says where it is wrong, and repeats nothing of it', async () => {
    const { ask, lines } = door({ 'connections.save': () => expect.unreachable() })
    const answer = await ask('connections.save', {
      name: 'a',
      baseUrl: 'b',
      username: 'c',
      password: { text: 'hunter22' },
      callsPerSecond: 5,
    })
    expect(kindOf(answer)).toBe('invalid')
    expect(JSON.stringify([answer, lines])).toContain('password')
    expect(JSON.stringify([answer, lines])).not.toContain('hunter22')
  })

  it('refuses what is too large or too deep before looking at it closely', async () => {
    const { ask } = door({ 'outbox.detour': () => undefined, 'users.indexOf': () => 1 })
    let deep: unknown = 1
    for (let i = 0; i < 100_000; i++) deep = [deep]
    const wide = Array.from({ length: 2_000_000 }, (_, i) => i)
    for (const value of ['x'.repeat(2_000_000), deep, wide, new Map([[1, 2]]), new Uint8Array(2_000_000)]) {
      expect(kindOf(await ask('outbox.detour', { id: 'a', path: 'title', by: value }))).toBe('too-large')
    }
    expect(kindOf(await ask('settings.get', undefined, ours, 'a second argument'))).toBe('too-large')
  })

  it('takes a save of 100,000 users in one go', async () => {
    const { ask } = door({
      'outbox.save': ({ changes }) => ({ saved: changes.length, message: 'Saved.', entries: [] }),
    })
    const as = { connectionId: 'c1', origin: 'http://127.0.0.1/api/v2', account: 'admin' }
    const changes = Array.from({ length: 100_000 }, (_, i) => ({
      user: { serviceProviderId: 'sp', groupId: 'group', userId: `user${i}@example.net` },
      edits: [{ path: 'firstName', base: 'Ana', mine: 'Anna' }],
    }))
    expect(await ask('outbox.save', { as, changes })).toEqual({
      ok: true,
      value: { saved: 100_000, message: 'Saved.', entries: [] },
    })
  })

  it('keeps prototype keys of hostile input from becoming prototypes', async () => {
    const seen: object[] = []
    const { ask } = door({
      'settings.set': ({ value }) => {
        seen.push(value as object)
      },
    })
    const value = JSON.parse('{"__proto__": {"polluted": true}, "a": 1}')
    await ask('settings.set', { key: 'a', value })
    expect(seen).toHaveLength(1)
    for (const got of seen) {
      expect((got as { polluted?: unknown }).polluted).toBeUndefined()
      expect((got as { a?: unknown }).a).toBe(1)
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('lets a refusal cross with its words, and bounds the raw text', async () => {
    const { ask } = door({
      'settings.get': () => {
        throw new Refusal('taken', 'Extension 1234 is taken.', {
          next: 'Choose 1241.',
          raw: 'x'.repeat(1_000_000),
        })
      },
    })
    const answer = await ask('settings.get')
    expect(answer).toMatchObject({
      ok: false,
      error: { kind: 'taken', message: 'Extension 1234 is taken.', next: 'Choose 1241.' },
    })
    expect(answer.ok || answer.error.raw?.length).toBe(64_001)
  })

  it('tells the page nothing of any other error, and logs it', async () => {
    const { ask, lines } = door({
      'settings.get': async () => {
        throw new Error('SELECT password FROM nowhere')
      },
    })
    const answer = await ask('settings.get')
    expect(kindOf(answer)).toBe('internal')
    expect(JSON.stringify(answer)).not.toContain('SELECT')
    expect(lines[0]).toMatchObject({ event: 'ipc.failed', facts: { channel: 'settings.get' } })
  })

  it('does not let an answer of another shape out', async () => {
    const { ask, lines } = door({ 'users.indexOf': () => 'first' as unknown as number })
    const query = { search: '', scope: {}, sort: [] }
    expect(kindOf(await ask('users.indexOf', { query, userId: 'a' }))).toBe('internal')
    expect(lines[0]?.event).toBe('ipc.bad-output')
  })

  it('listens before what answers has been read, and asks it about the frame that called then', async () => {
    const listeners = new Map<string, Listener>()
    let read = (_answerer: Answerer): void => {}
    const answerer = new Promise<Answerer>((resolve) => {
      read = resolve
    })
    listenToPage({ handle: (channel, listener) => listeners.set(channel, listener) }, answerer)
    const event = { ...ours }
    const waiting = listeners.get('users.window')?.(event, 'input')
    event.senderFrame = null as never
    const asked: unknown[] = []
    read(async (channel, caller, args) => {
      asked.push(channel, caller, args)
      return { ok: true, value: 1 }
    })
    expect(await waiting).toEqual({ ok: true, value: 1 })
    expect(asked).toEqual(['users.window', ours, ['input']])
  })

  it('makes a call wait until the handlers are there, and refuses it when they never come', async () => {
    let ready = () => {}
    const waiting = door(
      { 'settings.get': () => ({ a: 1 }) },
      new Promise<void>((resolve) => (ready = resolve)),
    )
    const answer = waiting.ask('settings.get')
    ready()
    expect(await answer).toEqual({ ok: true, value: { a: 1 } })
    const failed = Promise.reject(new Error('no disk'))
    expect(kindOf(await door({}, failed).ask('settings.get'))).toBe('internal')
  })
})

describe('events', () => {
  function emitter(destroyed = false) {
    const sent: unknown[][] = []
    const lines: string[] = []
    const note = (event: string) => lines.push(event)
    const emit = createEmitter({
      windows: () => [{ isDestroyed: () => destroyed, send: (...args) => sent.push(args) }],
      log: { info: note, warn: note, error: note },
    })
    return { emit, sent, lines }
  }

  it('reach each window with a parsed payload', () => {
    const { emit, sent } = emitter()
    emit('message', { tone: 'info', text: 'Saved.', token: 'x' } as { tone: 'info'; text: string })
    expect(sent).toEqual([['message', { tone: 'info', text: 'Saved.' }]])
  })

  it('are not sent in another shape, nor to a window that is gone', () => {
    const wrong = emitter()
    wrong.emit('users.changed', { generation: 'many' } as unknown as { generation: number })
    expect(wrong.sent).toEqual([])
    expect(wrong.lines).toEqual(['ipc.bad-event'])
    const gone = emitter(true)
    gone.emit('command', 'save')
    expect(gone.sent).toEqual([])
  })
})
