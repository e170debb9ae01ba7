import type { Json } from '../../../shared/json'
import type { Db } from '../connection'
import { parsed, text } from './rows'

/** Set when no password of this store's connections is kept under a connection's id any more, as versions before did. */
export const passwordsByAddress = 'app.passwordsByAddress'

/** How many rows of a back-up were left out when it was restored, until a person has been told. */
export const restoredWithout = 'app.restoredWithout'

/** What a rescue brought over into this store, until a person has been told. */
export const rescuedNow = 'app.rescuedNow'

const damaged = 'damaged:'

export const settingsRepository = (db: Db) => ({
  get: (key: string): Json | undefined => {
    const row = db.get('SELECT value FROM settings WHERE key = ?', key)
    return row && parsed(text(row, 'value'))
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
      const value = parsed(text(row, 'value'))
      if (value !== undefined) settings[text(row, 'key')] = value
    }
    return settings
  },

  /** Puts what cannot be understood aside under another key and says which settings these were: they are as at first. */
  setDamagedAside: (): string[] =>
    db.transaction(() => {
      const keys = db
        .all(`SELECT key FROM settings WHERE NOT json_valid(value) AND key NOT LIKE '${damaged}%'`)
        .map((row) => text(row, 'key'))
      for (const key of keys) {
        db.run('UPDATE OR REPLACE settings SET key = ? WHERE key = ?', `${damaged}${key}`, key)
      }
      return keys
    }),
})
export type SettingsRepository = ReturnType<typeof settingsRepository>
