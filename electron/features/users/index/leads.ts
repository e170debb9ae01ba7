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
import { grownBytes, grownNumbers } from './growing'
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

/** How {@link Leads} says where the forwardings of a row lead. */
export const leadFlag = (to: Leading): number => leadings.indexOf(to) + 1

/** What {@link Leads} keeps of a text beside the lists: not looked at, and none of the lines. */
const [unseen, noLine, firstList] = [0, 1, 2]

/**
 * Where the forwardings of each row lead. A number is held against those of all users of the enterprise, so one new user can
 * change what many rows say: it is found out anew then, when it is asked for. What was once found in a text stays so.
 */
export class Leads {
  /** The lines to which users are forwarded, numbered, and the domains. */
  private readonly lines = new Map<string, number>()
  private readonly domains = new Set<string>()
  /** By text of a forwarding. */
  private readonly forwards = new Map<number, readonly string[]>()
  /** For each text of a number: which of the lines it has, see {@link firstList}, and how many digits. */
  private seen: Uint32Array = new Uint32Array(0)
  private lengths: Uint8Array = new Uint8Array(0)
  private lists: number[][] = []

  /** Bytes held, for the memory figures. */
  get size(): number {
    return this.seen.byteLength + this.lengths.byteLength
  }

  /** 0 where calls are not forwarded or that is not known; else {@link leadFlag}. */
  async of(source: LeadSource, pause: Pause): Promise<Uint8Array> {
    const { forwardedTo, phoneNumber, extension, userId, numbers, ids } = source
    const each = async (look: (row: number) => void): Promise<void> => {
      for (let row = 0; row < source.rows(); row++) {
        if (!source.isDead(row)) look(row)
        if (row % rowsAtOnce === rowsAtOnce - 1 && pause.due()) await pause.wait()
      }
    }
    const known = this.lines.size
    await each((row) => this.takeForwarding(numbers, forwardedTo.get(row)))
    if (this.lines.size > known) {
      this.seen.fill(unseen)
      this.lists = []
    }
    const flags = new Uint8Array(source.rows())
    if (![...this.forwards.values()].some(([first]) => first !== notForwarded)) return flags

    const [providerAt, groupAt] = [source.serviceProviderId, source.groupId].map((cells) =>
      idsAt(cells, source.scopes),
    ) as [(row: number) => number, (row: number) => number]
    const knownLines = new Set<number>()
    const knownDomains = new Set<string>()
    /** By group: a bit for each length. */
    const lengths = new Map<number, number>()
    const domains = [...this.domains]
    const tails = domains.map((domain) => ids.tailsThat((tail) => tail === domain))
    await each((row) => {
      const provider = providerAt(row)
      for (const cells of [phoneNumber, extension]) {
        const value = cells.get(row)
        if (value === nothing) continue
        for (const line of this.linesIn(numbers, value)) knownLines.add(provider * mostTexts + line)
        if (cells !== extension) continue
        const group = provider * mostTexts + groupAt(row)
        lengths.set(group, (lengths.get(group) ?? 0) | (1 << (this.lengths[value] as number)))
      }
      if (tails.length === 0) return
      const tail = ids.valueTails[userId.get(row)] as number
      for (const [place, has] of tails.entries()) {
        if (has[tail] === 1) knownDomains.add(`${provider} ${domains[place]}`)
      }
    })

    const enterprises = new Map<number, Enterprise>()
    const enterpriseOf = (provider: number, group: number): Enterprise => {
      const key = provider * mostTexts + group
      let about = enterprises.get(key)
      if (about === undefined) {
        const bits = lengths.get(key) ?? 0
        const all = Array.from({ length: mostDigits + 1 }, (_, length) => length)
        about = {
          knows: (line) => {
            const number = this.lines.get(line)
            return number !== undefined && knownLines.has(provider * mostTexts + number)
          },
          hasDomain: (domain) => knownDomains.has(`${provider} ${domain}`),
          extensionLengths: new Set(all.filter((length) => (bits & (1 << length)) !== 0)),
        }
        enterprises.set(key, about)
      }
      return about
    }
    const found = new Map<string, number>()
    await each((row) => {
      const value = forwardedTo.get(row)
      const own = this.forwards.get(value)
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

  private takeForwarding(numbers: TextPool, value: number): void {
    if (value === nothing || this.forwards.has(value)) return
    const own = numbers.lines(value)
    this.forwards.set(value, own)
    for (const line of numbersIn(own).flat()) {
      if (line.includes('@')) this.domains.add(line.slice(line.indexOf('@') + 1))
      else if (!this.lines.has(line)) this.lines.set(line, this.lines.size)
    }
  }

  /** Which of the lines a text of a number has. */
  private linesIn(numbers: TextPool, value: number): readonly number[] {
    if (value >= this.seen.length) {
      this.seen = grownNumbers(this.seen, numbers.count)
      this.lengths = grownBytes(this.lengths, numbers.count)
    }
    const seen = this.seen[value] as number
    if (seen === noLine) return none
    if (seen !== unseen) return this.lists[seen - firstList] as number[]
    const own = numbers.lines(value)
    this.lengths[value] = Math.min(own.at(-1)?.length ?? 0, mostDigits)
    const lines = own.flatMap((line) => this.lines.get(line) ?? [])
    this.seen[value] = lines.length === 0 ? noLine : firstList + this.lists.length
    if (lines.length > 0) this.lists.push(lines)
    return lines
  }
}

const none: readonly number[] = []
/** No extension is longer. */
const mostDigits = 30

/** Numbers the ids of groups or service providers. The texts of one are id and name, and not everybody's may have the same name yet. */
function idsAt(cells: Column, texts: TextPool): (row: number) => number {
  const byValue = new Map<number, number>()
  const byId = new Map<string, number>()
  return (row) => {
    const value = cells.get(row)
    let number = byValue.get(value)
    if (number === undefined) {
      const id = texts.original(value).split('\n', 1)[0] as string
      number = byId.get(id) ?? byId.size
      byId.set(id, number)
      byValue.set(value, number)
    }
    return number
  }
}
