import type { Handlers } from '../../../shared/ipc/bridge'
import type { Json } from '../../../shared/json'
import { Refusal } from '../../ipc/refusal'
import type { Clock } from '../../platform/ports'
import { type StoreError, type StoreErrorKind, storeError } from '../../store/errors'
import type { SettingsRepository } from '../../store/repositories/settings'
import { draftsKey } from './unsaved'

/** What the app keeps for itself: the page neither sees nor writes it. */
const own = 'app.'
const shape = /^[a-z][a-zA-Z0-9._-]{0,99}$/
const most = 500
/** Unsaved edits are as many as a person pastes; nothing else that is remembered is long. */
const longKey = draftsKey
const longest = 1_000_000

/** What may be over in a moment. */
const passing: ReadonlySet<StoreErrorKind> = new Set(['busy', 'disk-full', 'io'])
/** How soon a setting that another program kept from the disk is tried again. */
const againMs = 500

/**
 * What the page remembers, unsaved edits among it. A setting that the disk does not take just now, because another program
 * holds the database or there is no room, is kept in memory and tried again until it is written.
 * @param changed runs after a setting of the page was kept, such as `theme`
 * @param onLate runs when one could not be written at once, for the first time since all were
 */
export function settingsHandlers(deps: {
  repository: SettingsRepository
  clock: Pick<Clock, 'after'>
  changed: (key: string, value: Json) => void
  onLate: (why: StoreError) => void
}): Pick<Handlers, 'settings.get' | 'settings.set'> & {
  /** All that the page remembers as it is now, with what is not written yet. */
  now(): Readonly<Record<string, Json>>
  /** Waits until everything is written. */
  settled(): Promise<void>
} {
  const { repository, clock, changed, onLate } = deps
  const late = new Map<string, Json>()
  let trying = false
  const whenSettled: (() => void)[] = []

  const ofPage = (): [string, Json][] =>
    Object.entries({ ...repository.all(), ...Object.fromEntries(late) }).filter(
      ([key]) => !key.startsWith(own),
    )

  function write(key: string, value: Json): void {
    late.delete(key)
    try {
      repository.set(key, value)
    } catch (cause) {
      const error = storeError(cause)
      if (!passing.has(error.kind)) throw cause
      if (late.size === 0 && !trying) onLate(error)
      late.set(key, value)
      tryAgain()
    }
  }

  function tryAgain(): void {
    if (trying) return
    trying = true
    clock.after(againMs, () => {
      trying = false
      for (const [key, value] of [...late]) {
        try {
          repository.set(key, value)
          late.delete(key)
        } catch {
          tryAgain()
          return
        }
      }
      for (const done of whenSettled.splice(0)) done()
    })
  }

  return {
    settled: () =>
      late.size === 0 ? Promise.resolve() : new Promise((resolve) => void whenSettled.push(resolve)),

    now: () => Object.fromEntries(ofPage()),

    'settings.get': () => Object.fromEntries(ofPage()),

    'settings.set'({ key, value }) {
      if (!shape.test(key) || key.startsWith(own)) throw new Refusal('invalid', `There is no setting ${key}.`)
      if (key !== longKey && JSON.stringify(value).length > longest) {
        throw new Refusal('too-large', `The setting ${key} is too long to be kept.`)
      }
      const kept = ofPage()
      if (kept.length >= most && !kept.some(([name]) => name === key)) {
        throw new Refusal('too-many', 'Gungnir keeps no more settings than these.')
      }
      write(key, value)
      changed(key, value)
    },
  }
}
