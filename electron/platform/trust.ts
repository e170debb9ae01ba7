import { createHash, X509Certificate } from 'node:crypto'
import tls from 'node:tls'

/** Whom a certificate names, in one line, and its SHA-256 fingerprint. */
export interface NamedCertificate {
  readonly name: string
  readonly fingerprint: string
}

export type Authorities =
  | { readonly ok: true; readonly pem: readonly string[]; readonly certificates: readonly NamedCertificate[] }
  | { readonly ok: false; readonly problem: string }

const block = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+?-----END CERTIFICATE-----/g

/**
 * Reads the text of a CA file. OpenSSL skips what it cannot read without a word, and the person would then be
 * told that the server's certificate is untrusted: so every block is parsed here first.
 *
 * @param text PEM, one or more certificates; anything around them is ignored.
 * @returns The certificates and whom they name, or what is wrong with the file, in words.
 */
export function readAuthorities(text: string): Authorities {
  const blocks = text.match(block) ?? []
  if (blocks.length === 0) {
    return {
      ok: false,
      problem: 'The CA file holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).',
    }
  }
  const certificates: NamedCertificate[] = []
  for (const [index, pem] of blocks.entries()) {
    try {
      const { subject, fingerprint256 } = new X509Certificate(pem)
      certificates.push({ name: subject.split('\n').join(', ').slice(0, 500), fingerprint: fingerprint256 })
    } catch {
      return { ok: false, problem: `Certificate ${index + 1} of the CA file is damaged.` }
    }
  }
  return { ok: true, pem: blocks, certificates }
}

export type TrustAnswer =
  | { readonly ok: true; readonly context: tls.SecureContext }
  | { readonly ok: false; readonly problem: string }

export interface Trust {
  /** @param ca PEM text of authorities trusted besides the operating system's and the bundled ones. */
  contextFor(ca: string | undefined): TrustAnswer
}

/** What newer runtimes know about the machine's authorities. Node 22.15 and later. */
type CertificateStores = { getCACertificates?: (type: 'system' | 'extra') => string[] }

function storeOf(type: 'system' | 'extra', runtime: CertificateStores): string[] {
  try {
    return runtime.getCACertificates?.(type) ?? []
  } catch {
    return []
  }
}

/**
 * Decides which authorities a server's certificate may come from. Verification itself is never switched off.
 *
 * @param runtime Node's tls module; tests pass one with another system store.
 */
export function createTrust(runtime: CertificateStores = tls as CertificateStores): Trust {
  let common: readonly string[] | undefined
  const contexts = new Map<string, tls.SecureContext>()

  const build = (extra: readonly string[]) => {
    // Reading the system store takes up to a second on some systems, so it is read once and when first needed.
    common ??= [
      ...new Set([...tls.rootCertificates, ...storeOf('system', runtime), ...storeOf('extra', runtime)]),
    ]
    return tls.createSecureContext({ ca: [...common, ...extra] })
  }

  return {
    contextFor(ca) {
      const key = ca === undefined ? '' : createHash('sha256').update(ca).digest('hex')
      const known = contexts.get(key)
      if (known !== undefined) return { ok: true, context: known }
      let extra: readonly string[] = []
      if (ca !== undefined) {
        const read = readAuthorities(ca)
        if (!read.ok) return read
        extra = read.pem
      }
      const context = build(extra)
      if (contexts.size >= 16) contexts.clear()
      contexts.set(key, context)
      return { ok: true, context }
    },
  }
}
