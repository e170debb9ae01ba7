import * as z from 'zod'
import { isLoopback } from '../../../shared/loopback'
import { proxyAddress } from '../../../shared/proxy'

/** Others on the way can read what goes to any other. */
function isSafeAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password, search, hash } = new URL(text)
  if (username !== '' || password !== '' || search !== '' || hash !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
}

/** Registry and preference lists write a switch as 1 or 0. */
const yesNo = z.union([z.boolean(), z.literal(0).transform(() => false), z.literal(1).transform(() => true)])
const days = z.number().int().min(1).max(36_500)

/** A server that everybody of an organisation has. It carries no secret: a password is typed by a person. */
const preset = z.strictObject({
  name: z.string().trim().min(1).max(100),
  baseUrl: z
    .string()
    .max(2000)
    .refine(
      isSafeAddress,
      'it has to be an address that begins with https://, without a name or password in it',
    ),
  /** Left out: each person types an account of their own. */
  username: z.string().trim().min(1).max(200).optional(),
  callsPerSecond: z.number().min(0.5).max(100).default(5),
})
export type Preset = z.output<typeof preset>

/** Where newer versions are looked for, and the key that has to have signed what is found there. */
const updates = z.union([
  z.literal('off'),
  z.strictObject({
    url: z.url({ protocol: /^https$/, error: 'it has to be an address that begins with https://' }).max(2000),
    channel: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,30}$/, 'it has to be lower-case letters, digits and -')
      .default('latest'),
    publicKey: z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'it has to be 32 bytes of Ed25519 in base64'),
  }),
])
export type UpdateRule = z.output<typeof updates>

const proxy = z.union([
  z.enum(['system', 'none']),
  z
    .string()
    .regex(
      proxyAddress,
      'it has to be system, none or an address such as http://proxy.example.com:3128, without a name and password',
    ),
])

/** What an organisation may set. The keys are those of the file, the registry and the preferences. */
export const schemas = {
  connections: z.array(preset).max(100),
  lockConnections: yesNo,
  demo: yesNo,
  updates,
  readOnly: yesNo,
  historyMinimumDays: days,
  idleLockMinutes: z.number().int().min(1).max(1440),
  proxy,
  logLevel: z.enum(['error', 'warn', 'info']),
} as const
export type PolicyKey = keyof typeof schemas
export const presetSchema = preset

/** What holds in this run. */
export interface Rules {
  readonly connections: readonly Preset[]
  readonly lockConnections: boolean
  readonly demo: boolean
  /** Left out: a person decides. */
  readonly updates?: UpdateRule
  readonly readOnly: boolean
  /** History younger than this stays; `Infinity`: all of it does. */
  readonly historyMinimumDays: number
  /** `Infinity`: never. */
  readonly idleLockMinutes: number
  /** `unusable`: one was set, and cannot be told. No server is called then. */
  readonly proxy: string
  readonly logLevel: 'error' | 'warn' | 'info'
}

/** What holds where nobody has set anything. */
export const freely: Rules = {
  connections: [],
  lockConnections: false,
  demo: true,
  readOnly: false,
  historyMinimumDays: 0,
  idleLockMinutes: Number.POSITIVE_INFINITY,
  proxy: 'system',
  logLevel: 'info',
}

/**
 * What holds where something was set and cannot be told: of each lock the tightest. Nothing is lost by it, and all of it is
 * lifted by mending the policy. What gives instead of taking has no entry: it is not given.
 */
export const strictly = {
  lockConnections: true,
  demo: false,
  updates: 'off',
  readOnly: true,
  historyMinimumDays: Number.POSITIVE_INFINITY,
  idleLockMinutes: 5,
  proxy: 'unusable',
} as const satisfies Partial<Rules>
