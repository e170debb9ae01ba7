import { X509Certificate } from 'node:crypto'
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'

/** Below these a key can be found out by others; browsers refuse them, too (CA/Browser Forum, Baseline Requirements 6.1.5). */
const fewestRsaBits = 2048
const weakCurves = new Set(['secp192r1', 'prime192v1', 'secp160r1', 'secp160k1', 'secp160r2', 'secp192k1'])

/** Signatures that can be forged, by the number of their algorithm. */
const weakSignatures: ReadonlyMap<string, string> = new Map([
  ['2a864886f70d010102', 'MD2'],
  ['2a864886f70d010103', 'MD4'],
  ['2a864886f70d010104', 'MD5'],
  ['2a864886f70d010105', 'SHA-1'],
  ['2b0e03021d', 'SHA-1'],
  ['2a8648ce3d0401', 'SHA-1'],
  ['2a8648ce380403', 'SHA-1'],
])

/**
 * What makes the certificates of a verified connection too weak to go by, in words; undefined when nothing does. An
 * authority's signature under itself proves nothing and is not asked for, its key is.
 */
export function weaknessOf(socket: Pick<TLSSocket, 'getPeerCertificate'>): string | undefined {
  const chain: X509Certificate[] = []
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true)
  // Ten: longer than any chain that is verified, and the last one is its own issuer.
  while (next?.raw !== undefined && chain.length < 10) {
    chain.push(new X509Certificate(next.raw))
    next = next.issuerCertificate === next ? undefined : next.issuerCertificate
  }
  for (const [depth, certificate] of chain.entries()) {
    const whose = depth === 0 ? 'the server’s certificate' : 'a certificate of its authority'
    const key = weakKey(certificate)
    if (key !== undefined) return `The key of ${whose} is too weak (${key}).`
    const isRoot = depth > 0 && certificate.issuer === certificate.subject
    const signature = isRoot ? undefined : weakSignatures.get(signatureOf(certificate.raw))
    if (signature !== undefined) return `The signature of ${whose} can be forged (${signature}).`
  }
  return undefined
}

function weakKey({ publicKey }: X509Certificate): string | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = publicKey
  const bits = details?.modulusLength
  if (bits !== undefined && bits < fewestRsaBits) return `${type?.toUpperCase() ?? 'RSA'} with ${bits} bits`
  const curve = details?.namedCurve
  return curve !== undefined && weakCurves.has(curve) ? `the curve ${curve}` : undefined
}

/** The object identifier of a certificate's signature algorithm, in hex (RFC 5280, 4.1.1.2); Node tells it only from 24.9 on. */
function signatureOf(der: Buffer): string {
  const certificate = inside(der, 0)
  const toBeSigned = inside(der, certificate.start)
  const algorithm = inside(der, toBeSigned.end)
  const { start, end } = inside(der, algorithm.start)
  return der.toString('hex', start, end)
}

/** Where the contents of the DER element at `at` begin and end (X.690, 8.1.3). */
function inside(der: Buffer, at: number): { start: number; end: number } {
  const first = der[at + 1] ?? 0
  if (first < 0x80) return { start: at + 2, end: at + 2 + first }
  const bytes = first & 0x7f
  const start = at + 2 + bytes
  return { start, end: start + der.readUIntBE(at + 2, bytes) }
}
