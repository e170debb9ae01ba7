import type { Json } from '../../../shared/json'
import type { Db } from '../connection'
import { text } from './rows'

/** Set when no password of this store's connections is kept under a connection's id any more, as versions before did. */
export const passwordsByAddress = 'app.passwordsByAddress'

export const settingsRepository = (db: Db) => ({
  get: (key: string): Json | undefined => {
    const row = db.get('SELECT value FROM settings WHERE key = ?', key)
    return row && (JSON.parse(text(row, 'value')) as Json)
  },

  set: (key: string, value: Json): void => {
    db.run(
      'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      key,
      JSON.stringify(value),
    )
  },

  /** Every setting, as an object without a prototype: a key may be called `__proto__`. */
  all: (): Record<string, Json> => {
    const settings: Record<string, Json> = Object.create(null)
    for (const row of db.all('SELECT key, value FROM settings')) {
      settings[text(row, 'key')] = JSON.parse(text(row, 'value')) as Json
    }
    return settings
  },
})
export type SettingsRepository = ReturnType<typeof settingsRepository>
