import { beforeEach, describe, expect, it, vi } from 'vitest'

const setUp = async (connectionId: string | undefined) => {
  const changed = new Set<() => void>()
  const windows: unknown[] = []
  const answer = (value: unknown) => Promise.resolve({ ok: true, value })
  vi.resetModules()
  vi.stubGlobal('window', {
    gungnir: {
      users: {
        window: (asked: unknown) => {
          windows.push(asked)
          return answer({ matched: 0, total: 0, start: 0, rows: [], problems: [], marks: [] })
        },
        scopes: () => answer([]),
        progress: () => answer({ running: false }),
      },
      events: {
        usersChanged: (listener: () => void) => {
          changed.add(listener)
          return () => changed.delete(listener)
        },
      },
    },
  })
  const { beginUsers, showUsers } = await import('../../../../renderer/features/users/listen')
  const { useStatus } = await import('../../../../renderer/app/status')
  useStatus.setState({ status: { connectionId } as never })
  return {
    beginUsers,
    showUsers,
    asked: () => windows.length,
    change: () => {
      for (const listener of [...changed]) listener()
    },
  }
}

describe('users that were asked for before there was a page', () => {
  beforeEach(() => {
    vi.unstubAllGlobals()
  })

  it('are not asked for again by the page, once', async () => {
    const { beginUsers, showUsers, asked } = await setUp('c1')
    beginUsers()
    expect(asked()).toBe(1)
    showUsers('c1')
    expect(asked()).toBe(1)
    // The page was left, and is shown again.
    showUsers('c1')
    expect(asked()).toBe(2)
  })

  it('are asked for again when they changed before the page could hear of it', async () => {
    const { beginUsers, showUsers, asked, change } = await setUp('c1')
    beginUsers()
    change()
    change()
    showUsers('c1')
    expect(asked()).toBe(2)
  })

  it('are asked for again when another connection is shown', async () => {
    const { beginUsers, showUsers, asked } = await setUp('c1')
    beginUsers()
    showUsers('c2')
    expect(asked()).toBe(2)
  })

  it('are not asked for without a connection', async () => {
    const { beginUsers, showUsers, asked } = await setUp(undefined)
    beginUsers()
    showUsers(undefined)
    expect(asked()).toBe(0)
    showUsers('c1')
    expect(asked()).toBe(1)
  })
})
