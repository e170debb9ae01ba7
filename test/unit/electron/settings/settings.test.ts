import { describe, expect, it } from 'vitest'
import { settingsHandlers } from '../../../../electron/features/settings/settings'
import { settingsRepository } from '../../../../electron/store/repositories/settings'
import { openMemoryStore } from '../../../../electron/store/store'
import type { Json } from '../../../../shared/json'

function settings() {
  const repository = settingsRepository(openMemoryStore())
  const changes: [string, Json][] = []
  const handlers = settingsHandlers({ repository, changed: (key, value) => changes.push([key, value]) })
  return { repository, changes, handlers }
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

  it('do not grow without end', () => {
    const { handlers } = settings()
    for (let i = 0; i < 500; i++) handlers['settings.set']({ key: `k${i}`, value: i })
    expect(() => handlers['settings.set']({ key: 'k500', value: 1 })).toThrow(/no more settings/)
    handlers['settings.set']({ key: 'k1', value: 'changed' })
  })
})
