import { describe, expect, it } from 'vitest'
import { settingsHandlers } from '../../../../electron/features/settings/settings'
import { type StoreError, type StoreErrorKind, storeErrorOf } from '../../../../electron/store/errors'
import { settingsRepository } from '../../../../electron/store/repositories/settings'
import { openMemoryStore } from '../../../../electron/store/store'
import type { Json } from '../../../../shared/json'
import { manualClock } from '../platform/manual-clock'

function settings() {
  const repository = settingsRepository(openMemoryStore())
  const changes: [string, Json][] = []
  const clock = manualClock()
  const late: string[] = []
  let fault: StoreError | undefined
  const handlers = settingsHandlers({
    repository: {
      ...repository,
      set: (key, value) => {
        if (fault !== undefined) throw fault
        repository.set(key, value)
      },
    },
    clock,
    changed: (key, value) => changes.push([key, value]),
    onLate: ({ kind }) => late.push(kind),
  })
  const disk = (kind?: StoreErrorKind) => {
    fault = kind === undefined ? undefined : storeErrorOf(kind)
  }
  return { repository, changes, handlers, clock, late, disk }
}

describe('settings', () => {
  it('are kept, given back and told', () => {
    const { handlers, changes } = settings()
    handlers['settings.set']({ key: 'theme', value: 'dark' })
    handlers['settings.set']({ key: 'users.columns', value: { order: ['name'], widths: { name: 200 } } })
    handlers['settings.set']({ key: 'theme', value: 'light' })
    expect(handlers['settings.get'](undefined)).toEqual({
      theme: 'light',
      'users.columns': { order: ['name'], widths: { name: 200 } },
    })
    expect(changes.map(([key]) => key)).toEqual(['theme', 'users.columns', 'theme'])
  })

  it('of the app itself are neither seen nor written by the page', () => {
    const { handlers, repository } = settings()
    repository.set('app.lastConnection', 'c1')
    expect(handlers['settings.get'](undefined)).toEqual({})
    expect(() => handlers['settings.set']({ key: 'app.lastConnection', value: 'c2' })).toThrow(/no setting/)
    expect(repository.get('app.lastConnection')).toBe('c1')
  })

  it.each(['', '__proto__', 'A', '1', 'a b', 'a/b', 'ä'])('cannot be named %j', (key) => {
    const { handlers } = settings()
    expect(() => handlers['settings.set']({ key, value: 1 })).toThrow(/no setting/)
  })

  it.each(['busy', 'disk-full', 'io'] as const)(
    'are written later when the disk is %s, the newest last',
    async (kind) => {
      const { handlers, repository, clock, late, disk } = settings()
      handlers['settings.set']({ key: 'drafts', value: 'first' })
      disk(kind)
      handlers['settings.set']({ key: 'drafts', value: 'second' })
      handlers['settings.set']({ key: 'theme', value: 'dark' })
      handlers['settings.set']({ key: 'drafts', value: 'third' })
      let settled = false
      const waiting = handlers.settled().then(() => {
        settled = true
      })
      for (let tries = 0; tries < 60; tries++) await clock.pass(500)
      expect([settled, late]).toEqual([false, [kind]])
      expect(repository.get('drafts')).toBe('first')
      expect(handlers['settings.get'](undefined)).toEqual({ drafts: 'third', theme: 'dark' })
      disk()
      await clock.pass(500)
      await waiting
      expect(repository.all()).toEqual({ drafts: 'third', theme: 'dark' })
      await handlers.settled()
    },
  )

  it('that cannot be written at all are refused', () => {
    const { handlers, late, disk } = settings()
    disk('corrupt')
    expect(() => handlers['settings.set']({ key: 'theme', value: 'dark' })).toThrow(/damaged/)
    expect(late).toEqual([])
  })

  it('do not grow without end', () => {
    const { handlers } = settings()
    for (let i = 0; i < 500; i++) handlers['settings.set']({ key: `k${i}`, value: i })
    expect(() => handlers['settings.set']({ key: 'k500', value: 1 })).toThrow(/no more settings/)
    handlers['settings.set']({ key: 'k1', value: 'changed' })
  })
})
