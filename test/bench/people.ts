import type { UserRecord } from '../../shared/user/types'

/** A small deterministic generator: the same figures on every machine. */
export const createChance = (seed: number) => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return { next, below: (limit: number): number => Math.floor(next() * limit) }
}

const firstNames =
  `Anna Björn Chloé Dmitri Émile Fátima Giulia Håkon Ingrid João Katarzyna Łukasz María Nguyễn Olga Peter Quentin Rosa
  Søren Tomáš Ulrike Václav William Xavier Yasmin Zoë James Mary Robert Patricia Michael Jennifer David Linda Elena Παναγιώτης Αλέξανδρος Иван
  Екатерина 伟 美咲 지훈 Mohammed Aisha Ahmed Sven Jürgen Renée`.split(/\s+/)
const lastParts =
  `Ander Berg Carl Dahl Eriks Fisch Gren Hans Iver Joh Karl Lind Møl Nils Ols Peters Quist Rasm Sand Thor Ulr Vest Wein Young Zimmer
  Müll Schröd Kow Novák Garc Fernánd Rodríg Silv Santo Oliveir Ross Bianch Papad Georgi Petrov Smirn Ivan Tanak Suzuk Naka Kim Park Chen Wang Nguy`.split(
    /\s+/,
  )
const lastEnds =
  `sen son mann berg er ski ov ova ez es i opoulos idis enko uk a o in dottir gren stein feld ler ic ić ak es á`.split(
    /\s+/,
  )
const cities =
  `Cincinnati München Zürich København Göteborg Ålesund Łódź Kraków Athína Sofia Porto Málaga Lyon Gent Bristol Leeds Dublin
  Boston Chicago Denver Austin Seattle`.split(/\s+/)
const departments =
  `Sales Support Engineering Finance Legal Operations Marketing Research Logistics Reception`.split(/\s+/)

const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^a-z]/gi, '')
    .toLowerCase() || 'user'

/** List rows as a server gives them, with as many different names as real directories have. */
export function* people(count: number, seed = 1): Generator<UserRecord> {
  const chance = createChance(seed)
  const pick = <T>(from: readonly T[]): T => from[chance.below(from.length)] as T
  const usersPerGroup = 625
  for (let place = 0; place < count; place++) {
    const group = Math.floor(place / usersPerGroup)
    const groupId = `grp-${group % 1000 < 500 ? 'office' : 'branch'}-${group}`
    const serviceProviderId = `provider-${group % 3}`
    const firstName = pick(firstNames)
    const lastName = pick(lastParts) + pick(lastParts).slice(0, 2).toLowerCase() + pick(lastEnds)
    const short = `${plain(firstName)}.${plain(lastName)}${chance.below(10_000)}`
    const department = pick(departments)
    const area = 200 + (group % 700)
    const extension = String(1000 + (place % usersPerGroup))
    yield {
      key: { serviceProviderId, groupId, userId: `${short}-${place.toString(36)}@voip.example.net` },
      completeness: 'row',
      fields: {
        firstName,
        lastName,
        hiraganaFirstName: firstName,
        hiraganaLastName: lastName,
        userIdShort: `${short}-${place.toString(36)}`,
        domain: 'voip.example.net',
        phoneNumber: `+1-${area}${String(1_000_000 + chance.below(9_000_000))}`,
        phoneNumberActivated: chance.next() < 0.9,
        extension,
        countryCode: '1',
        inTrunkGroup: false,
        ...(chance.next() < 0.8 ? { emailAddress: `${short}@${plain(pick(cities))}.example.com` } : {}),
        ...(chance.next() < 0.7 ? { departmentFullPath: `${department} (${groupId})` } : {}),
      },
      extra: {},
    }
  }
}

/** The same people as full records. */
export function* fullPeople(count: number, seed = 1): Generator<UserRecord> {
  const chance = createChance(seed + 1)
  const pick = <T>(from: readonly T[]): T => from[chance.below(from.length)] as T
  for (const row of people(count, seed)) {
    const { firstName = '', lastName = '', phoneNumber = '' } = row.fields
    yield {
      ...row,
      completeness: 'full',
      fields: {
        ...row.fields,
        title: pick(['Manager', 'Engineer', 'Clerk', 'Director', 'Assistant']),
        mobilePhoneNumber: `+49-171${chance.below(10_000_000)}`,
        callingLineIdFirstName: firstName,
        callingLineIdLastName: lastName,
        callingLineIdPhoneNumber: phoneNumber,
        language: 'English',
        timeZone: 'America/New_York',
        timeZoneDisplayName: '(GMT-05:00) (US) Eastern Time',
        'address.addressLine1': `${1 + chance.below(9999)} Main Street`,
        'address.city': pick(cities),
        'address.zipOrPostalCode': String(10_000 + chance.below(90_000)),
        'address.country': 'USA',
        endpointType: 'accessDeviceEndpoint',
        'accessDeviceEndpoint.linePort': row.key.userId,
        'accessDeviceEndpoint.accessDevice': {
          deviceName: `dev-${row.key.userId.split('@')[0]}`,
          deviceLevel: 'Group',
        },
        'accessDeviceEndpoint.accessDevice.deviceType': 'Polycom-VVX400',
        'accessDeviceEndpoint.accessDevice.macAddress': `0004F2${chance.below(0xffffff).toString(16).padStart(6, '0').toUpperCase()}`,
        defaultAlias: row.key.userId,
        ...(chance.next() < 0.2 ? { aliases: [`alias-${row.key.userId}`] } : {}),
      },
    }
  }
}

/** What people type: parts of what is there, typed key by key, 1 to 12 characters. At least `least` different texts. */
export const typedQueries = (users: readonly UserRecord[], least: number, seed = 7): string[] => {
  const chance = createChance(seed)
  const queries = new Set<string>()
  const text = (user: UserRecord): string => {
    const { firstName, lastName, phoneNumber, extension, emailAddress } = user.fields
    const of = (value: unknown): string => String(value ?? '')
    switch (chance.below(8)) {
      case 0:
        return of(firstName).toLowerCase()
      case 1:
        return plain(of(lastName))
      case 2:
        return of(lastName)
      case 3:
        return `${of(lastName).slice(0, 6)} ${of(firstName)}`
      case 4:
        return of(phoneNumber)
          .replace(/\D/g, '')
          .slice(1 + chance.below(4))
      case 5:
        return of(extension)
      case 6:
        return of(emailAddress ?? user.key.userId)
      default:
        return user.key.userId.slice(chance.below(4))
    }
  }
  while (queries.size < least) {
    const words = text(users[chance.below(users.length)] as UserRecord)
    for (let end = 1; end <= Math.min(12, words.length); end++) queries.add(words.slice(0, end))
  }
  return [...queries]
}
