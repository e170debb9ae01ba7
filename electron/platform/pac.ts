/** One way to the server, as a proxy configuration names it. */
export type Route =
  | { readonly kind: 'direct' }
  | { readonly kind: 'proxy'; readonly host: string; readonly port: number; readonly secure: boolean }
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
        routes.push(proxy(where, false, text))
        break
      case 'HTTPS':
        routes.push(proxy(where, true, text))
        break
      default:
        routes.push({ kind: 'unsupported', text })
    }
  }
  return routes.length > 0 ? routes : [{ kind: 'direct' }]
}

function proxy(where: string, secure: boolean, text: string): Route {
  const found = /^(\[[0-9a-f:.]+\]|[^:[\]/@\s]+)(?::(\d{1,5}))?$/i.exec(where)
  const port = found?.[2] === undefined ? (secure ? 443 : 80) : Number(found[2])
  if (found?.[1] === undefined || port < 1 || port > 65_535) return { kind: 'unsupported', text }
  return { kind: 'proxy', host: found[1].replace(/^\[|\]$/g, ''), port, secure }
}
