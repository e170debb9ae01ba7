import { X509Certificate } from 'node:crypto'
import type { DetailedPeerCertificate } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { weaknessOf } from '../../../../electron/platform/weak-certificates'
import { makeCertificates } from './http-certificates'

const made = makeCertificates()

/** What a socket says of its peer: each certificate with its issuer, the last one its own. */
const peer = (...chain: string[]) => {
  const raws = chain.map((pem) => ({ raw: new X509Certificate(pem).raw }) as DetailedPeerCertificate)
  for (const [index, one] of raws.entries()) one.issuerCertificate = raws[index + 1] ?? one
  return { getPeerCertificate: () => raws[0] as DetailedPeerCertificate }
}

describe('a chain of certificates', () => {
  test.each([
    [
      'a short key',
      [made.shortKey.cert, made.authority],
      'The key of the server’s certificate is too weak (RSA with 1024 bits).',
    ],
    [
      'SHA-1',
      [made.sha1.cert, made.authority],
      'The signature of the server’s certificate can be forged (SHA-1).',
    ],
    [
      'an authority with a short key',
      [made.ofWeakAuthority.cert, made.weakAuthority],
      'The key of a certificate of its authority is too weak (RSA with 1024 bits).',
    ],
    [
      'SHA-1 in the middle',
      [made.good.cert, made.sha1.cert, made.authority],
      'The signature of a certificate of its authority can be forged (SHA-1).',
    ],
  ])('is weak with %s', (_, chain, said) => {
    expect(weaknessOf(peer(...chain))).toBe(said)
  })

  test('is strong enough otherwise, and a socket without one says nothing', () => {
    expect(weaknessOf(peer(made.good.cert, made.authority))).toBeUndefined()
    expect(weaknessOf(peer(made.selfSigned.cert))).toBeUndefined()
    expect(weaknessOf({ getPeerCertificate: () => ({}) as DetailedPeerCertificate })).toBeUndefined()
  })
})
