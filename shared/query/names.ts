import type { Switch } from '../calls/glance'
import { fields } from '../user/catalogue'
import type { FieldPath } from '../user/types'
import { callColumns, columnAt, searchColumns } from './columns'
import { distance } from './distance'
import { fold } from './fold'
import { forwarded, type Leading, leadings, notForwarded } from './forwarding'

/** A field's name in the search language, and the fields that it looks in. */
export interface SearchName {
  readonly name: string
  readonly label: string
  readonly paths: readonly FieldPath[]
}

const device = 'accessDeviceEndpoint.accessDevice'

const starting = (prefix: string): FieldPath[] =>
  fields.map(({ path }) => path).filter((path) => path.startsWith(prefix))

/** The short names, in the order in which they are offered. */
export const searchNames: readonly SearchName[] = [
  { name: 'name', label: 'First or last name', paths: ['firstName', 'lastName'] },
  { name: 'first', label: 'First name', paths: ['firstName'] },
  { name: 'last', label: 'Last name', paths: ['lastName'] },
  { name: 'id', label: 'User ID', paths: ['userId'] },
  { name: 'user', label: 'User ID', paths: ['userId'] },
  { name: 'ext', label: 'Extension', paths: ['extension'] },
  { name: 'dn', label: 'Phone number', paths: ['phoneNumber'] },
  { name: 'phone', label: 'Phone number', paths: ['phoneNumber'] },
  {
    name: 'number',
    label: 'Any number',
    paths: searchColumns
      .filter(({ kind, calls }) => kind === 'number' && calls === undefined)
      .map(({ path }) => path),
  },
  { name: 'mobile', label: 'Mobile number', paths: ['mobilePhoneNumber'] },
  {
    name: 'clid',
    label: 'Calling line ID',
    paths: ['callingLineIdPhoneNumber', 'callingLineIdFirstName', 'callingLineIdLastName'],
  },
  { name: 'email', label: 'E-mail', paths: ['emailAddress'] },
  { name: 'mail', label: 'E-mail', paths: ['emailAddress'] },
  { name: 'group', label: 'Group', paths: ['groupId'] },
  { name: 'sp', label: 'Service provider', paths: ['serviceProviderId'] },
  { name: 'dept', label: 'Department', paths: ['department', 'departmentFullPath', 'departmentName'] },
  { name: 'title', label: 'Title', paths: ['title'] },
  { name: 'address', label: 'Address', paths: ['addressLocation', ...starting('address.')] },
  { name: 'city', label: 'City', paths: ['address.city'] },
  {
    name: 'state',
    label: 'State or province',
    paths: ['address.stateOrProvince', 'address.stateOrProvinceDisplayName'],
  },
  { name: 'zip', label: 'ZIP or postal code', paths: ['address.zipOrPostalCode'] },
  { name: 'country', label: 'Country', paths: ['address.country'] },
  { name: 'alias', label: 'Aliases', paths: ['aliases', 'alternateUserId'] },
  { name: 'device', label: 'Device', paths: [device, `${device}.deviceType`] },
  { name: 'mac', label: 'MAC address', paths: [`${device}.macAddress`] },
  { name: 'lang', label: 'Language', paths: ['language'] },
  { name: 'tz', label: 'Time zone', paths: ['timeZone', 'timeZoneDisplayName'] },
  { name: 'forwarded', label: 'Forwarded to', paths: ['calls.forwardedTo'] },
  { name: 'dnd', label: 'Do not disturb', paths: ['calls.doNotDisturb'] },
  { name: 'vm', label: 'Voice mail', paths: ['calls.voiceMail'] },
  { name: 'remote', label: 'Remote office', paths: ['calls.remoteOffice'] },
]

/** How a person may write a name: case, accents and blanks do not matter. */
const spelled = (name: string): string => fold(name).replace(/[^a-z0-9]+/g, '')

const byName = new Map<string, SearchName>()
for (const name of searchNames) byName.set(name.name, name)
for (const { path, label } of [...fields, ...callColumns]) {
  if (columnAt(path) === undefined) continue
  for (const spelling of [spelled(path), spelled(path.slice(path.lastIndexOf('.') + 1)), spelled(label)]) {
    if (spelling !== '' && !byName.has(spelling))
      byName.set(spelling, { name: spelling, label, paths: [path] })
  }
}

/** The fields behind a name, which may be a short name, a catalogue path or a label in any spelling. */
export const searchNameOf = (written: string): SearchName | undefined => byName.get(spelled(written))

/** No name of a field is longer. */
const longestName = 40
const mostNear = 3

/**
 * The names nearest to a written one that is no field, the likeliest first: mistyped by a letter or two, begun, or left
 * unfinished. Short names come before labels.
 * @param others names beside those of fields that may be meant
 */
export function nearestNames(
  written: string,
  others: readonly { readonly name: string; readonly label: string }[] = [],
): readonly { readonly name: string; readonly label: string }[] {
  const word = spelled(written)
  if (word.length < 2 || word.length > longestName) return []
  const near: { name: string; label: string; far: number }[] = []
  for (const [name, { label }] of [...others.map((other) => [other.name, other] as const), ...byName]) {
    const begun = word.length >= 3 && (name.startsWith(word) || (name.length >= 3 && word.startsWith(name)))
    const far = begun ? 0.5 : distance(word, name)
    if (far <= (word.length > 4 ? 2 : 1)) near.push({ name, label, far })
  }
  // The sort keeps the order of equals, in which short names stand first.
  near.sort((a, b) => a.far - b.far)
  const labels = new Set<string>()
  return near
    .filter(({ label }) => !labels.has(label) && labels.add(label))
    .slice(0, mostNear)
    .map(({ name, label }) => ({ name, label }))
}

const leadLabels: Readonly<Record<Leading, string>> = {
  inside: 'Calls are forwarded, and only within the enterprise',
  outside: 'Calls are forwarded to a number that is none of the enterprise’s loaded users’',
  unclear: 'Calls are forwarded, and it is not known whether out of the enterprise',
}

const switchWords = (label: string): { word: Switch; label: string }[] => [
  { word: 'on', label: `${label} is on` },
  { word: 'off', label: `${label} is there and off` },
  { word: 'none', label: `${label} is not assigned` },
]

/** What `is:` can ask for. */
export const userStates = ['changed', 'conflict', 'unknown', 'refused', 'gone', 'row', 'full'] as const
export type UserStateName = (typeof userStates)[number]

/** One way to go on typing: `text` replaces the last word, `label` says what it means. */
export interface Completion {
  readonly text: string
  readonly label: string
}

export const stateLabels: Record<UserStateName, string> = {
  changed: 'Has changes that are not on the server yet',
  conflict: 'Has a conflict to decide',
  unknown: 'Has a change whose outcome is not known yet',
  refused: 'Has a change that was refused or needs a person',
  gone: 'Was not in the last read of its group',
  row: 'Only its list row was read',
  full: 'Its full record was read',
}

/** What can be asked of call handling beside numbers, by the path of the column. */
const callWords: Readonly<Record<FieldPath, readonly { readonly word: string; readonly label: string }[]>> = {
  'calls.forwardedTo': [
    { word: forwarded, label: 'Calls are forwarded' },
    { word: notForwarded, label: 'Calls are not forwarded, as far as was read' },
    ...leadings.map((word) => ({ word, label: leadLabels[word] })),
  ],
  'calls.doNotDisturb': switchWords('Do not disturb'),
  'calls.voiceMail': switchWords('Voice mail'),
  'calls.remoteOffice': switchWords('Remote office'),
}

/** Every way to ask of call handling. */
export const callExamples: readonly { readonly text: string; readonly finds: string }[] = [
  ...searchNames.flatMap((field) =>
    (callWords[field.paths[0] ?? ''] ?? []).map(({ word, label }) => ({
      text: `${field.name}:${word}`,
      finds: label,
    })),
  ),
  { text: 'forwarded:+1513*', finds: 'Calls are forwarded to such a number' },
]

/** The words that can stand behind a name; none for the options of the user. */
export const callWordsOf = ({ paths }: SearchName) => callWords[paths[0] ?? ''] ?? []

/** Names that ask for something else than a field. */
export const ownNames = [
  { name: 'has', label: 'Is not empty' },
  { name: 'is', label: 'Stands in a state' },
] as const

/** Completions for the last word of a search text: names of fields, what follows `is:` and `has:`, and names for one that is none. */
export const completionsFor = (text: string): readonly Completion[] => {
  const last = /(?:^|\s)(-?)([^\s"]*)$/.exec(text)
  if (last === null) return []
  const [, minus = '', word = ''] = last
  const colon = word.indexOf(':')
  if (colon < 0) {
    const start = spelled(word)
    if (start === '') return []
    return [
      ...[...searchNames, ...ownNames].map(({ name, label }) => ({ text: `${minus}${name}:`, label })),
    ].filter((completion) => completion.text.slice(minus.length).startsWith(start))
  }
  const start = spelled(word.slice(colon + 1))
  const name = spelled(word.slice(0, colon))
  if (name === 'is') {
    return userStates
      .filter((state) => state.startsWith(start))
      .map((state) => ({ text: `${minus}is:${state}`, label: stateLabels[state] }))
  }
  if (name === 'has') {
    return searchNames
      .filter((candidate) => candidate.name.startsWith(start))
      .map((candidate) => ({
        text: `${minus}has:${candidate.name}`,
        label: `${candidate.label} is not empty`,
      }))
  }
  const field = searchNameOf(name)
  if (field !== undefined) {
    return callWordsOf(field)
      .filter(({ word: each }) => each.startsWith(start))
      .map(({ word: each, label }) => ({ text: `${minus}${name}:${each}`, label }))
  }
  const rest = word.slice(colon + 1)
  return nearestNames(word.slice(0, colon), ownNames).map(({ name: near, label }) => ({
    text: `${minus}${near}:${rest}`,
    label,
  }))
}

/** A search text as it was probably meant, and the name that is put in. */
export interface Correction {
  readonly name: string
  readonly label: string
  readonly search: string
}

/** What a search may have meant where a name in it is no field: the first such name replaced by the nearest ones. */
export const correctionsOf = (
  text: string,
  isName: (written: string) => boolean = (written) => searchNameOf(written) !== undefined,
  others: readonly { readonly name: string; readonly label: string }[] = ownNames,
): readonly Correction[] => {
  for (const found of text.matchAll(/(?<=^|\s)(-?)([\p{L}\p{N}_]{3,}):(?!\/\/)/gu)) {
    const [all, minus = '', written = ''] = found
    if (isName(written) || others.some(({ name }) => name === spelled(written))) continue
    const near = nearestNames(written, others)
    if (near.length === 0) continue
    const [before, after] = [text.slice(0, found.index), text.slice(found.index + all.length)]
    return near.map(({ name, label }) => ({ name, label, search: `${before}${minus}${name}:${after}` }))
  }
  return []
}
