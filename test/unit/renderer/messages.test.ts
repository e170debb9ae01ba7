import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

vi.stubGlobal('window', {})
const {
  dismissError,
  dismissInfo,
  fadeSoon,
  keepInfo,
  nowAt,
  promisesEnd,
  say,
  sayProblem,
  sayPromise,
  tell,
  useMessages,
} = await import('../../../renderer/kernel/messages')

const info = () => useMessages.getState().info?.text
const error = () => useMessages.getState().error?.text

describe('short messages', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    nowAt({ connectionId: 'a', online: true })
  })
  afterEach(() => {
    nowAt({ connectionId: undefined, online: true })
    fadeSoon()
    dismissInfo()
    dismissError()
    vi.useRealTimers()
  })

  it('fade, and can be read again among the past ones', () => {
    say('Undone.')
    expect(info()).toBe('Undone.')
    vi.runAllTimers()
    expect(info()).toBeUndefined()
    expect(useMessages.getState().past[0]?.text).toBe('Undone.')
  })

  it('stay while a person points at them', () => {
    say('Undone.')
    keepInfo()
    vi.runAllTimers()
    expect(info()).toBe('Undone.')
  })

  it('of one server do not stand under another', () => {
    say('3 changes')
    sayProblem('Not that.')
    nowAt({ connectionId: 'b', online: false })
    expect([info(), error()]).toEqual([undefined, undefined])
    say('Too late.', { connectionId: 'a' })
    expect(info()).toBeUndefined()
  })

  it('about a server that could not be asked go when it can', () => {
    nowAt({ connectionId: 'a', online: false })
    sayProblem('The users cannot be read: not connected.')
    nowAt({ connectionId: 'a', online: true })
    expect(error()).toBeUndefined()
    sayProblem('Something else.')
    nowAt({ connectionId: 'a', online: true })
    expect(error()).toBe('Something else.')
  })

  it('that promise to send go when it is known what came of it', () => {
    sayPromise('Saved. Sending…', undefined)
    promisesEnd()
    expect(info()).toBeUndefined()
    say('Copied.')
    promisesEnd()
    expect(info()).toBe('Copied.')
  })

  it('of a person are read before news takes their place', () => {
    say('Exported 1 change.')
    tell('Ana: Saved on the server.')
    tell('Bo: Saved on the server.')
    expect(info()).toBe('Exported 1 change.')
    vi.advanceTimersByTime(5_000)
    expect(info()).toBe('Bo: Saved on the server.')
    expect(useMessages.getState().past.map(({ text }) => text)).toContain('Ana: Saved on the server.')
    say('Copied.')
    expect(info()).toBe('Copied.')
  })

  it('come while a person points at another once the pointer has left', () => {
    tell('Ana: Saved on the server.')
    keepInfo()
    tell('Bo: Saved on the server.')
    vi.advanceTimersByTime(60_000)
    expect(info()).toBe('Ana: Saved on the server.')
    fadeSoon()
    expect(info()).toBe('Bo: Saved on the server.')
  })

  it('that promise give way at once, and news of another server never comes', () => {
    sayPromise('Saved. Sending…', undefined)
    keepInfo()
    tell('Ana: Saved on the server.')
    expect(info()).toBe('Ana: Saved on the server.')
    fadeSoon()
    say('Copied.')
    tell('Bo: Saved on the server.', { connectionId: 'a' })
    nowAt({ connectionId: 'b', online: true })
    vi.runAllTimers()
    expect(info()).toBeUndefined()
  })
})
