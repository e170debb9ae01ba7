import { execFileSync } from 'node:child_process'
import { createCipheriv, randomBytes, scryptSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { Decrypter, Encrypter } from 'age-encryption'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { seal, unseal } from '../../../../electron/features/settings/sealed'
import type { FileReader } from '../../../../electron/platform/file-sink'

const phrase = 'pässwords of mine'
const texts = ['{"a":1}\n{"b":"ü"}\n', '[1]\n']
const lines = ['{"a":1}', '{"b":"ü"}', '[1]']

const fileOf = (bytes: Uint8Array): FileReader => ({
  name: 'x',
  size: bytes.length,
  bytes: async function* (from, to) {
    for (let at = from; at < to; at += 1_000) yield bytes.subarray(at, Math.min(to, at + 1_000))
  },
  close: async () => {},
})

const sealed = async (of: Iterable<string> = texts, passphrase = phrase): Promise<Buffer> => {
  const parts: Uint8Array[] = []
  for await (const part of seal(of, passphrase, 10)) parts.push(part)
  return Buffer.concat(parts)
}
const opened = async (bytes: Uint8Array, passphrase = phrase): Promise<string[]> => {
  const found: string[] = []
  for await (const line of unseal(fileOf(bytes), passphrase)) found.push(line)
  return found
}
/** As versions before sealed it. */
const earlier = (text: Buffer): Buffer => {
  const magic = Buffer.from('GUNGNIR-BACKUP-1\n')
  const [salt, nonce] = [randomBytes(16), randomBytes(12)]
  const key = scryptSync(phrase.normalize('NFC'), salt, 32, { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 })
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(magic)
  const body = Buffer.concat([cipher.update(gzipSync(text)), cipher.final()])
  return Buffer.concat([magic, salt, nonce, body, cipher.getAuthTag()])
}
const library = async (packed: Uint8Array, work = 12): Promise<Uint8Array> => {
  const encrypter = new Encrypter()
  encrypter.setPassphrase(phrase)
  encrypter.setScryptWorkFactor(work)
  return encrypter.encrypt(packed)
}

let bytes: Buffer
let old: Buffer
beforeAll(async () => {
  // Not to be packed small, so that there are several chunks to cut and to change.
  const noise = Array.from({ length: 40 }, () => `"${randomBytes(6_000).toString('hex')}"\n`)
  bytes = await sealed(noise)
  old = earlier(Buffer.from(noise.join('')))
})

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gungnir-sealed-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a sealed file', () => {
  it('opens with its passphrase, in whichever bytes its letters are typed', async () => {
    const file = await sealed(texts, phrase.normalize('NFD'))
    expect(await opened(file, phrase.normalize('NFC'))).toEqual(lines)
    expect(await opened(file, phrase.normalize('NFD'))).toEqual(lines)
    expect(file.includes('"b"')).toBe(false)
  })

  it('is one of the age format, that others open, and opens what others made', async () => {
    const decrypter = new Decrypter()
    decrypter.addPassphrase(phrase.normalize('NFC'))
    const plain = await decrypter.decrypt(await sealed())
    expect(gunzipSync(plain).toString()).toBe(texts.join(''))
    expect(await opened(await library(gzipSync(texts.join(''))))).toEqual(lines)
  })

  const age = (() => {
    try {
      execFileSync('age', ['--version'], { stdio: 'ignore' })
      execFileSync('script', ['--version'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })()
  it.skipIf(!age)('opens with the program age', async () => {
    const [file, plain] = [join(folder, 'b.gungnir-backup'), join(folder, 'plain')]
    writeFileSync(file, await sealed(texts, 'four words of mine'))
    // The program asks at a terminal and nowhere else.
    execFileSync('script', ['-qec', `age -d -o ${plain} ${file}`, '/dev/null'], {
      input: 'four words of mine\n',
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    expect(execFileSync('gunzip', ['-c'], { input: execFileSync('cat', [plain]) }).toString()).toBe(
      texts.join(''),
    )
  })

  it('of versions before opens', async () => {
    expect(await opened(earlier(Buffer.from(texts.join(''))))).toEqual(lines)
  })
})

describe('says of a file what is true of it:', () => {
  const flipped = (of: Buffer, at: number): Buffer => {
    const copy = Buffer.from(of)
    const place = at < 0 ? of.length + at : at
    copy[place] = (copy[place] ?? 0) ^ 1
    return copy
  }

  it.each([
    ['this format', () => bytes],
    ['the one before', () => old],
  ])('a wrong passphrase (%s)', async (_what, file) => {
    await expect(opened(file(), 'other words')).rejects.toThrow(
      expect.objectContaining({ name: 'WrongPassphrase' }),
    )
  })

  it.each([
    ['changed near the end', () => flipped(bytes, -40)],
    ['changed in the middle', () => flipped(bytes, 100_000)],
    ['cut at the end', () => bytes.subarray(0, -1)],
    ['cut in the middle', () => bytes.subarray(0, 150_000)],
    ['cut at the end of a chunk', () => bytes.subarray(0, bytes.length - ((bytes.length - 200) % 65_552))],
    ['cut in the first lines', () => bytes.subarray(0, 40)],
    ['cut behind the first lines', () => bytes.subarray(0, 210)],
    ['longer by a byte', () => Buffer.concat([bytes, Buffer.from('x')])],
    ['of the earlier format, changed', () => flipped(old, 100_000)],
    ['of the earlier format, cut', () => old.subarray(0, -1)],
    ['of the earlier format, cut to its beginning', () => old.subarray(0, 30)],
  ])('one that was %s', async (_what, file) => {
    await expect(opened(file())).rejects.toThrow(/^damaged: .*(changed|cut)/)
  })

  it.each([
    ['nothing', ''],
    ['a text', 'nothing of ours'],
    ['the beginning of a word', 'GUNG'],
  ])('%s is no back-up', async (_what, text) => {
    await expect(opened(Buffer.from(text))).rejects.toThrow('not-ours')
  })

  it('one for a key instead of a passphrase', async () => {
    const encrypter = new Encrypter()
    encrypter.addRecipient('age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p')
    await expect(opened(await encrypter.encrypt('x'))).rejects.toThrow('sealed in another way')
  })

  it('one that would take all memory to try', async () => {
    const file = Buffer.from(bytes.toString('latin1').replace(/ 10\n/, ' 22\n'), 'latin1')
    await expect(opened(file)).rejects.toThrow('more memory than is allowed')
  })

  it('600 MB of zeros, packed', async () => {
    const zeros = Buffer.alloc(100_000_000)
    const packed = Buffer.concat(Array.from({ length: 6 }, () => gzipSync(zeros, { level: 1 })))
    await expect(opened(await library(packed))).rejects.toThrow('line 1 is longer than any')
  })

  it('what is no text', async () => {
    await expect(opened(await library(gzipSync(Buffer.from([0x7b, 0xe4, 0x0a]))))).rejects.toThrow(
      'line 1 is no text',
    )
  })
})
