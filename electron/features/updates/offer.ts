import { createHash, createPublicKey, verify } from 'node:crypto'
import * as z from 'zod'

/** What a server offers, as it was signed: for one channel, system and processor, so that it is taken for no other. */
const signed = z.object({
  app: z.literal('gungnir'),
  channel: z.string(),
  platform: z.string(),
  arch: z.string(),
  version: z.string().regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/),
  /** What is new, for people. */
  notes: z.string().max(20_000).default(''),
  /** The share of computers that it is for by now. */
  percent: z.number().min(0).max(100).default(100),
  file: z.object({
    name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,200}$/),
    size: z.number().int().min(1).max(2_000_000_000),
    /** In base64. */
    sha512: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
  }),
})
export type Offer = z.output<typeof signed>

/** For which app an offer has to be. */
export interface Wanted {
  readonly channel: string
  readonly platform: string
  readonly arch: string
}

/** Why an offer is none, in words. */
export class NoOffer extends Error {}

/** The beginning of an Ed25519 key in the form that Node reads; the 32 bytes follow. */
const keyHead = Buffer.from('302a300506032b6570032100', 'hex')

/**
 * Reads what a server offers. Nothing of it is looked at before the signature is found to be that of the key. Throws
 * {@link NoOffer}.
 *
 * @param signature of exactly these bytes, in base64
 * @param publicKey 32 bytes of Ed25519 in base64
 */
export function readOffer(bytes: Uint8Array, signature: string, publicKey: string, wanted: Wanted): Offer {
  const key = createPublicKey({
    key: Buffer.concat([keyHead, Buffer.from(publicKey, 'base64')]),
    format: 'der',
    type: 'spki',
  })
  const given = Buffer.from(signature.trim(), 'base64')
  if (given.length !== 64 || !verify(null, bytes, key, given))
    throw new NoOffer('What the update server offers is not signed with the key that was set.')
  let raw: unknown
  try {
    raw = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    throw new NoOffer('What the update server offers cannot be read.')
  }
  const parsed = signed.safeParse(raw)
  if (!parsed.success) throw new NoOffer('What the update server offers cannot be read.')
  const offer = parsed.data
  const isOurs =
    offer.channel === wanted.channel && offer.platform === wanted.platform && offer.arch === wanted.arch
  if (!isOurs) throw new NoOffer('What the update server offers is for another channel, system or processor.')
  return offer
}

/** Whether a version is newer than another: the same and all older ones are not. */
export function isNewer(version: string, than: string): boolean {
  const parts = (text: string) => text.split('.').map((part) => Number.parseInt(part, 10) || 0)
  const [a, b] = [parts(version), parts(than)]
  for (let at = 0; at < 3; at++) {
    const [one = 0, other = 0] = [a[at], b[at]]
    if (one !== other) return one > other
  }
  return false
}

/**
 * Whether this computer is among the share that a version is for by now. It stays so while the share grows, and another version
 * begins with others.
 *
 * @param computer any text that stays the same here
 */
export function isAmong({ version, percent }: Pick<Offer, 'version' | 'percent'>, computer: string): boolean {
  const place = createHash('sha256').update(`${computer} ${version}`).digest().readUInt32BE(0) / 2 ** 32
  return place * 100 < percent
}
