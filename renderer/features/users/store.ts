import { create } from 'zustand'
import type {
  Completeness,
  GroupScope,
  Input,
  LoadProgress,
  ReadingChoice,
  UsersQuery,
  UsersWindow,
} from '../../../shared/ipc/contract'
import type { Json } from '../../../shared/json'
import type { UserRow } from '../../../shared/user/shapes'
import type { UserKey } from '../../../shared/user/types'
import type { SortKey } from '../../grid/columns'
import { type GridHandle, newGridMemory } from '../../grid/DataGrid'
import { createRowSource } from '../../grid/rowSource'
import { nothingSelected, type Selection } from '../../grid/selection'
import { ask, gungnir, type Refused, refusal } from '../../kernel/bridge'
import { say, sayError, sayProblem } from '../../kernel/messages'
import { setSetting, setting } from '../../kernel/settings'
import { connectionId, identityNow, placeNow, placeOf, useStatus } from '../../kernel/status'
import { counted } from '../../ui/words'
import { groupsIn, keptOf, keptWords, scopeName } from './list/offline'

export type Scope = UsersQuery['scope']

interface UsersStore {
  readonly query: UsersQuery
  readonly selection: Selection
  readonly current: UserKey | undefined
  readonly progress: LoadProgress | undefined
  readonly scopes: readonly GroupScope[]
  /** How far the full records are here; undefined until that is known. */
  readonly completeness: Completeness | undefined
  /** Why the service providers and groups could not be listed. */
  readonly scopesError: Refused | undefined
}

const emptyQuery: UsersQuery = { search: '', scope: {}, sort: [] }

export const useUsers = create<UsersStore>(() => ({
  query: emptyQuery,
  selection: nothingSelected,
  current: undefined,
  progress: undefined,
  scopes: [],
  completeness: undefined,
  scopesError: undefined,
}))

export const userId = (row: UserRow): string => row.key.userId

/** A part of the list of users that match; its length is their number, `known` is that of all users. */
export interface MatchesWindow extends Omit<UsersWindow, 'matched'> {
  readonly known: number
  /** The search that it answers. */
  readonly search: string
}

export const usersSource = createRowSource<UserRow, MatchesWindow>(async (start, count, find) => {
  const { query } = useUsers.getState()
  const as = identityNow()
  const { matched, total, ...rest } = await ask(
    gungnir.users.window({ query, start, count, ...(find && { find: [...find] }), ...(as && { as }) }),
  )
  if (as !== undefined) for (const row of rest.rows) places.set(row, placeOf(as))
  return { ...rest, total: matched, known: total, search: query.search }
})

const places = new WeakMap<UserRow, string>()

/** The server and account a row came from (`placeOf`): what is done to its user belongs there. */
export const placeOfRow = (row: UserRow): string | undefined => places.get(row) ?? placeNow()

/** Where the grid was left when the page was last shown. */
export const usersGridMemory = newGridMemory()

/** The grid while it is on screen. */
export const usersGrid: { current: GridHandle | null } = { current: null }

/**
 * Asks something else of the directory; the answer replaces the list from its top. Whoever was pointed at in the old
 * list meanwhile stays under the cursor, or nobody does: what is typed next is meant for them, not for who comes first.
 */
function changeQuery(change: Partial<UsersQuery>): void {
  useUsers.setState(({ query }) => ({ query: { ...query, ...change } }))
  const { pointings } = usersGridMemory
  const followIfPointed = async () => {
    const pointed = usersGridMemory.id
    if (usersGridMemory.pointings === pointings || pointed === undefined) usersGrid.current?.toTop()
    else await followUser(pointed)
  }
  void usersSource.reload('start', followIfPointed)
}

/** Asks for another list altogether; what was chosen in the old one would no longer be in sight. */
export function setQuery(query: UsersQuery): void {
  useUsers.setState({ selection: nothingSelected })
  changeQuery(query)
}

export function setSearch(search: string): void {
  changeQuery({ search })
}

/** Another server part: what was chosen in the old one would no longer be in sight. */
export function setScope(scope: Scope): void {
  useUsers.setState({ selection: nothingSelected })
  changeQuery({ scope })
  rememberScope(scope)
  const { serviceProviderId, groupId } = scope
  if (serviceProviderId !== undefined && groupId !== undefined) {
    void ask(gungnir.users.groupOpened({ serviceProviderId, groupId })).catch(sayError)
  }
}

/** By connection: which part of the server was looked at last. */
const scopesKey = 'users-scopes'

const readScopesSetting = (stored: unknown): Record<string, Scope> =>
  typeof stored === 'object' && stored !== null && !Array.isArray(stored)
    ? Object.fromEntries(
        Object.entries(stored as Record<string, unknown>).flatMap(([id, scope]) => {
          const { serviceProviderId, groupId } = Object(scope) as Record<string, unknown>
          if (typeof serviceProviderId !== 'string') return []
          return [[id, { serviceProviderId, ...(typeof groupId === 'string' ? { groupId } : {}) }]]
        }),
      )
    : {}

function rememberScope({ serviceProviderId, groupId }: Scope): void {
  const id = connectionId()
  if (id === undefined) return
  const { [id]: _, ...others } = setting(scopesKey, readScopesSetting)
  const now =
    serviceProviderId === undefined
      ? {}
      : { [id]: { serviceProviderId, ...(groupId === undefined ? {} : { groupId }) } }
  setSetting(scopesKey, { ...others, ...now } as Json)
}

function rememberedScope(): Scope {
  const id = connectionId()
  return (id === undefined ? undefined : setting(scopesKey, readScopesSetting)[id]) ?? {}
}

export const setSort = (sort: readonly SortKey[]): void => changeQuery({ sort: [...sort] })

export const setSelection = (selection: Selection): void => useUsers.setState({ selection })

export const setCurrent = (row: Pick<UserRow, 'key'> | undefined): void =>
  useUsers.setState({ current: row?.key })

/** Fetches what is in view again; the cursor goes along with its user, and who is looked at stays in place. */
export function refreshView(): Promise<void> {
  const { current } = useUsers.getState()
  const staying = usersGrid.current?.staying() ?? []
  const follow = ({ places = [] }: MatchesWindow) => {
    const grid = usersGrid.current
    const at = staying.findIndex((_, index) => places[index] !== undefined)
    if (staying[at]) grid?.stay(staying[at].id, places[at] as number)
    if (current) cursorTo(current.userId, places[staying.length])
  }
  return usersSource.reload('here', follow, { staying, cursor: current?.userId })
}

/** Shows rows of this server and account changed, until they are fetched again. */
export function amendRows(change: (row: UserRow) => UserRow, place: string): void {
  usersSource.amend((row) => {
    const next = placeOfRow(row) === place ? change(row) : row
    if (next !== row) places.set(next, place)
    return next
  })
}

/** Puts the cursor, if it is on this user, where they stand in the list that is asked for, or on nobody. */
async function followUser(userId: string): Promise<void> {
  const { query } = useUsers.getState()
  const as = identityNow()
  let index: number | undefined
  try {
    index = await ask(gungnir.users.indexOf({ query, userId, ...(as === undefined ? {} : { as }) }))
  } catch {
    // Not known: the grid finds its row by itself where it can, and lets nobody else be changed where it cannot.
    return
  }
  cursorTo(userId, index)
}

function cursorTo(userId: string, index: number | undefined): void {
  if (index === undefined) usersGrid.current?.letGo(userId)
  else usersGrid.current?.follow(userId, index)
}

export async function readScopes(): Promise<void> {
  try {
    const scopes = await ask(gungnir.users.scopes())
    useUsers.setState({ scopes, scopesError: undefined })
    // A part that is no longer there would stand for an empty list that nobody can explain.
    const { scope } = useUsers.getState().query
    if (scope.serviceProviderId !== undefined && scopes.length > 0 && groupsIn(scopes, scope).length === 0) {
      setScope({})
    }
  } catch (error) {
    useUsers.setState({ scopesError: refusal(error) })
  }
}

export async function readCompleteness(): Promise<void> {
  const completeness = await ask(gungnir.users.completeness()).catch(() => undefined)
  if (completeness) useUsers.setState({ completeness })
}

/** What is read of call handling beside or in place of full records. */
type CallsWish = Pick<Input<'users.readFull'>, 'calls' | 'onlyCalls'>

/** Reads what is not here yet of a scope: full records, call handling. */
export async function readMissing(scope: Scope, what: CallsWish = {}): Promise<void> {
  try {
    await ask(gungnir.users.readFull({ ...scope, ...what }))
    await readCompleteness()
  } catch (error) {
    sayError(error)
  }
}

export async function chooseReading(choice: ReadingChoice): Promise<void> {
  try {
    await ask(gungnir.users.chooseReading({ choice }))
    await readCompleteness()
  } catch (error) {
    sayError(error)
  }
}

export async function readProgress(): Promise<void> {
  const progress = await ask(gungnir.users.progress()).catch(() => undefined)
  if (progress) useUsers.setState({ progress })
}

/** Reads the users of the chosen service provider or group (or all) from the server again. */
export async function refreshFromServer(): Promise<void> {
  try {
    await ask(gungnir.users.refresh(useUsers.getState().query.scope))
  } catch (error) {
    sayError(error)
  }
}

/** What is being taken offline, until it is known what came of it. */
let taking: Scope | undefined

/** Says what came of taking offline, once the full records have been read. */
export async function sayTaken({ failed }: LoadProgress): Promise<void> {
  const scope = taking
  if (scope === undefined) return
  await readScopes()
  const kept = keptOf(groupsIn(useUsers.getState().scopes, scope))
  // Something else was read, or the rest is: then the word comes later.
  if (!kept.complete && failed.length === 0) return
  if (taking !== scope) return
  taking = undefined
  const words = `${scopeName(scope)}: ${keptWords(kept, Date.now())}.`
  if (kept.complete) say(words)
  else sayProblem(`${words} The rest could not be read. It is tried again later.`)
}

/** Keeps the full records of the chosen service provider or group (or of all) here and fresh, or stops doing so. */
export async function takeOffline(on: boolean): Promise<void> {
  try {
    const { scope } = useUsers.getState().query
    const what = scopeName(scope)
    const { status } = useStatus.getState()
    taking = on ? scope : undefined
    await ask(gungnir.users.takeOffline({ ...scope, on }))
    if (!on) say(`${what}: no longer kept offline.`)
    else if (status?.network === 'online' && !status.workOffline) {
      say(`Taking ${what} offline. You can go on working.`)
    } else say(`${what}: taken offline as soon as the server can be reached.`)
    await readScopes()
  } catch (error) {
    sayError(error)
  }
}

/** Forgets the users that are marked gone. */
export async function dismissGone(): Promise<void> {
  try {
    const gone = await ask(gungnir.users.dismissGone())
    say(gone === 0 ? 'No user is marked gone.' : `Dismissed ${counted(gone, 'gone user')}.`)
  } catch (error) {
    sayError(error)
  }
}

export async function cancelLoading(): Promise<void> {
  await ask(gungnir.users.cancelLoading()).catch(sayError)
}

/** Another server is on screen: nothing of the old one may stay. What an open editor holds goes to its own server. */
export function startAfresh(): void {
  usersGrid.current?.closeEdit()
  useUsers.setState({
    query: { ...emptyQuery, scope: rememberedScope() },
    selection: nothingSelected,
    current: undefined,
    progress: undefined,
    scopes: [],
    completeness: undefined,
    scopesError: undefined,
  })
  taking = undefined
  usersSource.clear()
}
