import { basename } from 'node:path'
import * as z from 'zod'
import { Refusal } from '../../ipc/refusal'
import { readJson } from '../../odin/answer'
import type { OpenRequest, SaveSuggestion } from '../../platform/file-sink'
import { readAuthorities } from '../../platform/trust'
import type { SavedConnection } from '../../store/repositories/connections'
import { checkDraft } from './draft'

/** A connection as it is carried to another computer: no password, no id, and no folder of the computer it was made on. */
export type Carried = Omit<SavedConnection, 'id' | 'demo' | 'unencrypted'>

/** One of a file: what would come in, or why it cannot. */
export type ReadCarried = { readonly carried: Carried } | { readonly name: string; readonly problem: string }

const most = 500

const connectionsFile = z.object({
  format: z.literal('gungnir-connections'),
  version: z.literal(1),
  connections: z.array(z.unknown()).max(most),
})

const carriedShape = z.object({
  name: z.string().max(100),
  baseUrl: z.string().max(2000),
  username: z.string().max(200),
  callsPerSecond: z.number().min(0.5).max(100),
  ca: z.object({ file: z.string().max(300), pem: z.string().max(1_000_000) }).optional(),
  readOnly: z.boolean().optional(),
  proxy: z.string().max(300).optional(),
  partialBodies: z.boolean().optional(),
})

export const carriedSuggestion: SaveSuggestion = {
  name: 'gungnir-connections',
  extension: 'json',
  kind: 'Connections',
}

export const carriedRequest: OpenRequest = {
  title: 'Import connections',
  kind: 'Connections',
  extensions: ['json'],
  mostBytes: 20_000_000,
}

/** The file. Only what is named here goes into it, whatever else a connection comes to have. */
export function carriedText(connections: readonly Carried[]): string {
  const all = connections.map(
    ({ name, baseUrl, username, callsPerSecond, ca, readOnly, proxy, partialBodies }) => ({
      ...{ name, baseUrl, username, callsPerSecond },
      ...(ca?.pem === undefined ? {} : { ca: { file: basename(ca.file), pem: ca.pem } }),
      ...(readOnly ? { readOnly } : {}),
      // Its sign-in is in the keychain and stays there.
      ...(proxy === undefined ? {} : { proxy }),
      ...(partialBodies ? { partialBodies } : {}),
    }),
  )
  return `${JSON.stringify({ format: 'gungnir-connections', version: 1, connections: all }, null, 2)}\n`
}

/** Reads such a file, or says what is wrong with it. One that cannot be taken in takes no other with it. */
export function readCarried(file: string, bytes: Uint8Array): ReadCarried[] {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw unreadable(file)
  }
  const read = readJson(text, 100_000)
  const parsed = read.ok ? connectionsFile.safeParse(read.json) : undefined
  if (!parsed?.success) throw unreadable(file)
  return parsed.data.connections.map(readOne)
}

function readOne(value: unknown, at: number): ReadCarried {
  const parsed = carriedShape.safeParse(value)
  if (!parsed.success) return { name: `Connection ${at + 1}`, problem: 'It is damaged.' }
  const { ca, readOnly, ...draft } = parsed.data
  const name = draft.name.trim() || `Connection ${at + 1}`
  try {
    const { name, baseUrl, username, callsPerSecond, proxy, partialBodies } = checkDraft(draft)
    return {
      carried: {
        ...{ name, baseUrl, username, callsPerSecond },
        ...(ca === undefined ? {} : { ca: trusted(ca) }),
        ...(readOnly ? { readOnly: true } : {}),
        ...(proxy === undefined ? {} : { proxy }),
        ...(partialBodies ? { partialBodies } : {}),
      },
    }
  } catch (cause) {
    if (cause instanceof Refusal) return { name, problem: cause.message }
    throw cause
  }
}

/** What stands around the certificates is left out, and a path of another computer is never looked for on this one. */
function trusted({ file, pem }: { file: string; pem: string }): NonNullable<Carried['ca']> {
  const found = readAuthorities(pem)
  if (!found.ok) throw new Refusal('ca-file', found.problem)
  return { file: file.split(/[\\/]/).at(-1) || 'ca.pem', pem: found.pem.join('\n') }
}

const unreadable = (file: string) =>
  new Refusal('file', `${file} holds no connections of Gungnir.`, {
    next: 'Choose a file that Export connections has written.',
  })
