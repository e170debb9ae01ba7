import { isLoopback } from '../../shared/loopback'

/** Where the ODiN API of a server lies, as a person enters it. */
export type BaseUrl =
  | {
      readonly ok: true
      /** Without a trailing slash. */
      readonly url: string
      readonly origin: string
      readonly isSecure: boolean
      /** Where the API usually lies on this host, if that is not what was entered. */
      readonly usually?: string
      /** Why a careful person would not use it, in words. */
      readonly warning?: string
    }
  | {
      readonly ok: false
      readonly problem: string
      /** What was probably meant. It is proposed, never used unasked: the password goes to this address. */
      readonly proposal?: string
    }

const usualPath = '/api/v2'

/** @param text For example `https://odin.example.com/api/v2`. */
export function readBaseUrl(text: string): BaseUrl {
  const trimmed = text.trim()
  if (trimmed === '') return { ok: false, problem: 'The base URL is missing.' }
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) {
    const proposal = proposed(`https://${trimmed.replace(/^\/+/, '')}`)
    return {
      ok: false,
      problem: 'The base URL must begin with https:// (or http:// for a server on this computer).',
      ...(proposal === undefined ? {} : { proposal }),
    }
  }
  let url: URL
  try {
    url = new URL(trimmed)
  } catch {
    return { ok: false, problem: 'The base URL is not a valid address.' }
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return { ok: false, problem: `The base URL must begin with https://, not ${url.protocol}//.` }
  }
  if (url.username !== '' || url.password !== '') {
    const proposal = proposed(`${url.protocol}//${url.host}${url.pathname}`)
    return {
      ok: false,
      problem: 'The base URL must not contain a user name or password: enter them in their own fields.',
      ...(proposal === undefined ? {} : { proposal }),
    }
  }
  if (url.search !== '' || url.hash !== '') {
    return {
      ok: false,
      problem: 'The base URL must end with the path, without ? or #.',
      proposal: `${url.origin}${url.pathname}`,
    }
  }
  const isSecure = url.protocol === 'https:'
  const path = url.pathname.replace(/\/+$/, '')
  const warning =
    'With http:// the password and everything else crosses the network readable by others. Use https://.'
  return {
    ok: true,
    url: `${url.origin}${path}`,
    origin: url.origin,
    isSecure,
    ...(path.endsWith(usualPath) ? {} : { usually: `${url.origin}${path}${usualPath}` }),
    ...(isSecure || isLoopback(url.hostname) ? {} : { warning }),
  }
}

function proposed(text: string): string | undefined {
  const read = URL.canParse(text) ? new URL(text) : undefined
  if (read === undefined || read.hostname === '' || read.username !== '') return undefined
  const path = read.pathname.replace(/\/+$/, '')
  return `${read.origin}${path === '' ? usualPath : path}`
}

/** Whether what is said to a server of this address can be read on the way there. */
export function isReadable(baseUrl: string): boolean {
  const base = readBaseUrl(baseUrl)
  return base.ok && base.warning !== undefined
}
