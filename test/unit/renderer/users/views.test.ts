import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isFromStart,
  isShown,
  nameProblem,
  readViews,
  type SavedView,
  startingView,
  viewsFor,
  withStarting,
} from '../../../../renderer/features/users/views/views'
import { orderedIds, plainLayout } from '../../../../renderer/grid/columns'
import { columnAt } from '../../../../shared/query/columns'
import { parseQuery } from '../../../../shared/query/parse'

const view = (id: string, name: string, more: Partial<SavedView> = {}): SavedView => ({
  id,
  name,
  query: { search: 'dept:sales', scope: {}, sort: [{ path: 'lastName', direction: 'descending' }] },
  layout: plainLayout,
  ...more,
})

describe('saved views', () => {
  it('come back as they were stored', () => {
    const all = [
      view('1', 'Sales'),
      view('2', 'Here', {
        connectionId: 'c1',
        query: { search: '', scope: { serviceProviderId: 'sp', groupId: 'g' }, sort: [] },
      }),
    ]
    expect(readViews(JSON.parse(JSON.stringify(all)))).toEqual(all)
  })

  it('leave out what makes no sense, and keep the rest', () => {
    const stored = [
      null,
      7,
      { id: '1' },
      { id: '2', name: '  ' },
      {
        id: '3',
        name: 'x'.repeat(100),
        query: { search: 5, scope: [], sort: [{ path: 1 }, { path: 'a', direction: 'up' }] },
      },
      { id: '3', name: 'Twice' },
    ]
    expect(readViews(stored)).toEqual([
      view('3', 'x'.repeat(60), { query: { search: '', scope: {}, sort: [] } }),
    ])
    expect(readViews('nothing')).toEqual([])
    fc.assert(fc.property(fc.jsonValue(), (json) => void readViews(json)))
    fc.assert(fc.property(fc.array(fc.jsonValue()), (json) => void readViews(json)))
  })

  it('of another server are not offered, and names are in the order of people', () => {
    const all = [view('1', 'Level 10'), view('2', 'level 9'), view('3', 'Elsewhere', { connectionId: 'c2' })]
    expect(viewsFor(all, 'c1').map(({ name }) => name)).toEqual(['level 9', 'Level 10'])
    expect(viewsFor(all, 'c2')).toHaveLength(3)
  })

  it('begin with everybody whose calls leave the enterprise, on each server, until that is taken away', () => {
    const [given] = withStarting([], undefined, 'c1')
    expect(given).toMatchObject({
      name: 'Forwarded outside',
      connectionId: 'c1',
      query: { search: 'forwarded:outside' },
    })
    expect(parseQuery(given?.query.search ?? '').problems).toEqual([])
    expect(readViews(JSON.parse(JSON.stringify([given])))).toEqual([given])
    expect(Object.keys(given?.layout.shown ?? {}).map(columnAt)).toEqual([expect.any(Number)])
    const ids = ['lastName', 'firstName', 'userId', 'phoneNumber', 'extension', 'state', 'groupId']
    expect(
      orderedIds([...ids, 'calls.forwardedTo'], given?.layout ?? plainLayout).indexOf('calls.forwardedTo'),
    ).toBe(3)
    expect(withStarting([], [given?.id], 'c1')).toEqual([])
    expect(withStarting([], [given?.id], 'c2')).toHaveLength(1)
    const renamed = { ...startingView('c1'), name: 'Toll fraud' }
    expect(withStarting([renamed], undefined, 'c1')).toEqual([renamed])
    expect(withStarting([], undefined, undefined)).toEqual([])
    expect(isFromStart(given?.id ?? '')).toBe(true)
    expect(isFromStart('1')).toBe(false)
  })

  it('have names of their own', () => {
    const all = [view('1', 'Sales')]
    expect(nameProblem(all, ' ')).toBe('Give the view a name.')
    expect(nameProblem(all, ' sales ')).toBe('There is a view of this name.')
    expect(nameProblem(all, 'SALES', '1')).toBeUndefined()
    expect(nameProblem(all, 'x'.repeat(61))).toBe('At most 60 characters.')
    expect(nameProblem(all, 'Support')).toBeUndefined()
  })

  it('are shown when the list asks for the same, however its columns are arranged', () => {
    const { query } = view('1', 'Sales')
    expect(isShown(view('1', 'Sales'), { ...query, search: ' dept:sales ' })).toBe(true)
    expect(isShown(view('1', 'Sales'), { ...query, sort: [] })).toBe(false)
    expect(isShown(view('1', 'Sales'), { ...query, scope: { serviceProviderId: 'sp' } })).toBe(false)
  })
})
