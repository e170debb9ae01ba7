import type { Authority, Connection, ConnectionDraft } from '../../../shared/ipc/contract'
import { isLoopback } from '../../../shared/loopback'
import { isProxyChoice, proxyExample } from '../../../shared/proxy'

/** The way to the server. An address stays in its box while another way is looked at. */
export interface ProxyValues {
  readonly way: 'system' | 'none' | 'this'
  readonly address: string
}

/** What the form holds: texts as typed. */
export interface FormValues {
  readonly name: string
  /** A person chose the name; otherwise it follows the host. */
  readonly named: boolean
  readonly baseUrl: string
  readonly username: string
  /** Empty: the one in the keychain stays. */
  readonly password: string
  readonly callsPerSecond: string
  readonly ca: Authority | undefined
  readonly proxy: ProxyValues
  readonly partialBodies: boolean
}

export type FormProblems = Partial<Record<keyof FormValues, string>>

export function valuesOf(connection: Connection | undefined): FormValues {
  return {
    name: connection?.name ?? '',
    named: connection !== undefined && connection.name !== hostOf(connection.baseUrl),
    baseUrl: connection?.baseUrl ?? '',
    username: connection?.username ?? '',
    password: '',
    callsPerSecond: String(connection?.callsPerSecond ?? 5),
    ca: connection?.ca,
    proxy: proxyOf(connection?.proxy),
    partialBodies: connection?.partialBodies ?? false,
  }
}

function proxyOf(kept: string | undefined): ProxyValues {
  if (kept === undefined) return { way: 'system', address: '' }
  return kept === 'none' ? { way: 'none', address: '' } : { way: 'this', address: kept }
}

function proxyChosen({ way, address }: ProxyValues): string | undefined {
  if (way === 'system') return undefined
  return way === 'none' ? way : address.trim()
}

/** The address with what a person leaves out who types only the server's name. */
export function completedUrl(text: string): string {
  const trimmed = text.trim()
  const bare = /^(?:[\w-]+(?:\.[\w-]+)+|localhost|\[[\da-f:]+\])(?::\d{1,5})?(\/.*)?$/i.exec(trimmed)
  if (bare === null || !URL.canParse(`https://${trimmed}`)) return trimmed
  const path = (bare[1] ?? '').replace(/\/+$/, '')
  return path === '' ? `https://${trimmed.replace(/\/+$/, '')}/api/v2` : `https://${trimmed}`
}

/** The form with this address; the name goes along until a person has chosen one. */
export const withUrl = (values: FormValues, baseUrl: string): FormValues => ({
  ...values,
  baseUrl,
  ...(values.named ? {} : { name: URL.parse(completedUrl(baseUrl))?.host ?? '' }),
})

export const withName = (values: FormValues, name: string): FormValues => ({
  ...values,
  name,
  named: name.trim() !== '',
})

/**
 * What to send, or what is missing.
 * @param hasPassword whether the keychain already has one, so that an empty box means "unchanged".
 */
export function readForm(
  values: FormValues,
  id: string | undefined,
  hasPassword: boolean,
): { readonly draft: ConnectionDraft } | { readonly problems: FormProblems } {
  const problems: Record<string, string> = {}
  const baseUrl = completedUrl(values.baseUrl)
  const username = values.username.trim()
  const calls = Number(values.callsPerSecond)
  const urlProblem = problemOfUrl(baseUrl)
  if (urlProblem) problems.baseUrl = urlProblem
  if (username === '') problems.username = 'Type the user name you sign in with.'
  if (values.password === '' && !hasPassword) problems.password = 'Type the password.'
  if (!Number.isFinite(calls) || calls < 0.5 || calls > 100) {
    problems.callsPerSecond = 'Type a number from 0.5 to 100.'
  }
  const proxy = proxyChosen(values.proxy)
  if (proxy !== undefined && !isProxyChoice(proxy)) {
    problems.proxy = /\/\/[^/]*@/.test(proxy)
      ? 'Leave name and password out of the address; they are asked for when the proxy wants them.'
      : `Type the address with its port. ${proxyExample}`
  }
  if (Object.keys(problems).length > 0) return { problems }
  return {
    draft: {
      ...(id === undefined ? {} : { id }),
      name: values.name.trim() || hostOf(baseUrl),
      baseUrl,
      username,
      ...(values.password === '' ? {} : { password: values.password }),
      callsPerSecond: calls,
      ...(values.ca === undefined ? {} : { ca: values.ca.id }),
      ...(proxy === undefined ? {} : { proxy }),
      ...(values.partialBodies ? { partialBodies: true } : {}),
    },
  }
}

/** Whether what is said to a server of this address can be read on the way there. */
export function isReadable(text: string): boolean {
  const url = URL.parse(text.trim())
  return url?.protocol === 'http:' && !isLoopback(url.hostname)
}

function problemOfUrl(text: string): string | undefined {
  if (text === '') return 'Type the address of the API, such as https://odin.example.com/api/v2.'
  const url = URL.parse(text)
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return 'Begin with https:// and the name of the server.'
  }
  if (url.username !== '' || url.password !== '') {
    return 'Leave user name and password out of the address; they have their own boxes.'
  }
  return undefined
}

const hostOf = (text: string) => URL.parse(text)?.host ?? text
