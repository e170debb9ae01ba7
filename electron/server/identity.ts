import { readBaseUrl } from '../odin/base-url'

/** Whom a server takes us for, and where: what was made under one identity is never shown or sent under another. */
export interface Identity {
  readonly connectionId: string
  /** Scheme, host, port and base path, in one spelling. */
  readonly origin: string
  /** The user id that signs in. */
  readonly account: string
}

/** What of a connection says which server and account it means. */
export interface Address {
  readonly baseUrl: string
  readonly username: string
}

const spellings = new Map<string, string>()
/** More addresses than any person has connections: what reads many (an imported file) must not grow this for ever. */
const mostSpellings = 1_000

/**
 * One spelling for all that mean the same server: no slash at the end, the host in small letters, no default port.
 * Any other difference is another server. What is no address at all stays as it is.
 */
export function originOf(baseUrl: string): string {
  const known = spellings.get(baseUrl)
  if (known !== undefined) return known
  const read = readBaseUrl(baseUrl)
  const origin = read.ok ? read.url : baseUrl
  if (spellings.size >= mostSpellings) spellings.clear()
  spellings.set(baseUrl, origin)
  return origin
}

/** Scheme, host and port: what all connections to one machine share, whatever path and account they use. */
export function hostOf(baseUrl: string): string {
  const read = readBaseUrl(baseUrl)
  return read.ok ? read.origin : baseUrl
}

export function identityOf({ id, ...address }: Address & { readonly id: string }): Identity {
  return { connectionId: id, origin: originOf(address.baseUrl), account: address.username }
}

export function sameServer(a: string, b: string): boolean {
  return a === b || originOf(a) === originOf(b)
}

/** Whether two connections lead to the same account of the same server, so that a password for one is for the other. */
export function sameAddress(a: Address, b: Address): boolean {
  return a.username === b.username && sameServer(a.baseUrl, b.baseUrl)
}

/** Whether both are the same account of the same server, whatever connections lead there. */
export function sameAccount(
  a: Pick<Identity, 'origin' | 'account'>,
  b: Pick<Identity, 'origin' | 'account'>,
): boolean {
  return a.account === b.account && sameServer(a.origin, b.origin)
}

export function sameIdentity(a: Identity, b: Identity): boolean {
  return a.connectionId === b.connectionId && sameAccount(a, b)
}
