import type { UsersQuery } from '../../../../shared/ipc/contract'
import { type ColumnLayout, readLayout, type SortKey } from '../../../grid/columns'

/** What the list of users shows: whom, in which order, with which columns. */
export interface Shown {
  readonly query: UsersQuery
  readonly layout: ColumnLayout
}

/** A list of users that a person gave a name to. */
export interface SavedView extends Shown {
  readonly id: string
  readonly name: string
  /** The server of its service provider or group; absent when it is about neither. */
  readonly connectionId?: string
}

export const longestName = 60
const most = 200

export const isText = (value: unknown): value is string => typeof value === 'string'
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function readQuery(stored: unknown): UsersQuery {
  const { search, scope, sort } = isObject(stored) ? stored : {}
  const { serviceProviderId, groupId } = isObject(scope) ? scope : {}
  const keys = Array.isArray(sort) ? sort.filter(isObject) : []
  return {
    search: isText(search) ? search : '',
    scope: {
      ...(isText(serviceProviderId) ? { serviceProviderId } : {}),
      ...(isText(groupId) ? { groupId } : {}),
    },
    sort: keys.flatMap(({ path, direction }): SortKey[] =>
      isText(path) && (direction === 'ascending' || direction === 'descending') ? [{ path, direction }] : [],
    ),
  }
}

/** Makes sense of views that were stored, perhaps by another version; what has no name or id is left out. */
export function readViews(stored: unknown): SavedView[] {
  const ids = new Set<string>()
  return (Array.isArray(stored) ? stored : [])
    .flatMap((view): SavedView[] => {
      if (!isObject(view)) return []
      const { id, name, connectionId, query, layout } = view
      if (!isText(id) || !isText(name) || name.trim() === '' || ids.has(id)) return []
      ids.add(id)
      return [
        {
          id,
          name: name.slice(0, longestName),
          ...(isText(connectionId) ? { connectionId } : {}),
          query: readQuery(query),
          layout: readLayout(layout),
        },
      ]
    })
    .slice(0, most)
}

const fromStart = 'forwarded-outside '

/** Whether a view was there from the start. */
export const isFromStart = (id: string): boolean => id.startsWith(fromStart)

/** Everybody whose calls leave the enterprise: there from the start on every server, until a person takes it away. */
export const startingView = (connectionId: string): SavedView => ({
  id: `${fromStart}${connectionId}`,
  name: 'Forwarded outside',
  connectionId,
  query: { search: 'forwarded:outside', scope: {}, sort: [] },
  layout: {
    // What is not named here comes behind the columns that it stands behind by itself.
    order: ['lastName', 'firstName', 'userId', 'calls.forwardedTo', 'phoneNumber', 'extension'],
    shown: { 'calls.forwardedTo': true },
    widths: {},
  },
})

/** The stored views of all servers, and the one that a server has from the start unless it was changed or taken away. */
export function withStarting(
  views: readonly SavedView[],
  removed: unknown,
  connectionId: string | undefined,
): SavedView[] {
  if (connectionId === undefined) return [...views]
  const view = startingView(connectionId)
  const isGone = Array.isArray(removed) && removed.includes(view.id)
  return isGone || views.some(({ id }) => id === view.id) ? [...views] : [view, ...views]
}

/** The views that mean something on a server, by name. */
export const viewsFor = (views: readonly SavedView[], connectionId: string | undefined): SavedView[] =>
  views
    .filter((view) => view.connectionId === undefined || view.connectionId === connectionId)
    .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))

/** Why a view cannot have this name, if so. `except` is the view that is being renamed. */
export function nameProblem(views: readonly SavedView[], name: string, except?: string): string | undefined {
  const wanted = name.trim()
  if (wanted === '') return 'Give the view a name.'
  if (wanted.length > longestName) return `At most ${longestName} characters.`
  const taken = views.some((view) => view.id !== except && view.name.toLowerCase() === wanted.toLowerCase())
  if (taken) return 'There is a view of this name.'
  return views.length >= most && except === undefined ? `There are ${most} views already.` : undefined
}

const askedFor = ({ search, scope, sort }: UsersQuery): string =>
  JSON.stringify([
    search.trim(),
    scope.serviceProviderId ?? null,
    scope.groupId ?? null,
    sort.map(({ path, direction }) => [path, direction]),
  ])

/** Whether the list shows what a view asks for; how its columns are arranged does not count. */
export const isShown = (view: Shown, query: UsersQuery): boolean => askedFor(view.query) === askedFor(query)
