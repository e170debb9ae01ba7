import type { Handlers } from '../../../shared/ipc/bridge'
import type { Output } from '../../../shared/ipc/contract'
import { Refusal, withFile } from '../../ipc/refusal'
import { type FileReader, type OpenReader, type SaveFile, writeAll } from '../../platform/file-sink'
import type { Storage } from '../../shell/storage'
import { BackupRefused, createRestore, dump } from '../../store/backup'
import { StoreError } from '../../store/errors'
import type { Replacement } from '../../store/replacement'
import type { Store } from '../../store/store'
import { seal, unseal, WrongPassphrase } from './sealed'
import type { Unsaved } from './unsaved'

const shortest = 8
/** Rows that are made durable together. */
const portion = 500

/** What went wrong with a back-up, in words that say what is true of the file and that nothing here has changed. */
function refusalOf(cause: unknown): unknown {
  if (cause instanceof WrongPassphrase) {
    return new Refusal('passphrase', 'This passphrase does not open the back-up. Nothing was changed.', {
      next: 'Type the one that was given when it was made. If it is surely that one, the beginning of the file was changed.',
    })
  }
  if (cause instanceof StoreError) {
    return new Refusal('disk', `${cause.message} Nothing was changed.`, {
      next: 'A restore needs as much room as what it brings. Make room and try again.',
    })
  }
  if (!(cause instanceof BackupRefused)) return cause
  if (cause.why === 'not-ours') {
    return new Refusal('file', 'This is no back-up of Gungnir.', { next: 'Choose another file.' })
  }
  if (cause.why === 'newer') {
    return new Refusal('file', 'This back-up was made by a newer Gungnir.', { next: 'Update Gungnir first.' })
  }
  return new Refusal('file', `This back-up is damaged: ${cause.reason}. Nothing was changed.`, {
    next: 'Choose another file.',
  })
}

/** Work that is on no server yet, each piece as a text that is equal only when the piece is. */
export interface WorkHere {
  /** Changes that were saved and not sent. */
  readonly changes: readonly string[]
  /** Edits that were not saved. */
  readonly edits: readonly Pick<Unsaved, 'text' | 'edits'>[]
}

/** Everything that is kept on this computer, to and from a file. Passwords stay in the keychain and are not in it. */
export function backupHandlers(deps: {
  readonly storage: Pick<Storage, 'store' | 'snapshot' | 'replacement'>
  readonly openReader: OpenReader
  readonly saveFile: SaveFile
  readonly hideSecret: (secret: string) => void
  /** What of a person's work is here now and would not be there afterwards. */
  readonly here: () => WorkHere
  /** From now on nothing is saved or sent: it would be in a database that is about to lie aside. */
  readonly hold: () => void
  /** Why none may be restored, in words. */
  readonly forbidden?: string | undefined
  /** Ends all work with the store; the app starts anew afterwards. */
  readonly beginAnew: () => void
}): Pick<Handlers, 'settings.backup' | 'settings.restore' | 'settings.replace'> {
  const { storage, openReader, saveFile, hideSecret, here, hold, beginAnew } = deps
  let busy = false
  /** A back-up that is read and whole, while a person is asked about what it would replace. */
  let asked: { readonly beside: Replacement; readonly about: ReadonlySet<string> } | undefined

  const drop = (): void => {
    asked?.beside.discard()
    asked = undefined
  }

  /**
   * Puts the back-up in place unless something is here that nobody has been asked about. Nothing can come between the look and
   * the replacing.
   */
  const replace = (beside: Replacement, agreed: ReadonlySet<string>): Output<'settings.replace'> => {
    const { changes, edits } = here()
    const all = new Set([...changes, ...edits.map(({ text }) => text)])
    if ([...all].some((one) => !agreed.has(one))) {
      asked = { beside, about: all }
      const unsaved = edits.reduce((sum, one) => sum + one.edits, 0)
      return { restored: false, asks: { changes: changes.length, unsaved, kept: !storage.store.volatile } }
    }
    asked = undefined
    beside.putInPlace()
    hold()
    beginAnew()
    return { restored: true }
  }

  /** One at a time: a second would take the place of what the first has made. */
  const alone = async <T>(work: () => Promise<T>): Promise<T> => {
    if (busy)
      throw new Refusal('busy', 'A back-up is being made or restored.', { next: 'Wait until it is done.' })
    busy = true
    try {
      return await work()
    } finally {
      busy = false
    }
  }

  return {
    'settings.backup': ({ passphrase }) =>
      alone(async () => {
        if ([...passphrase].length < shortest) {
          throw new Refusal('invalid', `A passphrase has at least ${shortest} characters.`, {
            next: 'Several words that only you would put together are best.',
          })
        }
        hideSecret(passphrase)
        const sink = await saveFile({
          name: 'gungnir',
          extension: 'gungnir-backup',
          kind: 'Gungnir back-up',
        })
        if (sink === undefined) return {}
        const snapshot = storage.snapshot?.()
        try {
          await withFile('written', writeAll(sink, seal(dump(snapshot ?? storage.store), passphrase)))
        } finally {
          snapshot?.close()
        }
        return { path: sink.path }
      }),

    'settings.restore': ({ passphrase }) =>
      alone(async () => {
        if (deps.forbidden !== undefined) {
          throw new Refusal(
            'policy',
            `No back-up can be restored: it would bring connections. ${deps.forbidden}.`,
          )
        }
        hideSecret(passphrase)
        drop()
        const { replacement } = storage
        if (replacement === undefined) {
          throw new Refusal('volatile', 'Nothing can be kept on this computer just now, a back-up neither.', {
            next: 'Unlock or install a keychain, start Gungnir again and restore then.',
          })
        }
        const file = await withFile(
          'read',
          openReader({
            title: 'Restore a back-up',
            kind: 'Gungnir back-up',
            extensions: ['gungnir-backup'],
          }),
        )
        if (file === undefined) return { restored: false }
        try {
          const beside = await replacement()
          try {
            await withFile('read', fill(beside.store, file, passphrase))
            return replace(beside, new Set())
          } catch (cause) {
            beside.discard()
            throw cause
          }
        } catch (cause) {
          throw refusalOf(cause)
        } finally {
          await file.close()
        }
      }),

    'settings.replace': (yes) =>
      alone(async () => {
        if (!yes) {
          drop()
          return { restored: false }
        }
        if (asked === undefined) {
          throw new Refusal('not-waiting', 'No back-up waits to be put in place.', {
            next: 'Restore it again.',
          })
        }
        const { beside, about } = asked
        try {
          return replace(beside, about)
        } catch (cause) {
          asked = undefined
          beside.discard()
          throw refusalOf(cause)
        }
      }),
  }
}

/** Fills an empty store with what is in the file; throws when any line of it is not as it should be. */
async function fill(store: Store, file: FileReader, passphrase: string): Promise<void> {
  const restore = createRestore(store)
  const lines: string[] = []
  const flush = (): void => {
    store.transaction(() => {
      for (const line of lines.splice(0)) restore.take(line)
    }, 'rereadable')
  }
  for await (const line of unseal(file, passphrase)) {
    lines.push(line)
    if (lines.length >= portion) flush()
  }
  flush()
  restore.finish()
  store.checkpoint()
}
