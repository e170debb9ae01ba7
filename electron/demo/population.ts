import { hash, pick } from './chance'
import { RETIRED_STATE } from './data/lookups'
import { CULTURES, type CultureName, HOSTILE } from './data/names'
import { LOCATIONS, STREETS, TITLES } from './data/places'
import { type DepartmentKey, type Group, offsetOf, poolNumber } from './hierarchy'
import type { Manner } from './options'
import type { AlternateId, Basics, Endpoint, Person } from './person'

/** One salt per trait, so that traits do not move together. */
enum Salt {
  First,
  Last,
  Foreign,
  Number,
  Extension,
  Email,
  Department,
  Endpoint,
  Title,
  Mobile,
  Pager,
  Address,
  Alias,
  Alternate,
  ClidNumber,
  Class,
  Password,
  Imp,
  Double,
  Location,
  Mac,
  Dialing,
}

const HOSTILE_EVERY = 211
const FIRST_HOSTILE = 10
/** The two people of the first screenshot. */
const KNOWN: readonly (readonly [string, string])[] = [
  ['Ana', 'Ødegård'],
  ['Björn', 'Nowak'],
]

/** So many users, from the first on, are as everybody knows them: nothing of them is left to chance. */
export const KNOWN_PEOPLE = KNOWN.length

const LETTERS: Readonly<Record<string, string>> = {
  ø: 'o',
  ß: 'ss',
  ł: 'l',
  đ: 'd',
  æ: 'ae',
  þ: 'th',
  ð: 'd',
  ı: 'i',
  œ: 'oe',
}

/** The letters a–z of a name, for user ids and e-mail addresses. */
function slug(latin: string): string {
  const plain = latin
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z]/g, (char) => LETTERS[char] ?? '')
  return plain || 'user'
}

interface Name {
  readonly native: string
  readonly latin: string
}

const cultureNames = Object.keys(CULTURES) as CultureName[]
const parsed = new Map<string, Name & { readonly slug: string }>()

function nameOf(entry: string): Name & { readonly slug: string } {
  const known = parsed.get(entry)
  if (known) return known
  const [native = entry, latin = native] = entry.split('|')
  const made = { native, latin, slug: slug(latin) }
  parsed.set(entry, made)
  return made
}

/**
 * Makes any user from the seed and the user's index; keeps nothing. In the plain manner they are a company as it might
 * be: everybody has a name that people have, and a number is written in one way. In the awkward manner there are
 * hostile names and every way to write a number among them.
 */
export class Population {
  readonly #seed: number
  readonly #groups: readonly Group[]
  readonly #awkward: boolean

  constructor(seed: number, groups: readonly Group[], manner: Manner) {
    this.#seed = seed
    this.#groups = groups
    this.#awkward = manner === 'awkward'
  }

  chance(index: number, salt: number): number {
    return hash(this.#seed, index, salt)
  }

  /** The group that the user is born in. */
  groupOf(index: number): Group {
    let low = 0
    let high = this.#groups.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#groups[middle]?.firstUser ?? 0) <= index) low = middle
      else high = middle - 1
    }
    const group = this.#groups[low]
    if (!group) throw new Error(`No group holds user ${index}`)
    return group
  }

  #names(index: number, group: Group): { first: Name; last: Name; slugs: string } {
    const known = KNOWN[index]
    const hostile =
      this.#awkward && index >= FIRST_HOSTILE && (index - FIRST_HOSTILE) % HOSTILE_EVERY === 0
        ? pick(HOSTILE, (index - FIRST_HOSTILE) / HOSTILE_EVERY)
        : undefined
    const fixed = known ?? hostile
    if (fixed) {
      const [first, last] = fixed
      return {
        first: { native: first, latin: first },
        last: { native: last, latin: last },
        slugs: `${slug(first)}.${slug(last)}`,
      }
    }
    const foreign = this.chance(index, Salt.Foreign)
    const culture = CULTURES[foreign % 10 < 7 ? group.place.culture : pick(cultureNames, foreign >>> 8)]
    const given = this.chance(index, Salt.First)
    const first = this.#withInitial(nameOf(pick<string>(culture.first, given)), given >>> 16)
    const chosen = this.chance(index, Salt.Last)
    const last = nameOf(pick<string>(culture.last, chosen))
    const second = this.chance(index, Salt.Double)
    if (second % 10 === 0) {
      const other = nameOf(pick<string>(culture.last, second >>> 8))
      const both = `${last.native}-${other.native}`
      if (other !== last && both.length <= 30) {
        return { first, last: { native: both, latin: both }, slugs: `${first.slug}.${last.slug}` }
      }
    }
    return { first, last, slugs: `${first.slug}.${last.slug}` }
  }

  /** One in four people with a Latin name writes a middle initial: there are many of the same name otherwise. */
  #withInitial(name: Name & { readonly slug: string }, n: number): Name & { readonly slug: string } {
    if (n % 4 !== 0 || name.native !== name.latin) return name
    const both = `${name.native} ${String.fromCharCode(65 + ((n >>> 2) % 26))}.`
    return { native: both, latin: both, slug: name.slug }
  }

  basics(index: number): Basics {
    const group = this.groupOf(index)
    const offset = offsetOf(index - group.firstUser)
    const { first, last, slugs } = this.#names(index, group)
    const extension = String(group.firstExtension + offset)
    const known = index < KNOWN.length
    return {
      index,
      group: group.index,
      userId: `${slugs}.${extension}@${group.domain}`,
      lastName: last.native,
      firstName: first.native,
      hiraganaLastName: last.native,
      hiraganaFirstName: first.native,
      phoneNumber:
        known || this.chance(index, Salt.Number) % 12 !== 0 ? poolNumber(group, offset) : undefined,
      extension: known || this.chance(index, Salt.Extension) % 30 !== 0 ? extension : undefined,
      emailAddress:
        known || this.chance(index, Salt.Email) % 8 !== 0 ? `${slugs}@${group.provider.domain}` : undefined,
      department: this.#department(index, group),
      endpointType: this.#endpointType(index),
    }
  }

  person(index: number): Person {
    const basics = this.basics(index)
    const group = this.groupOf(index)
    const { place } = group
    const extension = String(group.firstExtension + offsetOf(index - group.firstUser))
    const at = (salt: Salt) => this.chance(index, salt)
    const digits = (salt: Salt, count: number) => String(1e12 + at(salt) * 97).slice(-count)
    const mobile = at(Salt.Mobile)
    const clid = at(Salt.ClidNumber)
    const first = basics.phoneNumber
    const country = this.#awkward ? '' : `+${place.countryCode}`
    // Written out: a spread makes objects of this size many times slower to build.
    return {
      index,
      group: basics.group,
      userId: basics.userId,
      lastName: basics.lastName,
      firstName: basics.firstName,
      hiraganaLastName: basics.hiraganaLastName,
      hiraganaFirstName: basics.hiraganaFirstName,
      phoneNumber: basics.phoneNumber,
      extension: basics.extension,
      emailAddress: basics.emailAddress,
      department: basics.department,
      endpointType: basics.endpointType,
      callingLineIdLastName: basics.lastName,
      callingLineIdFirstName: basics.firstName,
      nameDialingName:
        at(Salt.Dialing) % 50 === 0 ? { last: basics.lastName, first: basics.firstName } : undefined,
      callingLineIdPhoneNumber:
        first === undefined || clid % 3 === 0
          ? undefined
          : clid % 3 === 1 || !this.#awkward
            ? first.replace('-', '')
            : first.slice(first.indexOf('-') + 1),
      language: place.language,
      timeZone: place.timeZone,
      defaultAlias: basics.userId,
      aliases: this.#aliases(index, extension, group),
      alternateUserId: this.#alternates(index, extension, group),
      title: at(Salt.Title) % 3 === 0 ? undefined : pick(TITLES, at(Salt.Title) >>> 4),
      pagerPhoneNumber: at(Salt.Pager) % 25 === 0 ? `${country}98${digits(Salt.Pager, 8)}` : undefined,
      mobilePhoneNumber:
        mobile % 5 < 2
          ? undefined
          : mobile % 5 === 2
            ? `${country}9${digits(Salt.Mobile, 9)}`
            : `+${place.countryCode}9${digits(Salt.Mobile, 8)}`,
      yahooId: undefined,
      addressLocation: at(Salt.Location) % 4 === 0 ? pick(LOCATIONS, at(Salt.Location) >>> 4) : undefined,
      address: this.#address(index, group),
      networkClassOfService: pick(
        group.classesOfService,
        at(Salt.Class) % 4 === 0 ? at(Salt.Class) >>> 4 : 0,
      ),
      impId: index >= KNOWN.length && at(Salt.Imp) % 120 === 0 ? `im.${basics.userId}` : undefined,
      endpoint: this.#endpoint(index, extension, group),
      passwordExpiresDays: at(Salt.Password) % 3 === 0 ? ((at(Salt.Password) >>> 4) % 200) - 108 : undefined,
    }
  }

  /** The hardware address of the phone that was made for this user. */
  macAddress(index: number): string {
    const one = this.chance(index, Salt.Mac)
    // One phone in eight has no letter in its address: the API is known to send those as numbers.
    if (one % 8 === 0) return String(200_000_000_000 + ((one * 23) % 99_999_999_999)).slice(0, 12)
    return `0004f2${(one >>> 8).toString(16).padStart(6, '0')}`
  }

  #department(index: number, group: Group): DepartmentKey | undefined {
    const n = this.chance(index, Salt.Department)
    if (n % 4 === 0) return undefined
    const shared = group.provider.departments
    const from = shared.length > 0 && n % 16 === 1 ? shared : group.departments
    const { serviceProviderId, groupId, name } = pick(from, n >>> 6)
    return groupId === undefined ? { serviceProviderId, name } : { serviceProviderId, groupId, name }
  }

  #endpointType(index: number): Endpoint['type'] {
    const n = this.chance(index, Salt.Endpoint) % 20
    return n < 14 ? 'accessDeviceEndpoint' : n < 16 ? 'trunkAddressing' : 'none'
  }

  #endpoint(index: number, extension: string, group: Group): Endpoint {
    const type = this.#endpointType(index)
    if (type === 'none') return { type }
    const linePort = `lp${extension}@${group.domain}`
    const n = this.chance(index, Salt.Endpoint) >>> 8
    const contacts =
      n % 9 === 0 ? [{ sipContact: `${extension}@10.0.${n % 250}.${(n >>> 8) % 250}:5060` }] : []
    if (type === 'trunkAddressing') {
      return { type, trunkGroup: { name: pick(group.trunkGroups, n), linePort, contacts } }
    }
    return {
      type,
      device: { deviceName: deviceNameFor(extension), deviceLevel: 'Group' },
      linePort,
      contacts,
    }
  }

  #aliases(index: number, extension: string, group: Group): readonly string[] {
    const n = this.chance(index, Salt.Alias) % 10
    if (n < 7) return []
    const one = `sip${extension}@${group.domain}`
    return n === 7 ? [one, `desk${extension}@${group.domain}`] : [one]
  }

  #alternates(index: number, extension: string, group: Group): readonly AlternateId[] {
    const n = this.chance(index, Salt.Alternate) % 20
    if (n < 18) return []
    const one: AlternateId = { alternateUserId: `alt${extension}@${group.domain}`, description: 'Short id' }
    return n === 18 ? [one] : [one, { alternateUserId: `x${extension}@${group.domain}` }]
  }

  #address(index: number, group: Group): Person['address'] {
    const n = this.chance(index, Salt.Address)
    if (n % 6 === 0) return {}
    const { place } = group
    // Towns of North America have English streets whatever the names of their people.
    const own = (place.countryCode !== '1' && STREETS[place.culture]) || STREETS.english
    const state = n % 97 === 0 ? RETIRED_STATE : place.state
    let digit = n
    const postal = place.postal.replace(/#/g, () => {
      digit = Math.imul(digit, 0x9e3779b1) >>> 0
      return String((digit >>> 16) % 10)
    })
    return {
      addressLine1: `${pick(own, n >>> 4)} ${1 + ((n >>> 8) % 250)}`,
      ...(n % 5 === 0 ? { addressLine2: `c/o ${pick(LOCATIONS, n >>> 5)}` } : {}),
      city: place.city,
      ...(state === undefined ? {} : { stateOrProvince: state }),
      zipOrPostalCode: postal,
      country: place.country,
    }
  }
}

/** The phone made for the user with this extension. */
export function deviceNameFor(extension: string): string {
  return `phone-${extension}`
}
