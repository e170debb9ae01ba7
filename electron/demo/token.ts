import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { refusals } from './refusal'

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Issues and reads the bearer tokens of one server: JWT, HS256, with the account's name encrypted inside. */
export class Tokens {
  readonly #key = randomBytes(32)
  readonly #lifetimeSeconds: number
  readonly #revoked = new Set<string>()
  #generation = 0
  #count = 0

  constructor(lifetimeSeconds: number) {
    this.#lifetimeSeconds = lifetimeSeconds
  }

  issue(username: string): string {
    const iat = Math.floor(Date.now() / 1000)
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce)
    const clear = JSON.stringify([username, this.#generation, ++this.#count])
    const data = Buffer.concat([nonce, cipher.update(clear, 'utf8'), cipher.final(), cipher.getAuthTag()])
    const unsigned = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode({
      iss: 'gungnir-demo',
      iat,
      nbf: iat,
      exp: iat + this.#lifetimeSeconds,
      data: data.toString('base64'),
    })}`
    return `${unsigned}.${this.#sign(unsigned)}`
  }

  /** The username in a valid token; refuses any other with 401. */
  read(token: string): string {
    const [header = '', claims = '', signature = ''] = token.split('.')
    const expected = Buffer.from(this.#sign(`${header}.${claims}`))
    const given = Buffer.from(signature)
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
      throw refusals.token('Token signature could not be verified')
    }
    // Signed by us, so it is what `issue` wrote.
    const { exp, data } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as {
      exp: number
      data: string
    }
    const sealed = Buffer.from(data, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, 12))
    decipher.setAuthTag(sealed.subarray(-16))
    const clear = Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString()
    const [username, generation] = JSON.parse(clear) as [string, number, number]
    if (Date.now() >= exp * 1000) throw refusals.token('Token has expired')
    if (generation !== this.#generation || this.#revoked.has(token)) {
      throw refusals.token('Token has been revoked')
    }
    return username
  }

  revoke(token: string): void {
    this.#revoked.add(token)
  }

  /** Ends every session, as a restart of the real server's back end does. */
  revokeAll(): void {
    this.#generation += 1
    this.#revoked.clear()
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url')
  }
}
