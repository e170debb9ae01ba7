import type { Connection, ConnectionDraft } from '../../../shared/ipc/contract'
import { Refusal } from '../../ipc/refusal'
import type { Keychain, Random } from '../../platform/ports'
import { sameAddress } from '../../server/identity'
import type { ConnectionsRepository, SavedConnection } from '../../store/repositories/connections'
import { checkDraft } from './draft'

/** The saved connections: what is no secret in the store, their passwords in the keychain and nowhere else. */
export interface ConnectionBook {
  list(): Promise<Connection[]>
  byId(id: string): SavedConnection | undefined
  /** Throws a `Refusal` when there is none. */
  must(id: string): SavedConnection
  /** Returns what was saved, and what it replaces. */
  save(draft: ConnectionDraft, demo: boolean): Promise<{ saved: SavedConnection; old?: SavedConnection }>
  remove(id: string): Promise<void>
  describe(saved: SavedConnection): Promise<Connection>
  /** Throws a `Refusal` when the keychain does not answer. */
  password(id: string): Promise<string | undefined>
  setPassword(id: string, password: string): Promise<void>
}

const passwordKey = (id: string): string => `password:${id}`

/** @param hideSecret blanks a password out of the log from the moment it is known */
export function createBook(deps: {
  repository: ConnectionsRepository
  keychain: Keychain
  random: Random
  hideSecret: (secret: string) => void
}): ConnectionBook {
  const { repository, keychain, random, hideSecret } = deps

  const must = (id: string): SavedConnection => {
    const saved = repository.byId(id)
    if (!saved) throw new Refusal('gone', 'That connection no longer exists.')
    return saved
  }

  const password = async (id: string): Promise<string | undefined> => {
    try {
      const kept = await keychain.get(passwordKey(id))
      if (kept !== undefined) hideSecret(kept)
      return kept
    } catch {
      throw new Refusal('keychain', 'The system keychain does not give out the password.', {
        next: 'Unlock the keychain and try again.',
      })
    }
  }

  const setPassword = async (id: string, given: string): Promise<void> => {
    hideSecret(given)
    try {
      await keychain.set(passwordKey(id), given)
    } catch {
      throw new Refusal('keychain', 'The system keychain did not accept the password.', {
        next: 'Unlock the keychain and save again. Nothing was saved.',
      })
    }
  }

  const describe = async (saved: SavedConnection): Promise<Connection> => ({
    ...saved,
    hasPassword: (await password(saved.id).catch(() => undefined)) !== undefined,
  })

  return {
    byId: (id) => repository.byId(id),
    must,
    password,
    setPassword,
    describe,
    list: () => Promise.all(repository.list().map(describe)),

    async save(draft, demo) {
      const checked = checkDraft(draft)
      const old = draft.id === undefined ? undefined : must(draft.id)
      const saved: SavedConnection = { id: old?.id ?? random.id(), ...checked, demo: old?.demo ?? demo }
      if (draft.password !== undefined && draft.password !== '') {
        await setPassword(saved.id, draft.password)
      } else if (old && !sameAddress(old, saved)) {
        // It was given for another server or account, and must not be sent to this one unasked.
        await keychain.remove(passwordKey(saved.id))
      }
      repository.save(saved)
      return { saved, ...(old === undefined ? {} : { old }) }
    },

    async remove(id) {
      must(id)
      await keychain.remove(passwordKey(id))
      repository.remove(id)
    },
  }
}
