import type { ConnectionDraft } from '../../../shared/ipc/contract'
import { Refusal } from '../../ipc/refusal'

/** A draft that can be used: trimmed, and its address in one canonical spelling. */
export interface CheckedDraft {
  readonly name: string
  /** Without a slash at the end, query, fragment, user or password. */
  readonly baseUrl: string
  readonly username: string
  readonly callsPerSecond: number
  readonly caFile?: string
}

/** Checks what a person typed. Throws a `Refusal` that names the field and what is wrong with it. */
export function checkDraft(draft: ConnectionDraft): CheckedDraft {
  const baseUrl = checkBaseUrl(draft.baseUrl)
  const username = draft.username.trim()
  if (username === '')
    throw new Refusal('invalid', 'Username is empty.', { next: 'Type the user id you sign in with.' })
  const caFile = draft.caFile?.trim()
  return {
    name: draft.name.trim() || new URL(baseUrl).host,
    baseUrl,
    username,
    callsPerSecond: draft.callsPerSecond,
    ...(caFile ? { caFile } : {}),
  }
}

const example = 'It looks like https://odin.example.net/api/v2.'

function checkBaseUrl(typed: string): string {
  const text = typed.trim()
  if (text === '') throw new Refusal('invalid', 'Base URL is empty.', { next: example })
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.hostname === '') {
    throw new Refusal('invalid', 'Base URL is not a web address.', { next: example })
  }
  if (url.username !== '' || url.password !== '') {
    throw new Refusal('invalid', 'Base URL must not contain a user name or password.', {
      next: 'Type them in their own fields: the password then goes to the keychain.',
    })
  }
  if (url.search !== '' || url.hash !== '') {
    throw new Refusal('invalid', 'Base URL must end with its path, without ? or #.', { next: example })
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

/** Whether calls stay on this computer, where being offline does not matter and nobody listens in. */
export function isLoopback(baseUrl: string): boolean {
  const { hostname } = new URL(baseUrl)
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}
