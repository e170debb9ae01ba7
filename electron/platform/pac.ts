/** A proxy, and how it is spoken to. */
export interface ProxyRoute {
  readonly kind: 'proxy'
  readonly scheme: 'http' | 'https' | 'socks5'
  readonly host: string
  readonly port: number
}

/** One way to the server, as a proxy configuration names it. */
export type Route =
  | { readonly kind: 'direct' }
  | ProxyRoute
  | { readonly kind: 'unsupported'; readonly text: string }

/**
 * Reads the answer of a proxy auto-configuration, such as `PROXY cache:3128; DIRECT`, which is also the form
 * Chromium gives for a system's proxy settings.
 *
 * @returns The routes in the order in which to try them; direct when nothing is named.
 */
export function routesOf(answer: string): readonly Route[] {
  const routes: Route[] = []
  for (const part of answer.split(';')) {
    const text = part.trim()
    if (text === '') continue
    const [kind = '', where = ''] = text.split(/\s+/, 2)
    switch (kind.toUpperCase()) {
      case 'DIRECT':
        routes.push({ kind: 'direct' })
        break
      case 'PROXY':
      case 'HTTP':
        routes.push(proxy(where, 'http', text))
        break
      case 'HTTPS':
        routes.push(proxy(where, 'https', text))
        break
      case 'SOCKS5':
        routes.push(proxy(where, 'socks5', text))
        break
      default:
        routes.push({ kind: 'unsupported', text })
    }
  }
  return routes.length > 0 ? routes : [{ kind: 'direct' }]
}

const usualPorts = { http: 80, https: 443, socks5: 1080 } as const

/** What a proxy is called where its sign-in is kept and asked for. */
export const addressOf = ({ scheme, host, port }: ProxyRoute): string =>
  `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`.toLowerCase()

function proxy(where: string, scheme: ProxyRoute['scheme'], text: string): Route {
  const found = /^(\[[0-9a-f:.]+\]|[^:[\]/@\s]+)(?::(\d{1,5}))?$/i.exec(where)
  const port = found?.[2] === undefined ? usualPorts[scheme] : Number(found[2])
  if (found?.[1] === undefined || port < 1 || port > 65_535) return { kind: 'unsupported', text }
  return { kind: 'proxy', scheme, host: found[1].replace(/^\[|\]$/g, ''), port }
}
