import type { Handlers } from '../../../shared/ipc/bridge'
import type { Json } from '../../../shared/json'
import { Refusal } from '../../ipc/refusal'
import type { SettingsRepository } from '../../store/repositories/settings'

/** What the app keeps for itself: the page neither sees nor writes it. */
const own = 'app.'
const shape = /^[a-z][a-zA-Z0-9._-]{0,99}$/
const most = 500
/** Unsaved edits are as many as a person pastes; nothing else that is remembered is long. */
const longKey = 'drafts'
const longest = 1_000_000

/** @param changed runs after a setting of the page was kept, such as `theme` */
export function settingsHandlers(deps: {
  repository: SettingsRepository
  changed: (key: string, value: Json) => void
}): Pick<Handlers, 'settings.get' | 'settings.set'> {
  const { repository, changed } = deps

  const ofPage = (): [string, Json][] =>
    Object.entries(repository.all()).filter(([key]) => !key.startsWith(own))

  return {
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
      repository.set(key, value)
      changed(key, value)
    },
  }
}
