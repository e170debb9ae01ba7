import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setImmediate as whenFree } from 'node:timers/promises'
import { unusedName } from './new-file'
import type { Bundle, Log, Random, SealedFiles } from './ports'

const ivBytes = 12
const tagBytes = 16
/** Encrypted or decrypted at a stretch: about a millisecond. Each piece is left to the garbage collector. */
const portion = 2 ** 20
/** Larger arrays begin where a 32-bit number may. */
const aligned = 8

const kinds = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array } as const

interface Head {
  readonly facts: unknown
  readonly arrays: readonly (readonly [width: 1 | 2 | 4, length: number])[]
}

const padded = (bytes: number): number => Math.ceil(bytes / aligned) * aligned

/**
 * Files of one folder, encrypted and authenticated with AES-256-GCM under a key derived from `key`. A file: IV, tag, then
 * encrypted the length of the head, the head as JSON and the arrays, each from a multiple of eight bytes on.
 */
export function sealedFiles(options: {
  readonly directory: string
  readonly key: Uint8Array
  readonly random: Pick<Random, 'bytes'>
  readonly log: Log
}): SealedFiles {
  const { directory, random, log } = options
  const key = Buffer.from(hkdfSync('sha256', options.key, '', 'gungnir sealed files', 32))
  // A name may hold what a file system forbids.
  const pathOf = (name: string): string =>
    join(directory, `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.sealed`)

  return {
    async read(name) {
      try {
        return await unsealed(pathOf(name), key)
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') log.warn('sealed-file.unreadable', { cause })
        return undefined
      }
    },

    async write(name, bundle) {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      const path = pathOf(name)
      const unfinished = unusedName(path)
      try {
        await seal(unfinished, bundle, key, random.bytes(ivBytes))
        await rename(unfinished, path)
      } catch (cause) {
        await rm(unfinished, { force: true })
        throw cause
      }
    },

    remove: (name) => rm(pathOf(name), { force: true }),

    async sweep(names) {
      const kept = new Set(Array.from(names, (name) => basename(pathOf(name))))
      try {
        for (const file of await readdir(directory)) {
          if (!kept.has(file)) await rm(join(directory, file), { force: true })
        }
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') log.warn('sealed-file.not-swept', { cause })
      }
    },
  }
}

async function seal(path: string, { facts, arrays }: Bundle, key: Buffer, iv: Uint8Array): Promise<void> {
  const head: Head = {
    facts,
    arrays: arrays.map(({ BYTES_PER_ELEMENT, length }) => [BYTES_PER_ELEMENT as 1 | 2 | 4, length]),
  }
  const text = Buffer.from(JSON.stringify(head))
  const lead = Buffer.alloc(padded(4 + text.length))
  lead.writeUInt32LE(text.length)
  text.copy(lead, 4)

  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const file = await open(path, 'wx', 0o600)
  try {
    let at = ivBytes + tagBytes
    const put = async (bytes: Uint8Array): Promise<void> => {
      for (let from = 0; from < bytes.length; from += portion) {
        const part = cipher.update(bytes.subarray(from, from + portion))
        await file.write(part, 0, part.length, at)
        at += part.length
      }
    }
    await put(lead)
    for (const { buffer, byteOffset, byteLength } of arrays) {
      await put(new Uint8Array(buffer, byteOffset, byteLength))
      await put(new Uint8Array(padded(byteLength) - byteLength))
    }
    cipher.final()
    await file.write(Buffer.concat([iv, cipher.getAuthTag()]), 0, ivBytes + tagBytes, 0)
    await file.datasync()
  } finally {
    await file.close()
  }
}

async function unsealed(path: string, key: Buffer): Promise<Bundle> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const front = Buffer.alloc(ivBytes + tagBytes)
    await file.read(front, 0, front.length, 0)
    const decipher = createDecipheriv('aes-256-gcm', key, front.subarray(0, ivBytes))
    decipher.setAuthTag(front.subarray(ivBytes))
    const clear = new Uint8Array(size - front.length)
    const sealed = Buffer.allocUnsafe(Math.min(portion, clear.length))
    for (let at = 0; at < clear.length; ) {
      const { bytesRead } = await file.read(sealed, 0, sealed.length, front.length + at)
      if (bytesRead === 0) throw new Error('The file ended early.')
      clear.set(decipher.update(sealed.subarray(0, bytesRead)), at)
      at += bytesRead
      await whenFree()
    }
    // Throws unless all of it is as it was written.
    decipher.final()
    return parsed(clear)
  } finally {
    await file.close()
  }
}

function parsed(clear: Uint8Array<ArrayBuffer>): Bundle {
  const view = Buffer.from(clear.buffer)
  const headBytes = view.readUInt32LE(0)
  const { facts, arrays } = JSON.parse(view.toString('utf8', 4, 4 + headBytes)) as Head
  let at = padded(4 + headBytes)
  return {
    facts,
    arrays: arrays.map(([width, length]) => {
      const numbers = new kinds[width](clear.buffer, at, length)
      at += padded(numbers.byteLength)
      return numbers
    }),
  }
}
