import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createAuthorities, idOf } from '../../../../electron/features/connections/authorities'
import { makeCertificates } from '../platform/http-certificates'

const made = makeCertificates()
const file = '/home/me/ca.pem'

const setUp = (text: string | undefined = made.authority) => {
  const disk: { text: string | undefined } = { text }
  const authorities = createAuthorities({
    chooseFile: async () => file,
    readFile: async () => disk.text ?? Promise.reject(new Error('ENOENT')),
  })
  return { disk, authorities }
}

describe('an authority that a person chose', () => {
  test('is shown by its file’s name, whom it names and its fingerprint, and known by its text', async () => {
    const { authorities } = setUp(`notes of mine\n${made.authority}`)
    const chosen = await authorities.choose()
    const { fingerprint256 } = new X509Certificate(made.authority)
    expect(chosen).toMatchObject({
      file: 'ca.pem',
      certificates: [{ name: 'CN=Test authority', fingerprint: fingerprint256 }],
    })
    const kept = authorities.chosen(chosen?.id ?? '')
    expect(kept?.pem).toBe(made.authority.trim())
    expect(JSON.stringify(chosen)).not.toContain('notes of mine')
  })

  test('stays what it was when its file says something else, and that is said', async () => {
    const { disk, authorities } = setUp()
    const kept = await authorities.read(file)
    expect(await authorities.describe(kept)).not.toHaveProperty('changed')
    disk.text = made.selfSigned.cert
    expect(await authorities.describe(kept)).toMatchObject({ id: idOf(kept), changed: true })
    disk.text = undefined
    expect(await authorities.describe(kept)).not.toHaveProperty('changed')
  })

  test.each([
    ['is not there', undefined],
    ['is a key', made.good.key],
    ['is a secret of another kind', 'root:x:0:0'],
  ])('is refused when its file %s, without a word of what stands in it', async (_, text) => {
    const { disk, authorities } = setUp()
    disk.text = text
    const refusal = await authorities.choose().catch((cause: unknown) => cause)
    expect(refusal).toMatchObject({ kind: 'ca-file' })
    expect(String(refusal)).not.toContain('root')
  })
})
