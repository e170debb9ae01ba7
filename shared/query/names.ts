import { fields } from '../user/catalogue'
import type { FieldPath } from '../user/types'
import { columnAt, searchColumns } from './columns'
import { fold } from './fold'

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
    paths: searchColumns.filter(({ kind }) => kind === 'number').map(({ path }) => path),
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
]

/** How a person may write a name: case, accents and blanks do not matter. */
const spelled = (name: string): string => fold(name).replace(/[^a-z0-9]+/g, '')

const byName = new Map<string, SearchName>()
for (const name of searchNames) byName.set(name.name, name)
for (const { path, label } of fields) {
  if (columnAt(path) === undefined) continue
  for (const spelling of [spelled(path), spelled(path.slice(path.lastIndexOf('.') + 1)), spelled(label)]) {
    if (spelling !== '' && !byName.has(spelling))
      byName.set(spelling, { name: spelling, label, paths: [path] })
  }
}

/** The fields behind a name, which may be a short name, a catalogue path or a label in any spelling. */
export const searchNameOf = (written: string): SearchName | undefined => byName.get(spelled(written))

/** What `is:` can ask for. */
export const userStates = ['changed', 'conflict', 'unknown', 'refused', 'gone', 'row', 'full'] as const
export type UserStateName = (typeof userStates)[number]

/** One way to go on typing: `text` replaces the last word, `label` says what it means. */
export interface Completion {
  readonly text: string
  readonly label: string
}

const stateLabels: Record<UserStateName, string> = {
  changed: 'Has changes that are not on the server yet',
  conflict: 'Has a conflict to decide',
  unknown: 'Has a change whose outcome is not known yet',
  refused: 'Has a change that was refused or needs a person',
  gone: 'Was not in the last read of its group',
  row: 'Only its list row was read',
  full: 'Its full record was read',
}

/** Completions for the last word of a search text: names of fields, and what follows `is:` and `has:`. */
export const completionsFor = (text: string): readonly Completion[] => {
  const last = /(?:^|\s)(-?)([^\s"]*)$/.exec(text)
  if (last === null) return []
  const [, minus = '', word = ''] = last
  const colon = word.indexOf(':')
  if (colon < 0) {
    const start = spelled(word)
    if (start === '') return []
    return [
      ...searchNames.map(({ name, label }) => ({ text: `${minus}${name}:`, label })),
      { text: `${minus}has:`, label: 'Is not empty' },
      { text: `${minus}is:`, label: 'Stands in a state' },
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
  return []
}
