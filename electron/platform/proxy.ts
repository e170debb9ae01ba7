import type { Session } from 'electron'

/**
 * The system's proxy for a URL, as Chromium finds it (PAC scripts included), in PAC words such as
 * `PROXY host:8080; DIRECT`. Only asked: the call itself goes through Node.
 */
export function proxyResolver(session: Pick<Session, 'resolveProxy'>): (url: string) => Promise<string> {
  return (url) => session.resolveProxy(url)
}
