import type { Account } from '../accounts'
import { EMERGENCY_NUMBERS, LANGUAGES, STATES, TIME_ZONES } from '../data/lookups'
import type { Directory } from '../directory'
import { type DepartmentKey, type Group, poolNumber, poolOffset } from '../hierarchy'
import type { Body } from '../http/call'
import type { Manner } from '../options'
import type { AddressPart, AlternateId, Person, PersonChanges } from '../person'
import { refusals } from '../refusal'
import { checkContacts, checkEndpoint } from './endpoint'
import {
  ADDRESS_FIELDS,
  CHOSEN_FIELDS,
  checkRequired,
  checkSipUri,
  checkText,
  LENGTHS,
  TEXT_FIELDS,
} from './fields'

const COMMAND = 'UserModifyRequest22'
const MAX_ALIASES = 3
const MAX_ALTERNATES = 4

type Draft = { -readonly [K in keyof PersonChanges]: PersonChanges[K] }

const has = (body: Body, name: string) => Object.hasOwn(body, name)

/** The number of the group's pool that a client means: `+1-513…`, `+1513…` or the national digits. */
export function canonicalNumber(group: Group, given: string): string | undefined {
  const digits = given.replace(/[^0-9]/g, '')
  const { countryCode } = group.place
  const candidates = given.startsWith('+')
    ? digits.startsWith(countryCode)
      ? [digits.slice(countryCode.length)]
      : []
    : [digits]
  for (const national of candidates) {
    const offset = poolOffset(group, `+${countryCode}-${national}`)
    if (offset !== undefined) return poolNumber(group, offset)
  }
  return undefined
}

function checkNumber(directory: Directory, group: Group, index: number, value: unknown): string | undefined {
  const given = checkText(value, 'phoneNumber', CHOSEN_FIELDS.phoneNumber)
  if (given === undefined) return undefined
  const canonical = canonicalNumber(group, given)
  if (canonical === undefined) throw refusals.numberNotAvailable(given, COMMAND)
  const owner = directory.numberOwner(canonical)
  if (owner && !(owner.kind === 'user' && owner.index === index)) {
    throw refusals.numberNotAvailable(given, COMMAND)
  }
  return canonical
}

/** Refuses an extension that the group cannot give to this user; `index` may be nobody yet (-1). */
export function checkExtension(
  directory: Directory,
  group: Group,
  index: number,
  value: unknown,
  manner: Manner,
): string | undefined {
  const extension = checkText(value, 'extension', CHOSEN_FIELDS.extension)
  if (extension === undefined) return undefined
  if (!/^[0-9]+$/.test(extension)) throw refusals.extensionDigits(extension, COMMAND)
  const { min, max } = group.extensionLength
  if (extension.length < min || extension.length > max) {
    throw refusals.extensionLength(group.groupId, min, max, COMMAND)
  }
  if (EMERGENCY_NUMBERS.has(extension)) throw refusals.emergency(extension, COMMAND)
  const owner = directory.extensionOwner(group, extension)
  if (owner?.kind === 'instance' && owner.instance.kind === 'Call Park') {
    throw refusals.callPark(extension, COMMAND)
  }
  if (owner && !(owner.kind === 'user' && owner.index === index)) {
    throw refusals.extensionTaken(extension, manner === 'awkward', COMMAND)
  }
  return extension
}

function checkDepartment(group: Group, value: unknown): DepartmentKey | undefined {
  if (value === null || value === '') return undefined
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw refusals.invalid("cvc-complex-type.2.3: Element 'department' must have children.")
  }
  const body = value as Body
  const given = (name: string) => {
    const part = has(body, name) ? body[name] : undefined
    return part === null || part === '' ? undefined : part
  }
  const parts = [given('serviceProviderId'), given('groupId'), given('name')]
  if (parts.every((part) => part === undefined)) return undefined
  const name = checkRequired(given('name') ?? null, 'name', LENGTHS.department, 'DepartmentName')
  const [provider = group.provider.id, groupId] = parts
  const from = groupId === undefined ? group.provider.departments : group.departments
  const found =
    provider === group.provider.id && (groupId === undefined || groupId === group.groupId)
      ? from.find((department) => department.name === name)
      : undefined
  if (!found) throw refusals.unworded(`Department not found: ${name}`, COMMAND)
  return {
    serviceProviderId: found.serviceProviderId,
    ...(found.groupId === undefined ? {} : { groupId: found.groupId }),
    name: found.name,
  }
}

function checkAddress(person: Person, value: unknown): Person['address'] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refusals.invalid(
      "cvc-elt.3.1: Attribute 'xsi:nil' must not appear on element 'address', because it is not nillable.",
    )
  }
  const body = value as Body
  const address: Partial<Record<AddressPart, string>> = { ...person.address }
  for (const [name, rule] of Object.entries(ADDRESS_FIELDS)) {
    if (!has(body, name)) continue
    const part = name as AddressPart
    const text = checkText(body[name], name, rule)
    if (text === undefined) delete address[part]
    else address[part] = text
    // Even a value that does not change is validated again.
    if (part === 'stateOrProvince' && text !== undefined && !STATES.some(({ key }) => key === text)) {
      throw refusals.state(text, COMMAND)
    }
  }
  return address
}

/** Refuses an id that someone else holds as user id, alias or alternate id. */
export function checkIdFree(directory: Directory, index: number, id: string, command = COMMAND): void {
  const owner = directory.idOwner(id)
  if (owner && !(owner.kind === 'user' && owner.index === index)) throw refusals.idTaken(id, command)
}

function checkAliases(directory: Directory, index: number, value: unknown): readonly string[] {
  const items = value === null || value === '' ? [] : Array.isArray(value) ? (value as unknown[]) : [value]
  const filled = items.filter((item) => item !== null && item !== '')
  if (filled.length > MAX_ALIASES) {
    throw refusals.invalid(`cvc-complex-type: 'aliases' holds at most ${MAX_ALIASES} entries.`)
  }
  const aliases = filled.map((item) => checkSipUri(item, 'alias'))
  if (new Set(aliases.map((alias) => alias.toLowerCase())).size < aliases.length) {
    throw refusals.idTaken(aliases.find((alias, at) => aliases.indexOf(alias) !== at) ?? '', COMMAND)
  }
  for (const alias of aliases) checkIdFree(directory, index, alias)
  return aliases
}

/** Alternate ids under either child name: `alternateUserId` in the user object, `userId` in its own call. */
export function checkAlternates(
  directory: Directory,
  index: number,
  value: unknown,
  child: 'alternateUserId' | 'userId',
): readonly AlternateId[] {
  const items = value === null || value === '' ? [] : Array.isArray(value) ? (value as unknown[]) : [value]
  if (items.length > MAX_ALTERNATES) {
    throw refusals.invalid(`cvc-complex-type: at most ${MAX_ALTERNATES} alternate user ids are allowed.`)
  }
  const seen = new Set<string>()
  return items.map((item) => {
    if (typeof item !== 'object' || item === null) {
      throw refusals.invalid("Element 'alternateUserId' must have children.")
    }
    const body = item as Body
    const alternateUserId = checkSipUri(has(body, child) ? body[child] : null, child)
    if (seen.has(alternateUserId.toLowerCase())) throw refusals.idTaken(alternateUserId, COMMAND)
    seen.add(alternateUserId.toLowerCase())
    checkIdFree(directory, index, alternateUserId)
    const description = has(body, 'description')
      ? checkText(body.description, 'description', {
          max: LENGTHS.description,
          type: 'AlternateUserIdDescription',
          clearable: true,
        })
      : undefined
    return { alternateUserId, ...(description === undefined ? {} : { description }) }
  })
}

function checkNameDialing(value: unknown): Person['nameDialingName'] {
  if (value === null || value === '') return undefined
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw refusals.invalid("Element 'nameDialingName' must have children.")
  }
  const body = value as Body
  const part = (name: string) =>
    checkRequired(has(body, name) ? body[name] : null, name, LENGTHS.nameDialing, 'NameDialingName')
  return { last: part('nameDialingLastName'), first: part('nameDialingFirstName') }
}

/** Services whose fields fail the whole request because no demo user has them. */
const NEEDS_SERVICE: Readonly<Record<string, string>> = {
  officeZoneName: 'Location-Based Calling Restrictions',
  primaryZoneName: 'Location-Based Calling Restrictions',
  impPassword: 'Third-Party IMP',
}

/**
 * What a PUT body changes on a user, checked by BroadWorks' rules in full before anything is changed.
 * Absent keys, unknown keys and read-only keys change nothing. Throws the refusal of the first rule broken.
 */
export function checkUserChanges(
  directory: Directory,
  person: Person,
  body: Body,
  manner: Manner,
): PersonChanges {
  const group = directory.groupAt(person.group)
  const draft: Draft = {}
  for (const [name, rule] of Object.entries(TEXT_FIELDS)) {
    if (!has(body, name)) continue
    const value = checkText(body[name], name, rule)
    Object.assign(draft, { [name]: value })
  }
  if (
    draft.emailAddress !== undefined &&
    draft.emailAddress !== person.emailAddress &&
    person.impId !== undefined
  ) {
    throw refusals.unworded('E-mail address cannot change while Integrated IMP is active.', COMMAND)
  }
  if (has(body, 'language')) {
    const language = checkText(body.language, 'language', CHOSEN_FIELDS.language) ?? ''
    if (!LANGUAGES.some((known) => known.language === language)) {
      throw refusals.unworded(`Language is not valid: ${language}`, COMMAND)
    }
    draft.language = language
  }
  if (has(body, 'timeZone')) {
    const timeZone = checkText(body.timeZone, 'timeZone', CHOSEN_FIELDS.timeZone) ?? ''
    if (!TIME_ZONES.some(({ key }) => key === timeZone)) {
      throw refusals.unworded(`Time zone is not valid: ${timeZone}`, COMMAND)
    }
    draft.timeZone = timeZone
  }
  if (has(body, 'networkClassOfService')) {
    const rule = CHOSEN_FIELDS.networkClassOfService
    const name = checkText(body.networkClassOfService, 'networkClassOfService', rule) ?? ''
    if (!group.classesOfService.includes(name)) {
      throw refusals.unworded(`Network Class of Service is not assigned to the group: ${name}`, COMMAND)
    }
    draft.networkClassOfService = name
  }
  if (has(body, 'phoneNumber'))
    draft.phoneNumber = checkNumber(directory, group, person.index, body.phoneNumber)
  if (has(body, 'extension')) {
    draft.extension = checkExtension(directory, group, person.index, body.extension, manner)
  }
  if (has(body, 'department')) draft.department = checkDepartment(group, body.department)
  if (has(body, 'address')) draft.address = checkAddress(person, body.address)
  if (has(body, 'aliases')) draft.aliases = checkAliases(directory, person.index, body.aliases)
  if (has(body, 'alternateUserId')) {
    draft.alternateUserId = checkAlternates(directory, person.index, body.alternateUserId, 'alternateUserId')
  }
  if (has(body, 'nameDialingName')) draft.nameDialingName = checkNameDialing(body.nameDialingName)
  const endpoint = checkEndpoint(directory, group, person, body)
  if (endpoint) draft.endpoint = endpoint
  if (has(body, 'contacts')) {
    const held = draft.endpoint ?? person.endpoint
    const contacts = checkContacts(body.contacts)
    if (held.type === 'accessDeviceEndpoint') draft.endpoint = { ...held, contacts }
    else if (held.type === 'trunkAddressing' && held.trunkGroup) {
      draft.endpoint = { ...held, trunkGroup: { ...held.trunkGroup, contacts } }
    }
  }
  if (has(body, 'impId') && body.impId !== person.impId && !(person.impId === undefined && !body.impId)) {
    throw refusals.serviceNotAssigned('Third-Party IMP', COMMAND)
  }
  for (const [name, service] of Object.entries(NEEDS_SERVICE)) {
    if (has(body, name) && body[name]) throw refusals.serviceNotAssigned(service, COMMAND)
  }
  return draft
}

const changed = (changes: PersonChanges, person: Person, name: keyof PersonChanges) =>
  name in changes && JSON.stringify(changes[name]) !== JSON.stringify(person[name])

/** Refuses with 4003 an account that may change nothing of a user. */
export function checkWriter({ policy, readOnly }: Account, command: string): void {
  const mayWrite =
    !readOnly &&
    (policy.userAccess === 'Full' || policy.userAccess === 'Full Profile') &&
    policy.userProfileAccess === 'Full'
  if (!mayWrite) throw refusals.unauthorized(command)
}

/** Refuses with 4003 changes that the account's login type or policy does not allow. */
export function checkAllowed(account: Account, person: Person, changes: PersonChanges): void {
  const { policy } = account
  const refuse = () => {
    throw refusals.unauthorized(COMMAND)
  }
  const any = (...names: (keyof PersonChanges)[]) => names.some((name) => changed(changes, person, name))
  checkWriter(account, COMMAND)
  if (policy.phoneNumberExtensionAccess !== 'Full' && any('phoneNumber', 'extension')) refuse()
  if (policy.callingLineIdNumberAccess !== 'Full' && any('callingLineIdPhoneNumber')) refuse()
  if (policy.accessDeviceAccess === 'Read-Only' && any('endpoint')) refuse()
  if (account.loginType === 'Group Department' && any('department')) refuse()
  if (
    account.loginType === 'User' &&
    any(
      'callingLineIdLastName',
      'callingLineIdFirstName',
      'callingLineIdPhoneNumber',
      'networkClassOfService',
      'department',
      'phoneNumber',
      'extension',
      'aliases',
      'alternateUserId',
      'endpoint',
    )
  ) {
    refuse()
  }
}
