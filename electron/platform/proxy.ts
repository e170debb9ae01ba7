import type { Session } from 'electron'
import { isLoopback } from '../../shared/loopback'

/**
 * The system's proxy for a URL, as Chromium finds it (PAC scripts included), in PAC words such as
 * `PROXY host:8080; DIRECT`. Only asked: the call itself goes through Node.
 */
export function proxyResolver(session: Pick<Session, 'resolveProxy'>): (url: string) => Promise<string> {
  return (url) => session.resolveProxy(url)
}

const schemes: Readonly<Record<string, string>> = { 'http:': 'PROXY', 'https:': 'HTTPS', 'socks5:': 'SOCKS5' }
const usualPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443', 'socks5:': '1080' }

/** The way that an address of a proxy names, in PAC words; one that cannot be told is a way that leads nowhere. */
function wayOf(proxy: string): string {
  const url = URL.canParse(proxy) ? new URL(proxy) : undefined
  const scheme = url && schemes[url.protocol]
  if (url === undefined || scheme === undefined) return 'NOT-KNOWN'
  return `${scheme} ${url.hostname}:${url.port || usualPorts[url.protocol]}`
}

/**
 * The way that a person chose for a server: `none`, or the address of a proxy. What is said to a server on this computer may be
 * unencrypted, and does not leave it.
 */
function chosenWay(server: string, proxy: string): string {
  if (proxy === 'none') return 'DIRECT'
  const isHere = (address: string) => isLoopback(URL.parse(address)?.hostname ?? '')
  return isHere(server) && !isHere(proxy) ? 'DIRECT' : wayOf(proxy)
}

/**
 * The proxy that an organisation has set, for every call and in place of the system's; undefined where that holds. One that
 * cannot be told is a way that leads nowhere: no call goes past it.
 *
 * @param proxy `system`, `none`, an address such as `http://proxy.example.com:3128`, or anything else
 */
export function proxySet(proxy: string): ((url: string) => Promise<string>) | undefined {
  if (proxy === 'system') return undefined
  if (proxy === 'none') return async () => 'DIRECT'
  // A server on this computer is reached without any network, as by the system's settings.
  const way = wayOf(proxy)
  return async (address) => (isLoopback(new URL(address).hostname) ? 'DIRECT' : way)
}

/**
 * The way to a server: what the organisation has set, else what a person chose for it, else what the system says.
 * @param setByPolicy whether a policy says anything of proxies, `system` included
 */
export function proxyFor(
  policy: string,
  setByPolicy: boolean,
  system: (url: string) => Promise<string>,
): (url: string, chosen: string | undefined) => Promise<string> {
  const set = proxySet(policy)
  if (set !== undefined) return set
  return async (url, chosen) => (setByPolicy || chosen === undefined ? system(url) : chosenWay(url, chosen))
}
