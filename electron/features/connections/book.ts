import type { Connection, ConnectionDraft } from '../../../shared/ipc/contract'
import { Refusal } from '../../ipc/refusal'
import type { Keychain, Random } from '../../platform/ports'
import { type Address, originOf, sameAddress } from '../../server/identity'
import type { ConnectionsRepository, SavedConnection } from '../../store/repositories/connections'
import { passwordsByAddress, type SettingsRepository } from '../../store/repositories/settings'
import { type Authorities, idOf, type ReadAuthority } from './authorities'
import { type CheckedDraft, checkDraft } from './draft'
import type { ConnectionRules } from './set-by'

/** The saved connections: what is no secret in the store, their passwords in the keychain and nowhere else. */
export interface ConnectionBook {
  list(): Promise<Connection[]>
  byId(id: string): SavedConnection | undefined
  /** Throws a `Refusal` when there is none. */
  must(id: string): SavedConnection
  /** The authority that a draft names: one that was just chosen, or that the connection has. Throws a `Refusal`. */
  authorityOf(
    draft: Pick<CheckedDraft, 'ca'>,
    old: SavedConnection | undefined,
  ): Promise<ReadAuthority | undefined>
  /** The authority of a saved connection, with its text. Throws a `Refusal` when that was never kept and cannot be read. */
  authority(saved: SavedConnection): Promise<ReadAuthority | undefined>
  /** Returns what was saved, and what it replaces. */
  save(draft: ConnectionDraft, demo: boolean): Promise<{ saved: SavedConnection; old?: SavedConnection }>
  remove(id: string): Promise<void>
  setReadOnly(id: string, on: boolean): SavedConnection
  describe(saved: SavedConnection): Promise<Connection>
  /**
   * What was given for this server and account, and is never offered to another, whatever a connection's id is. Throws a
   * `Refusal` when the keychain does not answer.
   */
  password(address: Address): Promise<string | undefined>
  setPassword(address: Address, password: string): Promise<void>
}

/** The entry's name in the keychain. No address has a space in it, so that no two of them and accounts share a name. */
const passwordKey = ({ baseUrl, username }: Address): string => `password:${originOf(baseUrl)} ${username}`
/** Where versions before kept it: by an id that a back-up file or an edited address can give to another server. */
const oldPasswordKey = (id: string): string => `password:${id}`

/** @param hideSecret blanks a password out of the log from the moment it is known */
export function createBook(deps: {
  repository: ConnectionsRepository
  settings: Pick<SettingsRepository, 'get' | 'set'>
  keychain: Keychain
  random: Random
  authorities: Authorities
  rules?: Pick<ConnectionRules, 'describe'> | undefined
  hideSecret: (secret: string) => void
}): ConnectionBook {
  const { repository, settings, keychain, random, authorities, hideSecret } = deps

  let moving: Promise<void> | undefined
  /** Once in the life of a store; what does not succeed is tried again when the keychain is next asked. */
  const moved = (): Promise<void> => {
    moving ??= moveOld().catch((cause) => {
      moving = undefined
      throw cause
    })
    return moving
  }
  async function moveOld(): Promise<void> {
    if (keychain.volatileBecause !== undefined || settings.get(passwordsByAddress) === true) return
    for (const saved of repository.list()) {
      const old = await keychain.get(oldPasswordKey(saved.id))
      if (old === undefined) continue
      if ((await keychain.get(passwordKey(saved))) === undefined) await keychain.set(passwordKey(saved), old)
      await keychain.remove(oldPasswordKey(saved.id))
    }
    settings.set(passwordsByAddress, true)
  }

  /** Unless another connection leads to the same account of the same server. */
  const forget = async (saved: SavedConnection): Promise<void> => {
    await moved()
    const shared = repository.list().some((other) => other.id !== saved.id && sameAddress(other, saved))
    if (!shared) await keychain.remove(passwordKey(saved))
  }

  const must = (id: string): SavedConnection => {
    const saved = repository.byId(id)
    if (!saved) throw new Refusal('gone', 'That connection no longer exists.')
    return saved
  }

  const password = async (address: Address): Promise<string | undefined> => {
    try {
      await moved()
      const kept = await keychain.get(passwordKey(address))
      if (kept !== undefined) hideSecret(kept)
      return kept
    } catch {
      throw new Refusal('keychain', 'The system keychain does not give out the password.', {
        next: 'Unlock the keychain and try again.',
      })
    }
  }

  const setPassword = async (address: Address, given: string): Promise<void> => {
    hideSecret(given)
    try {
      await moved()
      await keychain.set(passwordKey(address), given)
    } catch {
      throw new Refusal('keychain', 'The system keychain did not accept the password.', {
        next: 'Unlock the keychain and save again. Nothing was saved.',
      })
    }
  }

  const authority = async (saved: SavedConnection): Promise<ReadAuthority | undefined> => {
    const { ca } = saved
    if (ca === undefined) return undefined
    if (ca.pem !== undefined) return { file: ca.file, pem: ca.pem }
    // Chosen by a version that kept the path alone: from now on what it says today is what was chosen.
    const read = await authorities.read(ca.file)
    repository.save({ ...saved, ca: read })
    return read
  }

  const authorityOf = async (
    { ca }: Pick<CheckedDraft, 'ca'>,
    old: SavedConnection | undefined,
  ): Promise<ReadAuthority | undefined> => {
    if (ca === undefined) return undefined
    const chosen = authorities.chosen(ca)
    if (chosen !== undefined) return chosen
    const had = old === undefined ? undefined : await authority(old)
    if (had !== undefined && idOf(had) === ca) return had
    throw new Refusal('ca-file', 'The chosen certificates are not known any more.', {
      next: 'Choose the CA file again.',
    })
  }

  const describe = async ({ ca, ...saved }: SavedConnection): Promise<Connection> => ({
    ...saved,
    ...(ca === undefined ? {} : { ca: await authorities.describe(ca) }),
    hasPassword: (await password(saved).catch(() => undefined)) !== undefined,
    ...deps.rules?.describe({ ...saved, ...(ca === undefined ? {} : { ca }) }),
  })

  return {
    authority,
    authorityOf,
    byId: (id) => repository.byId(id),
    must,
    password,
    setPassword,
    describe,
    list: () => Promise.all(repository.list().map(describe)),

    async save(draft, demo) {
      const checked = checkDraft(draft)
      const old = draft.id === undefined ? undefined : must(draft.id)
      const ca = await authorityOf(checked, old)
      const { name, baseUrl, username, callsPerSecond, unencrypted, proxy, partialBodies } = checked
      const saved: SavedConnection = {
        id: old?.id ?? random.id(),
        ...{ name, baseUrl, username, callsPerSecond },
        ...(ca === undefined ? {} : { ca }),
        ...(unencrypted === undefined ? {} : { unencrypted }),
        // A switch of its own, which no saving of the form sets back.
        ...(old?.readOnly ? { readOnly: true } : {}),
        ...(proxy === undefined ? {} : { proxy }),
        ...(partialBodies ? { partialBodies } : {}),
        demo: old?.demo ?? demo,
      }
      if (draft.password !== undefined && draft.password !== '') {
        await setPassword(saved, draft.password)
      }
      if (old && !sameAddress(old, saved)) await forget(old)
      repository.save(saved)
      return { saved, ...(old === undefined ? {} : { old }) }
    },

    setReadOnly(id, on) {
      const { readOnly: _before, ...rest } = must(id)
      const saved: SavedConnection = { ...rest, ...(on ? { readOnly: true } : {}) }
      repository.save(saved)
      return saved
    },

    async remove(id) {
      await forget(must(id))
      repository.remove(id)
    },
  }
}
