import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface Pair {
  readonly cert: string
  readonly key: string
}

export interface Certificates {
  /** The authority that signed all but `selfSigned` and `otherAuthority`. */
  readonly authority: string
  readonly good: Pair
  readonly expired: Pair
  readonly notYetValid: Pair
  readonly wrongHost: Pair
  readonly selfSigned: Pair
  /** Signed by the authority, with an RSA key of 1024 bits. */
  readonly shortKey: Pair
  /** Signed by the authority with SHA-1. */
  readonly sha1: Pair
  /** An authority with an RSA key of 1024 bits, and a certificate of it. */
  readonly weakAuthority: string
  readonly ofWeakAuthority: Pair
}

/** Makes an authority and the certificates that a client must accept or refuse, for 127.0.0.1 and localhost. */
export function makeCertificates(): Certificates {
  const dir = mkdtempSync(path.join(tmpdir(), 'gungnir-certificates-'))
  try {
    const file = (name: string) => path.join(dir, name)
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' })
    writeFileSync(
      file('ca.cnf'),
      [
        '[ca]',
        'default_ca = here',
        '[here]',
        'database = index.txt',
        'serial = serial',
        'new_certs_dir = .',
        'default_md = sha256',
        'policy = any',
        'unique_subject = no',
        'rand_serial = yes',
        '[any]',
        'commonName = supplied',
        '[here_ext]',
        'subjectAltName = DNS:localhost,IP:127.0.0.1',
        '[other_ext]',
        'subjectAltName = DNS:elsewhere.example',
      ].join('\n'),
    )
    writeFileSync(file('index.txt'), '')
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    const selfSign = (name: string, cn: string, ...more: string[]) =>
      openssl(
        ...['req', '-x509', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.pem`],
        ...['-days', '3650', '-subj', `/CN=${cn}`, ...more],
      )
    const sign = (
      name: string,
      extensions: string,
      from: string,
      to: string,
      { key = newKey, md = 'sha256', by = 'ca' }: { key?: string[]; md?: string; by?: string } = {},
    ) => {
      openssl('req', '-new', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`)
      openssl(
        ...['ca', '-batch', '-config', 'ca.cnf', '-cert', `${by}.pem`, '-keyfile', `${by}.key`, '-notext'],
        ...['-in', `${name}.csr`, '-out', `${name}.pem`, '-extensions', extensions],
        ...['-startdate', from, '-enddate', to, '-md', md],
      )
    }
    const shortKey = ['-newkey', 'rsa:1024', '-nodes']
    const pair = (name: string): Pair => ({
      cert: readFileSync(file(`${name}.pem`), 'utf8'),
      key: readFileSync(file(`${name}.key`), 'utf8'),
    })
    selfSign('ca', 'Test authority')
    selfSign('self', 'localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1')
    sign('good', 'here_ext', '20200101000000Z', '20990101000000Z')
    sign('expired', 'here_ext', '20200101000000Z', '20210101000000Z')
    sign('later', 'here_ext', '20980101000000Z', '20990101000000Z')
    sign('elsewhere', 'other_ext', '20200101000000Z', '20990101000000Z')
    sign('short', 'here_ext', '20200101000000Z', '20990101000000Z', { key: shortKey })
    sign('sha1', 'here_ext', '20200101000000Z', '20990101000000Z', { md: 'sha1' })
    openssl(
      ...['req', '-x509', ...shortKey, '-keyout', 'weak.key', '-out', 'weak.pem', '-days', '3650'],
      ...['-subj', '/CN=Weak authority'],
    )
    sign('weakly', 'here_ext', '20200101000000Z', '20990101000000Z', { by: 'weak' })
    return {
      authority: pair('ca').cert,
      good: pair('good'),
      expired: pair('expired'),
      notYetValid: pair('later'),
      wrongHost: pair('elsewhere'),
      selfSigned: pair('self'),
      shortKey: pair('short'),
      sha1: pair('sha1'),
      weakAuthority: pair('weak').cert,
      ofWeakAuthority: pair('weakly'),
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
