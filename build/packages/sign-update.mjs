// `npm run sign-update`: says what a new version is and signs that, for a server of updates. docs/updates.md tells how.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

/** @returns the public half as a policy has it: 32 bytes in base64 */
export function publicText(privatePem) {
  return createPublicKey(createPrivateKey(privatePem))
    .export({ format: 'der', type: 'spki' })
    .subarray(-32)
    .toString('base64')
}

/**
 * What is put on the server for one file.
 * @returns the file of the offer, its bytes and their signature in base64
 */
export function signedOffer({ file, bytes, privatePem, version, platform, arch, channel, notes, percent }) {
  if (!/^\d+\.\d+\.\d+$/.test(version ?? '')) throw new Error('--version takes three numbers, such as 1.3.0')
  if (!['linux', 'win32', 'darwin'].includes(platform ?? ''))
    throw new Error('--platform takes linux, win32 or darwin')
  if (!['x64', 'arm64'].includes(arch ?? '')) throw new Error('--arch takes x64 or arm64')
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(file))
    throw new Error(`the name ${file} has other characters than letters, digits, dot, - and _`)
  if (!(percent >= 0 && percent <= 100)) throw new Error('--percent takes a number from 0 to 100')
  const key = createPrivateKey(privatePem)
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('the key is no Ed25519 key')
  const sha512 = createHash('sha512').update(bytes).digest('base64')
  const offer = {
    ...{ app: 'gungnir', channel, platform, arch, version, notes, percent },
    file: { name: file, size: bytes.length, sha512 },
  }
  const text = Buffer.from(`${JSON.stringify(offer, null, 2)}\n`)
  return {
    name: `${channel}-${platform}-${arch}.json`,
    bytes: text,
    signature: `${sign(null, text, key).toString('base64')}\n`,
  }
}

function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'new-key': { type: 'string' },
      key: { type: 'string' },
      version: { type: 'string' },
      platform: { type: 'string' },
      arch: { type: 'string' },
      channel: { type: 'string', default: 'latest' },
      notes: { type: 'string' },
      percent: { type: 'string', default: '100' },
    },
  })
  const fresh = values['new-key']
  if (fresh !== undefined) {
    // A key that is written over signs nothing any more that computers believe.
    if (existsSync(fresh)) throw new Error(`${fresh} is there already`)
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' })
    writeFileSync(fresh, pem, { flag: 'wx', mode: 0o600 })
    console.log(`The private key is in ${fresh}. "publicKey" for the policy:\n${publicText(pem)}`)
    return
  }
  const [path] = positionals
  if (path === undefined || values.key === undefined) throw new Error('name the file, and its key with --key')
  const made = signedOffer({
    ...values,
    file: basename(path),
    bytes: readFileSync(path),
    privatePem: readFileSync(values.key, 'utf8'),
    notes: values.notes === undefined ? '' : readFileSync(values.notes, 'utf8').trim(),
    percent: Number(values.percent),
  })
  const place = join(dirname(path), made.name)
  writeFileSync(place, made.bytes)
  writeFileSync(`${place}.sig`, made.signature)
  console.log(`${place}\n${place}.sig`)
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    main()
  } catch (error) {
    console.error(`Not signed: ${error.message}.`)
    process.exitCode = 1
  }
}
