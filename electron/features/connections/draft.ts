import type { ConnectionDraft } from '../../../shared/ipc/contract'
import { isProxyChoice, proxyExample } from '../../../shared/proxy'
import { Refusal } from '../../ipc/refusal'
import { readBaseUrl } from '../../odin/base-url'

/** A draft that can be used: trimmed, and its address in one canonical spelling. */
export interface CheckedDraft {
  readonly name: string
  /** Without a slash at the end. */
  readonly baseUrl: string
  readonly username: string
  readonly callsPerSecond: number
  /** The id of an authority. */
  readonly ca?: string
  readonly unencrypted?: true
  /** `none`, or the address of a proxy. */
  readonly proxy?: string
  readonly partialBodies?: true
}

/** Checks what a person typed. Throws a `Refusal` that says what is wrong with which field. */
export function checkDraft(draft: ConnectionDraft): CheckedDraft {
  const base = readBaseUrl(draft.baseUrl)
  if (!base.ok) {
    const next = base.proposal === undefined ? {} : { next: `Did you mean ${base.proposal}?` }
    throw new Refusal('bad-base-url', base.problem, next)
  }
  const username = draft.username.trim()
  if (username === '') {
    throw new Refusal('no-username', 'Username is empty.', { next: 'Type the user id you sign in with.' })
  }
  const proxy = draft.proxy?.trim().replace(/\/$/, '')
  if (proxy !== undefined && !isProxyChoice(proxy)) {
    throw new Refusal('bad-proxy', 'That is no address of a proxy.', { next: proxyExample })
  }
  return {
    name: draft.name.trim() || new URL(base.url).host,
    baseUrl: base.url,
    username,
    callsPerSecond: draft.callsPerSecond,
    ...(draft.ca ? { ca: draft.ca } : {}),
    ...(proxy === undefined ? {} : { proxy }),
    ...(draft.partialBodies ? { partialBodies: true } : {}),
    // Agreed to for this address alone, and needless elsewhere.
    ...(base.warning !== undefined && draft.unencrypted === true ? { unencrypted: true } : {}),
  }
}
