import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { Handlers } from '../../../shared/ipc/bridge'
import { Refusal, withFile } from '../../ipc/refusal'
import { type OpenFile, type SaveFile, writeAll } from '../../platform/file-sink'
import { localDay } from '../../platform/local-day'
import type { Clock } from '../../platform/ports'
import { BackupRefused, dump, restore } from '../../store/backup'
import type { Store } from '../../store/store'

/** Before it salt and nonce, behind it the sealed text and its tag. */
const magic = Buffer.from('GUNGNIR-BACKUP-1\n')
const saltBytes = 16
const nonceBytes = 12
const tagBytes = 16
/** About a quarter of a second and 128 MB for each passphrase that is tried. */
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 }
const mostBytes = 2_000_000_000
const shortest = 8

const keyFrom = (passphrase: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, 32, cost, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })

/** Seals a text with a passphrase (scrypt, AES-256-GCM). */
export async function seal(text: Buffer, passphrase: string): Promise<Buffer> {
  const salt = randomBytes(saltBytes)
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', await keyFrom(passphrase, salt), nonce)
  cipher.setAAD(magic)
  const sealed = Buffer.concat([cipher.update(await promisify(gzip)(text)), cipher.final()])
  return Buffer.concat([magic, salt, nonce, sealed, cipher.getAuthTag()])
}

/** Opens what {@link seal} made; undefined for a wrong passphrase or a file that was changed. */
export async function unseal(bytes: Buffer, passphrase: string): Promise<Buffer | undefined> {
  const from = magic.length + saltBytes + nonceBytes
  if (bytes.length < from + tagBytes || !bytes.subarray(0, magic.length).equals(magic)) {
    throw new BackupRefused('not-ours')
  }
  const salt = bytes.subarray(magic.length, magic.length + saltBytes)
  const nonce = bytes.subarray(magic.length + saltBytes, from)
  const decipher = createDecipheriv('aes-256-gcm', await keyFrom(passphrase, salt), nonce)
  decipher.setAAD(magic)
  decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes))
  try {
    const packed = Buffer.concat([
      decipher.update(bytes.subarray(from, bytes.length - tagBytes)),
      decipher.final(),
    ])
    return await promisify(gunzip)(packed, { maxOutputLength: mostBytes })
  } catch {
    return undefined
  }
}

const refusals: Readonly<Record<BackupRefused['why'], Refusal>> = {
  'not-ours': new Refusal('file', 'This is no back-up of Gungnir.', { next: 'Choose another file.' }),
  newer: new Refusal('file', 'This back-up was made by a newer Gungnir.', { next: 'Update Gungnir first.' }),
  damaged: new Refusal('file', 'This back-up is damaged. Nothing was changed.', {
    next: 'Choose another file.',
  }),
}

/** Everything that is kept on this computer, to and from a file. Passwords stay in the keychain and are not in it. */
export function backupHandlers(deps: {
  readonly store: Store
  readonly clock: Clock
  readonly openFile: OpenFile
  readonly saveFile: SaveFile
  readonly hideSecret: (secret: string) => void
  /** Changes that wait here and would be gone. */
  readonly unsent: () => number
  /** Where the database could not be opened and this session's is in memory: puts it aside and opens another. */
  readonly anew?: () => Promise<Store>
  /** Ends all work with the store; the app starts anew afterwards. */
  readonly beginAnew: () => void
}): Pick<Handlers, 'settings.backup' | 'settings.restore'> {
  const { store, clock, openFile, saveFile, hideSecret, unsent, anew, beginAnew } = deps

  return {
    async 'settings.backup'({ passphrase }) {
      if ([...passphrase].length < shortest) {
        throw new Refusal('invalid', `A passphrase has at least ${shortest} characters.`, {
          next: 'Several words that only you would put together are best.',
        })
      }
      hideSecret(passphrase)
      const day = localDay(clock.wall())
      const sink = await saveFile({
        name: `gungnir-${day}`,
        extension: 'gungnir-backup',
        kind: 'Gungnir back-up',
      })
      if (sink === undefined) return {}
      const parts: Buffer[] = []
      for (const text of dump(store)) {
        parts.push(Buffer.from(text))
        await new Promise((resolve) => setImmediate(resolve))
      }
      const sealed = await seal(Buffer.concat(parts), passphrase)
      await withFile('written', writeAll(sink, [sealed]))
      return { path: sink.path }
    },

    async 'settings.restore'({ passphrase }) {
      hideSecret(passphrase)
      const waiting = unsent()
      if (waiting > 0) {
        throw new Refusal('unsent', `${waiting} unsent changes wait here and would be lost.`, {
          next: 'Send, export or discard them first.',
        })
      }
      const request = {
        title: 'Restore a back-up',
        kind: 'Gungnir back-up',
        extensions: ['gungnir-backup'],
        mostBytes,
      }
      const file = await withFile('read', openFile(request))
      if (file === undefined) return { restored: false }
      try {
        const text = await unseal(Buffer.from(file.bytes), passphrase)
        if (text === undefined) {
          throw new Refusal('passphrase', 'The passphrase is wrong, or the file was changed.', {
            next: 'Type the passphrase that was given when the back-up was made.',
          })
        }
        const lines = text.toString('utf8').split('\n')
        restore(store, lines)
        if (anew !== undefined) {
          // Not before it is known that the file can be restored.
          const fresh = await anew()
          restore(fresh, lines)
          fresh.close()
        }
      } catch (error) {
        throw error instanceof BackupRefused ? refusals[error.why] : error
      }
      beginAnew()
      return { restored: true }
    },
  }
}
