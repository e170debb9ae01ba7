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
  const over = (way: string) => async (address: string) =>
    isLoopback(new URL(address).hostname) ? 'DIRECT' : way
  const url = URL.canParse(proxy) ? new URL(proxy) : undefined
  const scheme = url && schemes[url.protocol]
  if (url === undefined || scheme === undefined) return over('SET-BY-POLICY')
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return over(`${scheme} ${url.hostname}:${port}`)
}
