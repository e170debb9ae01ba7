import { create } from 'zustand'
import type { UserDetails } from '../../../../shared/ipc/contract'
import { editable, type Field, fieldAt } from '../../../../shared/user/catalogue'
import { cellText } from '../../../../shared/user/cell'
import type { UserRow } from '../../../../shared/user/shapes'
import type { FieldPath, FieldValue, UserKey } from '../../../../shared/user/types'
import { fieldValue, isEmptyValue } from '../../../../shared/user/value'
import { ask, gungnir, type Refused, refusal } from '../../../kernel/bridge'
import { useStatus } from '../../../kernel/status'
import { newRule, type RuleDraft, ruleFields } from './rules'
import { changeRules, editUsers, useBatch } from './store'

interface Copying {
  readonly open: boolean
  /** What is typed to find the user to copy from, and who it finds. */
  readonly search: string
  readonly found: readonly UserRow[]
  readonly from: UserDetails | undefined
  readonly ticked: ReadonlySet<FieldPath>
  readonly error: Refused | undefined
}

const closed: Copying = {
  open: false,
  search: '',
  found: [],
  from: undefined,
  ticked: new Set(),
  error: undefined,
}

export const useCopying = create<Copying>(() => closed)

export const openCopying = (): void => useCopying.setState({ ...closed, open: true })
/** For one user: the same dialog as for a selection, with the question whom to copy from. */
export function copyTo({ userId }: UserKey): void {
  if (editUsers({ all: false, ids: [userId] }, 1)) openCopying()
}

export const closeCopying = (): void => useCopying.setState(closed)

const mostFound = 6

/** Growing with each question; answers to older ones are dropped. */
let question = 0

export async function searchFrom(search: string): Promise<void> {
  const mine = ++question
  useCopying.setState({ search, error: undefined })
  const { asked } = useBatch.getState()
  if (search.trim() === '' || asked?.kind !== 'edit') {
    useCopying.setState({ found: [] })
    return
  }
  const query = { search, scope: {}, sort: [] }
  try {
    const { rows } = await ask(gungnir.users.window({ query, start: 0, count: mostFound, as: asked.as }))
    if (mine === question) useCopying.setState({ found: rows })
  } catch (error) {
    if (mine === question) useCopying.setState({ found: [], error: refusal(error) })
  }
}

/** What is the user's own, and would be a mistake with anybody else. */
const ownPaths = new Set<FieldPath>([
  'firstName',
  'lastName',
  'callingLineIdFirstName',
  'callingLineIdLastName',
  'hiraganaFirstName',
  'hiraganaLastName',
  'nameDialingName',
  'phoneNumber',
  'extension',
  'callingLineIdPhoneNumber',
  'mobilePhoneNumber',
  'pagerPhoneNumber',
  'emailAddress',
  'aliases',
  'impId',
  'yahooId',
])
const isOwn = ({ path, compare }: Field): boolean =>
  ownPaths.has(path) || compare === 'device' || /^(accessDeviceEndpoint|trunkAddressing)\b/.test(path)

export interface Copyable {
  readonly field: Field
  /** Left out when nothing is there: then the field is cleared. */
  readonly text: string
}

/** A department's name means the one of each user's own group; one of the enterprise is the same for all. */
const textOf = (path: FieldPath, value: FieldValue): string => {
  const department =
    fieldAt(path)?.compare === 'department' ? (value as { name?: string; groupId?: string }) : {}
  return department.groupId !== undefined && department.name !== undefined
    ? department.name
    : cellText(path, value)
}

/** What of a user can be given to others, as it is shown: what was not read is not known, and not offered. */
export function copyable(from: UserRow): Copyable[] {
  return ruleFields().flatMap((field): Copyable[] => {
    const { path } = field
    const waits = Object.hasOwn(from.pending, path)
    const value = waits ? from.pending[path]?.new : fieldValue(from, path)
    if (value === undefined || !editable(field)) return []
    const text = isEmptyValue(value as FieldValue) ? '' : textOf(path, value as FieldValue)
    // What cannot be cleared is never cleared.
    return text === '' && field.clear === 'no' ? [] : [{ field, text }]
  })
}

export async function copyFrom(row: UserRow): Promise<void> {
  const mine = ++question
  const { asked } = useBatch.getState()
  if (asked?.kind !== 'edit') return
  const fresh = useStatus.getState().status?.mayAsk === true
  try {
    const from = await ask(gungnir.users.details({ key: row.key, fresh, as: asked.as }))
    if (mine !== question) return
    const usual = copyable(from).filter(({ field, text }) => text !== '' && !isOwn(field))
    useCopying.setState({ from, ticked: new Set(usual.map(({ field }) => field.path)) })
  } catch (error) {
    if (mine === question) useCopying.setState({ error: refusal(error) })
  }
}

export function tick(path: FieldPath, on: boolean): void {
  useCopying.setState(({ ticked }) => {
    const next = new Set(ticked)
    if (on) next.add(path)
    else next.delete(path)
    return { ticked: next }
  })
}

const draftOf = ({ field: { path }, text }: Copyable): RuleDraft => ({
  ...newRule(),
  path,
  act: text === '' ? 'clear' : 'set',
  text,
})

/** The ticked options become rules like those that a person writes: they can be changed, and are looked at before saving. */
export function takeCopied(): void {
  const { from, ticked } = useCopying.getState()
  if (from === undefined) return
  const copied = copyable(from).filter(({ field }) => ticked.has(field.path))
  const paths = new Set(copied.map(({ field }) => field.path))
  changeRules((rules) => [
    ...rules.filter(({ path }) => path !== '' && !paths.has(path)),
    ...copied.map(draftOf),
  ])
  closeCopying()
}
