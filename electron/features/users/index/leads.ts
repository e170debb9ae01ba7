import {
  type Enterprise,
  type Leading,
  leadings,
  leadOfAll,
  notForwarded,
  numbersIn,
} from '../../../../shared/query/forwarding'
import type { Pause } from '../../../platform/pause'
import type { Column } from './column'
import { nothing, type TextPool } from './pool'

/** Rows looked at between two looks at the clock. */
const rowsAtOnce = 4096
/** More different texts than any pool has. */
const mostTexts = 2 ** 26

/** What of an index decides where forwardings lead. */
export interface LeadSource {
  readonly rows: () => number
  readonly isDead: (row: number) => boolean
  readonly forwardedTo: Column
  readonly serviceProviderId: Column
  readonly groupId: Column
  readonly phoneNumber: Column
  readonly extension: Column
  readonly userId: Column
  /** The texts of forwardings, phone numbers and extensions. */
  readonly numbers: TextPool
  /** The texts of service providers and groups. */
  readonly scopes: TextPool
  /** The texts of user ids. */
  readonly ids: TextPool
}

/** How {@link leadsOf} says where the forwardings of a row lead. */
export const leadFlag = (to: Leading): number => leadings.indexOf(to) + 1

/**
 * Where the forwardings of each row lead; 0 where calls are not forwarded or that is not known. A number is held against those
 * of all users of the enterprise, so one new user can change what many rows say: it is made anew then, when it is asked for.
 */
export async function leadsOf(of: LeadSource, pause: Pause): Promise<Uint8Array> {
  const each = async (look: (row: number) => void): Promise<void> => {
    for (let row = 0; row < of.rows(); row++) {
      if (!of.isDead(row)) look(row)
      if (row % rowsAtOnce === rowsAtOnce - 1 && pause.due()) await pause.wait()
    }
  }

  /** The lines to which users are forwarded, numbered. */
  const lines = new Map<string, number>()
  const domains = new Set<string>()
  const forwards = new Map<number, readonly string[]>()
  await each((row) => {
    const value = of.forwardedTo.get(row)
    if (value === nothing || forwards.has(value)) return
    const own = of.numbers.lines(value)
    forwards.set(value, own)
    for (const line of numbersIn(own).flat()) {
      if (line.includes('@')) domains.add(line.slice(line.indexOf('@') + 1))
      else if (!lines.has(line)) lines.set(line, lines.size)
    }
  })
  const flags = new Uint8Array(of.rows())
  if (lines.size === 0 && domains.size === 0 && forwards.size < 2) {
    const [only] = forwards.values()
    if (only === undefined || only[0] === notForwarded) return flags
  }

  const [providerAt, groupAt] = [of.serviceProviderId, of.groupId].map((cells) => {
    // The texts of a group are its id and its name, and not everybody's may have the same name yet.
    const byValue = new Map<number, number>()
    const byId = new Map<string, number>()
    return (row: number): number => {
      const value = cells.get(row)
      let number = byValue.get(value)
      if (number === undefined) {
        const id = of.scopes.original(value).split('\n', 1)[0] as string
        number = byId.get(id) ?? byId.size
        byId.set(id, number)
        byValue.set(value, number)
      }
      return number
    }
  }) as [(row: number) => number, (row: number) => number]

  const knownLines = new Set<number>()
  const knownDomains = new Set<string>()
  /** By group: a bit for each length. */
  const lengths = new Map<number, number>()
  /** Of each text: which of the lines it has, and how long its digits are. */
  const seen = new Map<number, { readonly lines: readonly number[]; readonly length: number }>()
  const lookAt = (value: number) => {
    let known = seen.get(value)
    if (known === undefined) {
      const own = of.numbers.lines(value)
      known = { lines: own.flatMap((line) => lines.get(line) ?? []), length: own.at(-1)?.length ?? 0 }
      seen.set(value, known)
    }
    return known
  }
  const domainList = [...domains]
  const tails = domainList.map((domain) => of.ids.tailsThat((tail) => tail === domain))
  await each((row) => {
    const provider = providerAt(row)
    for (const cells of [of.phoneNumber, of.extension]) {
      const value = cells.get(row)
      if (value === nothing) continue
      const about = lookAt(value)
      for (const line of about.lines) knownLines.add(provider * mostTexts + line)
      if (cells !== of.extension) continue
      const group = provider * mostTexts + groupAt(row)
      lengths.set(group, (lengths.get(group) ?? 0) | (1 << Math.min(about.length, 31)))
    }
    const tail = of.ids.valueTails[of.userId.get(row)] as number
    for (const [place, has] of tails.entries()) {
      if (has[tail] === 1) knownDomains.add(`${provider} ${domainList[place]}`)
    }
  })

  const enterprises = new Map<number, Enterprise>()
  const enterpriseOf = (provider: number, group: number): Enterprise => {
    const key = provider * mostTexts + group
    let known = enterprises.get(key)
    if (known === undefined) {
      const bits = lengths.get(key) ?? 0
      const all = Array.from({ length: 32 }, (_, length) => length)
      known = {
        knows: (line) => {
          const number = lines.get(line)
          return number !== undefined && knownLines.has(provider * mostTexts + number)
        },
        hasDomain: (domain) => knownDomains.has(`${provider} ${domain}`),
        extensionLengths: new Set(all.filter((length) => (bits & (1 << length)) !== 0)),
      }
      enterprises.set(key, known)
    }
    return known
  }
  const found = new Map<string, number>()
  await each((row) => {
    const value = of.forwardedTo.get(row)
    const own = forwards.get(value)
    if (own === undefined || own[0] === notForwarded || row >= flags.length) return
    const [provider, group] = [providerAt(row), groupAt(row)]
    const key = `${value} ${provider} ${group}`
    let flag = found.get(key)
    if (flag === undefined) {
      const lead = leadOfAll(own, enterpriseOf(provider, group))
      flag = lead === undefined ? 0 : leadFlag(lead)
      found.set(key, flag)
    }
    flags[row] = flag
  })
  return flags
}
