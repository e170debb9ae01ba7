import type * as z from 'zod'
import { freely, type PolicyKey, type Preset, presetSchema, type Rules, schemas, strictly } from './schema'

/** One place where an organisation can set something, as it was found. */
export interface PolicySource {
  /** As a person finds it: a path or a key of the registry. */
  readonly place: string
  /** What is set there, by key; left out when it could not be read. */
  readonly values?: Readonly<Record<string, unknown>>
  /** Why it could not be read, in words. */
  readonly unreadable?: string
  /** Why somebody else than the administrator may have written it, in words. */
  readonly untrusted?: string
}

export interface Policy {
  readonly rules: Rules
  /** Where each key that holds was set. */
  readonly setBy: Readonly<Partial<Record<PolicyKey, string>>>
  /** What is wrong, each with the place, the key and the reason, in words. */
  readonly problems: readonly string[]
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }
type Taken = { readonly value: unknown } | { readonly problem: string }

const keys = Object.keys(schemas) as PolicyKey[]
/** What hangs only on a list that nobody else can have written. */
const giving: ReadonlySet<PolicyKey> = new Set(['connections', 'proxy', 'logLevel'])

/** No place was found in which anything is set. */
export const noPolicy: Policy = { rules: freely, setBy: {}, problems: [] }

/**
 * What holds, from every place where something may be set, the highest rank first. What cannot be understood is said, and
 * never makes a lock weaker than the tightest thing that it may have meant.
 */
export function policyOf(sources: readonly PolicySource[]): Policy {
  const rules: Writable<Rules> = { ...freely }
  const setBy: Partial<Record<PolicyKey, string>> = {}
  const problems: string[] = []

  const set = (key: PolicyKey, value: unknown, place: string): void => {
    if (setBy[key] !== undefined) return
    Object.assign(rules, { [key]: value })
    setBy[key] = place
  }
  const tighten = (key: PolicyKey, place: string): void => {
    if (Object.hasOwn(strictly, key)) set(key, strictly[key as keyof typeof strictly], place)
  }

  for (const source of sources) {
    const { place, values, unreadable, untrusted } = source
    if (values === undefined) {
      if (unreadable === undefined) continue
      problems.push(`${place}: ${unreadable} Until it can be read, everything that it could lock is locked.`)
      // The proxy stays the system's: that one was set is not known, and nothing is sent that changes anything.
      for (const key of keys) if (key !== 'proxy') tighten(key, place)
      continue
    }
    if (untrusted !== undefined) {
      problems.push(`${place}: ${untrusted} What it locks is locked, and nothing else of it counts.`)
    }
    // A misspelt one takes no place from the one that is spelt well.
    const given = Object.entries(values).sort(([a], [b]) => Number(keyOf(a) !== a) - Number(keyOf(b) !== b))
    for (const [name, raw] of given) {
      const key = keyOf(name)
      if (key === undefined) {
        problems.push(`${place}: there is no setting ${name.slice(0, 60)}.`)
        continue
      }
      if (key !== name) problems.push(`${place}: ${name} is written ${key}; it was taken for that.`)
      const taken = key === 'connections' ? presets(raw, place, problems) : take(key, raw)
      if ('problem' in taken) {
        problems.push(`${place}, ${key}: ${taken.problem}.${heldSo(key)}`)
        tighten(key, place)
        // Locked to a list that cannot be told, nobody gets anywhere.
        if (key === 'connections' && untrusted === undefined) set(key, [], place)
      } else if (untrusted === undefined) set(key, taken.value, place)
      else if (isLock(key, taken.value)) set(key, taken.value, place)
    }
  }
  return { rules, setBy, problems }
}

/** The key that is meant: one that is misspelt may be a lock. */
function keyOf(name: string): PolicyKey | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '')
  return keys.find((key) => key === name) ?? keys.find((key) => plain(key) === plain(name))
}

function take(key: PolicyKey, raw: unknown): Taken {
  const parsed = schemas[key].safeParse(raw)
  return parsed.success ? { value: parsed.data } : { problem: wordsOf(parsed.error) }
}

/** One that is wrong takes no other with it. */
function presets(raw: unknown, place: string, problems: string[]): Taken {
  if (!Array.isArray(raw)) return { problem: 'it has to be a list' }
  const good: Preset[] = []
  raw.slice(0, 100).forEach((one, at) => {
    const parsed = presetSchema.safeParse(one)
    if (parsed.success) good.push(parsed.data)
    else problems.push(`${place}, connections, number ${at + 1}: ${wordsOf(parsed.error)}. It was left out.`)
  })
  return { value: good }
}

/** Which place within the value is wrong and why; never the value itself, which may be a password in the wrong place. */
function wordsOf(error: z.ZodError): string {
  const leaves = error.issues.flatMap((issue) =>
    issue.code === 'invalid_union' ? (issue.errors.find((each) => each.some(isInside)) ?? [issue]) : [issue],
  )
  return leaves
    .slice(0, 3)
    .map((issue) => {
      const where = issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''
      if (issue.code === 'unrecognized_keys') return `${where}there is no setting ${issue.keys.join(', ')}`
      return `${where}${issue.message.replace(/^Invalid input: /, '').slice(0, 200)}`
    })
    .join('; ')
}
const isInside = ({ path, code }: z.core.$ZodIssue): boolean =>
  path.length > 0 || code === 'unrecognized_keys' || code === 'invalid_format'

const heldSo = (key: PolicyKey): string =>
  Object.hasOwn(strictly, key) ? ' Until that is mended the tightest holds.' : ' It does not count.'

/** Whether a value takes something away, which whoever wrote it may do. */
function isLock(key: PolicyKey, value: unknown): boolean {
  if (giving.has(key)) return false
  if (key === 'demo') return value === false
  if (key === 'updates') return value === 'off'
  return value !== false
}

/** What a person is told of something that is set for them. */
export const setByWords = (place: string): string => `Set by your organisation: ${place}`
