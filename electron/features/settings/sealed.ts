import { createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ReadableStream } from 'node:stream/web'
import { createGunzip, createGzip } from 'node:zlib'
import type { Decrypter, Stanza } from 'age-encryption'
import type { FileReader } from '../../platform/file-sink'
import { BackupRefused } from '../../store/backup'

// A back-up is a file of the `age` format (age-encryption.org/v1) for a passphrase, with gzipped lines in it: `age -d` and
// `gunzip` open it without this app.

/** Two to this power is the work of trying a passphrase: a quarter of a second and 128 MB. */
const workFactor = 17
/** What `age` itself chooses; a file that asks for more could take all memory. */
const mostWork = 18
const scryptLabel = Buffer.from('age-encryption.org/v1/scrypt')
/** No row is anywhere near it. */
const longestLine = 32 * 1024 * 1024

/** The passphrase does not open the file; where it is right all the same, the first lines of the file were changed. */
export class WrongPassphrase extends Error {
  override readonly name = 'WrongPassphrase'
}

const keyFrom = (passphrase: string, salt: Uint8Array, power: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const cost = { N: 2 ** power, r: 8, p: 1, maxmem: 2 ** (power + 11) }
    // The same words typed on another system may come in other bytes.
    scrypt(passphrase.normalize('NFC'), salt, 32, cost, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })

/** Loaded when somebody asks for a back-up: a start needs none of it. */
const library = async () => {
  const [age, { chacha20poly1305 }] = await Promise.all([
    import('age-encryption'),
    import('@noble/ciphers/chacha.js'),
  ])
  const lock = (key: Uint8Array) => chacha20poly1305(key, new Uint8Array(12))
  return { ...age, lock }
}

// The library's own would hold up the whole process for the time that a passphrase takes.
const recipient = (
  passphrase: string,
  power: number,
  { Stanza, lock }: Awaited<ReturnType<typeof library>>,
) => ({
  async wrapFileKey(fileKey: Uint8Array) {
    const salt = randomBytes(16)
    const key = await keyFrom(passphrase, Buffer.concat([scryptLabel, salt]), power)
    const body = lock(key).encrypt(fileKey)
    return [new Stanza(['scrypt', salt.toString('base64').replace(/=+$/, ''), String(power)], body)]
  },
})

const identity = (passphrase: string, { lock }: Awaited<ReturnType<typeof library>>) => ({
  async unwrapFileKey(stanzas: Stanza[]): Promise<Uint8Array> {
    const [{ args, body } = { args: [], body: new Uint8Array() }, ...others] = stanzas
    const [kind, salt = '', power = ''] = args
    if (kind !== 'scrypt') throw damaged('it is sealed in another way than with a passphrase')
    const saltBytes = Buffer.from(salt, 'base64')
    if (others.length > 0 || saltBytes.length !== 16 || !/^[1-9]\d?$/.test(power) || body.length !== 32) {
      throw damaged('its first lines were changed')
    }
    if (Number(power) > mostWork) throw damaged('trying a passphrase on it takes more memory than is allowed')
    const key = await keyFrom(passphrase, Buffer.concat([scryptLabel, saltBytes]), Number(power))
    try {
      return lock(key).decrypt(body)
    } catch {
      throw new WrongPassphrase()
    }
  },
})

const damaged = (reason: string): BackupRefused => new BackupRefused('damaged', reason)

type Bytes = AsyncIterable<Uint8Array>
/** The library's types are those of a browser. */
type AgeStream = globalThis.ReadableStream<Uint8Array>

/**
 * Seals texts with a passphrase, a piece at a time.
 * @param power less only for tests, which have no secrets
 */
export async function* seal(
  texts: Iterable<string>,
  passphrase: string,
  power = workFactor,
): Bytes & AsyncGenerator<Uint8Array> {
  const age = await library()
  const encrypter = new age.Encrypter()
  encrypter.addRecipient(recipient(passphrase, power, age))
  const packed = createGzip()
  const packing = pipeline(Readable.from(texts), packed)
  // Whoever reads is told.
  packing.catch(() => {})
  yield* (await encrypter.encrypt(asWeb(packed))) as unknown as Bytes
  await packing
}

const asWeb = (bytes: AsyncIterable<Uint8Array>) =>
  ReadableStream.from(bytes) as unknown as Parameters<Decrypter['decrypt']>[0] & AgeStream

/**
 * The lines of a sealed file, in this format or the one of versions before. Nothing is held but a piece of it. Throws
 * {@link WrongPassphrase}, or {@link BackupRefused} for what is no back-up or was changed or cut; lines may have been handed out
 * by then, and are worth nothing.
 */
export async function* unseal(file: FileReader, passphrase: string): AsyncGenerator<string> {
  const beginning = await firstBytes(file, earlier.length)
  const begins = (text: string | Buffer) => beginning.subarray(0, text.length).equals(Buffer.from(text))
  const plain = begins(earlier)
    ? unsealEarlier(file, passphrase)
    : begins('age-encryption.o')
      ? unsealAge(file, passphrase)
      : undefined
  if (plain === undefined) throw new BackupRefused('not-ours')
  const unpacked = createGunzip()
  const unpacking = pipeline(Readable.from(plain), unpacked)
  unpacking.catch(() => {})
  try {
    yield* linesOf(unpacked)
  } catch (cause) {
    const { code } = cause as { code?: unknown }
    if (typeof code !== 'string' || !code.startsWith('Z_')) throw cause
    throw damaged('it was changed or cut short')
  }
}

async function firstBytes(file: FileReader, count: number): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of file.bytes(0, Math.min(file.size, count))) pieces.push(piece)
  return Buffer.concat(pieces)
}

async function* unsealAge(file: FileReader, passphrase: string): Bytes & AsyncGenerator<Uint8Array> {
  const age = await library()
  const decrypter = new age.Decrypter()
  decrypter.addIdentity(identity(passphrase, age))
  let opened: number | undefined
  try {
    const plain = await decrypter.decrypt(asWeb(file.bytes(0, file.size)))
    opened = 0
    for await (const piece of plain as unknown as Bytes) {
      opened += piece.length
      yield piece
    }
  } catch (cause) {
    if (cause instanceof WrongPassphrase || cause instanceof BackupRefused || isOfFile(cause)) throw cause
    throw damaged(
      opened === undefined
        ? 'its first lines were changed or cut off'
        : `it was changed or cut short behind byte ${opened}`,
    )
  }
}

/** What the disk or the shell said, which says nothing about what is in the file. */
const isOfFile = (cause: unknown): boolean =>
  cause instanceof Error &&
  (cause.name === 'Refusal' || /^E[A-Z]+$/.test(String((cause as { code?: unknown }).code)))

/** Before it salt and nonce, behind it the sealed text and its tag. */
const earlier = Buffer.from('GUNGNIR-BACKUP-1\n')
const saltBytes = 16
const nonceBytes = 12
const tagBytes = 16

async function* unsealEarlier(file: FileReader, passphrase: string): Bytes & AsyncGenerator<Uint8Array> {
  const from = earlier.length + saltBytes + nonceBytes
  const to = file.size - tagBytes
  if (to <= from) throw damaged('it is cut short')
  const head = (await firstBytes(file, from)).subarray(earlier.length)
  const key = await keyFrom(passphrase, head.subarray(0, saltBytes), 17)
  const decipher = createDecipheriv('aes-256-gcm', key, head.subarray(saltBytes))
  decipher.setAAD(earlier)
  let begun = false
  for await (const piece of file.bytes(from, to)) {
    const plain = decipher.update(piece)
    // What a wrong key makes of it is noise; only the end of the file tells whether all of it is as it was.
    if (!begun && !(plain[0] === 0x1f && plain[1] === 0x8b)) throw new WrongPassphrase()
    begun = true
    yield plain
  }
  const tag: Uint8Array[] = []
  for await (const piece of file.bytes(to, file.size)) tag.push(piece)
  decipher.setAuthTag(Buffer.concat(tag))
  try {
    decipher.final()
  } catch {
    throw damaged('it was changed or cut short')
  }
}

/** Lines of UTF-8, none of them longer than any row. */
async function* linesOf(bytes: Bytes): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let pieces: Uint8Array[] = []
  let length = 0
  let line = 0
  const text = (): string => {
    line++
    try {
      return decoder.decode(Buffer.concat(pieces))
    } catch {
      throw damaged(`line ${line} is no text`)
    }
  }
  for await (const piece of bytes) {
    for (let at = 0; at < piece.length; ) {
      const end = piece.indexOf(0x0a, at)
      const part = piece.subarray(at, end < 0 ? piece.length : end)
      length += part.length
      if (length > longestLine) throw damaged(`line ${line + 1} is longer than any of a back-up`)
      pieces.push(part)
      if (end < 0) break
      yield text()
      pieces = []
      length = 0
      at = end + 1
    }
  }
  if (length > 0) yield text()
}
