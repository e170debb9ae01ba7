import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'

const scheme = 'app'
const host = 'gungnir'

/** The page, and the only origin that may talk to the main process. */
export const pageUrl = `${scheme}://${host}/`

/** Must run before the app is ready. */
export function registerAppScheme(protocol: {
  registerSchemesAsPrivileged(schemes: { scheme: string; privileges: Record<string, boolean> }[]): void
}): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, codeCache: true } },
  ])
}

/** Whether a URL is of our own origin. Node's `URL.origin` is `null` for schemes that it does not know. */
export function isOurPage(url: string): boolean {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  return parsed?.protocol === `${scheme}:` && parsed.host === host
}

/** The page can reach nothing: everything it knows comes through the preload's functions. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

const headers = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/** What a build of the renderer may consist of; anything else is not served. */
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
}

/** An answer in the form that Electron's `registerBufferProtocol` takes. */
export interface PageAnswer {
  readonly statusCode: number
  readonly mimeType: string
  readonly charset: string
  readonly headers: Record<string, string>
  readonly data: Buffer
}

const answer = (statusCode: number, mimeType: string, data: Buffer): PageAnswer => ({
  statusCode,
  mimeType,
  charset: 'utf-8',
  headers,
  data,
})

const refusal = (statusCode: number): PageAnswer => answer(statusCode, 'text/plain', Buffer.alloc(0))

/** Answers `app://gungnir/…` from the files under `root`, and from nothing else. */
export function serveRenderer(
  root: string,
): (request: { readonly method: string; readonly url: string }) => Promise<PageAnswer> {
  const base = normalize(root) + sep
  return async ({ method, url }) => {
    if (method !== 'GET') return refusal(405)
    if (!isOurPage(url)) return refusal(404)
    const path = fileOf(new URL(url).pathname)
    const type = path === undefined ? undefined : types[extname(path)]
    if (path === undefined || type === undefined) return refusal(404)
    const file = join(base, path)
    if (!file.startsWith(base)) return refusal(404)
    try {
      return answer(200, type, await readFile(file))
    } catch {
      return refusal(404)
    }
  }
}

function fileOf(pathname: string): string | undefined {
  if (pathname === '/') return 'index.html'
  try {
    const path = decodeURIComponent(pathname).slice(1)
    const parts = path.split('/')
    // Backslashes and drive letters mean something on Windows; a build has none of these in a name.
    const odd = parts.some((part) => part === '' || part.startsWith('.') || /[\\:\0]/.test(part))
    return odd ? undefined : path
  } catch {
    return undefined
  }
}
