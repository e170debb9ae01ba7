import type { Connection, ConnectionDraft } from '../../../shared/ipc/contract'
import { Refusal } from '../../ipc/refusal'
import { readBaseUrl } from '../../odin/base-url'
import { type Policy, setByWords } from '../../platform/policy/policy'
import type { Preset } from '../../platform/policy/schema'
import type { Random } from '../../platform/ports'
import type { ConnectionsRepository, SavedConnection } from '../../store/repositories/connections'
import { idOf } from './authorities'

/** What an organisation has set about connections, asked before anything is done with one. */
export interface ConnectionRules {
  /** Keeps what is set: adds what is not here yet and, where connections are locked, sets what is. */
  apply(repository: Pick<ConnectionsRepository, 'list' | 'save'>): void
  /** Throws a {@link Refusal} where no connection may be added. */
  mayAdd(): void
  /** Throws a {@link Refusal} for what may not be saved. */
  mayKeep(draft: ConnectionDraft, old: SavedConnection | undefined): void
  mayRemove(): void
  /** Why nobody may sign in there; undefined when one may. */
  closed(saved: SavedConnection): Refusal | undefined
  /** Who set a connection that cannot be changed here, and whether its username is a person's own. */
  describe(saved: SavedConnection): Pick<Connection, 'setBy' | 'ownUsername'>
  /** Why no connection can be added or removed, in words. */
  readonly locked: string | undefined
  readonly noDemo: string | undefined
}

const addressOf = (text: string): string => {
  const base = readBaseUrl(text)
  return base.ok ? base.url : text
}

/** The id of what is trusted besides the system's authorities. */
const authorityOf = ({ ca }: SavedConnection): string | undefined =>
  ca?.pem === undefined ? undefined : idOf({ file: ca.file, pem: ca.pem })

export function connectionRules({ rules, setBy }: Policy, random: Pick<Random, 'id'>): ConnectionRules {
  const words = (place: string | undefined) => setByWords(place ?? 'a policy')
  const locked = rules.lockConnections ? words(setBy.lockConnections) : undefined
  const noDemo = rules.demo ? undefined : words(setBy.demo)
  const presets = rules.connections.map((one) => ({ ...one, baseUrl: addressOf(one.baseUrl) }))

  const presetOf = ({ baseUrl, username, demo }: SavedConnection): Preset | undefined =>
    demo
      ? undefined
      : presets.find(
          (one) => one.baseUrl === baseUrl && (one.username === undefined || one.username === username),
        )

  const refusal = (what: string): Refusal => new Refusal('policy', `${what} ${locked}.`)

  const mayAdd = (): void => {
    if (locked !== undefined) throw refusal('No connection can be added.')
  }

  return {
    mayAdd,
    locked,
    noDemo,

    apply(repository) {
      for (const preset of presets) {
        const { name, baseUrl, username = '', callsPerSecond } = preset
        const here = repository.list().filter((saved) => presetOf(saved) === preset)
        if (here.length === 0)
          repository.save({ id: random.id(), name, baseUrl, username, callsPerSecond, demo: false })
        if (locked === undefined) continue
        for (const saved of here) {
          if (saved.name !== name || saved.callsPerSecond !== callsPerSecond)
            repository.save({ ...saved, name, callsPerSecond })
        }
      }
    },

    mayKeep(draft, old) {
      if (locked === undefined) return
      if (old === undefined) return mayAdd()
      const isSame =
        draft.name.trim() === old.name &&
        addressOf(draft.baseUrl) === old.baseUrl &&
        draft.callsPerSecond === old.callsPerSecond &&
        (draft.username.trim() === old.username || presetOf(old)?.username === undefined) &&
        (presetOf(old) !== undefined || draft.username.trim() === old.username) &&
        // What is left out of a draft is taken away.
        draft.ca === authorityOf(old) &&
        draft.proxy === old.proxy &&
        (draft.partialBodies ?? false) === (old.partialBodies ?? false)
      if (!isSame) throw refusal('This connection cannot be changed.')
    },

    mayRemove() {
      if (locked !== undefined) throw refusal('No connection can be removed.')
    },

    closed(saved) {
      if (saved.demo) {
        return noDemo === undefined
          ? undefined
          : new Refusal('policy', `The demo server is switched off. ${noDemo}.`)
      }
      if (locked === undefined || setBy.connections === undefined || presetOf(saved) !== undefined)
        return undefined
      return refusal('Only the connections of your organisation can be used.')
    },

    describe(saved) {
      if (locked === undefined || saved.demo) return {}
      const preset = presetOf(saved)
      return {
        setBy: preset === undefined ? locked : words(setBy.connections),
        ...(preset !== undefined && preset.username === undefined ? { ownUsername: true } : {}),
      }
    },
  }
}
