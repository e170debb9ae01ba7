import { afterEach, describe, expect, it, vi } from 'vitest'
import type { SaveInput } from '../../../../shared/ipc/contract'
import { ok as answered, newPage, serverA, serverB } from './page'

const user = {
  key: { serviceProviderId: 'acme', groupId: 'sales', userId: 'ana@acme.example' },
  name: 'Ana Smith',
}

/** A main process whose first reading of a user takes until it is told to answer. */
async function setUp() {
  const saved: SaveInput[] = []
  const asked: unknown[] = []
  let read: (record: unknown) => void = () => {}
  const page = await newPage({
    users: {
      details: (input: never) => {
        asked.push(input)
        return new Promise((resolve) => {
          read = (fields) =>
            resolve(
              fields === undefined
                ? { ok: false, error: { kind: 'other-account', message: 'Another server is chosen.' } }
                : {
                    ok: true,
                    value: { key: user.key, completeness: 'full', fields, pending: {}, extra: {} },
                  },
            )
        })
      },
    },
    outbox: {
      save: (input: SaveInput) => {
        saved.push(input)
        return answered({ saved: 1, message: 'Saved.', entries: ['o1'] })
      },
    },
  })
  return { ...page, saved, asked, read: (fields: unknown) => read(fields) }
}

afterEach(() => vi.unstubAllGlobals())

describe('Save', () => {
  it('saves what was there when it was asked for, where it was made, whatever is on screen by then', async () => {
    const { onScreen, draftEdit, draftsAt, placeOf, saveAll, saved, read } = await setUp()
    onScreen(serverB)
    draftEdit(user, 'title', { base: null, mine: 'Made on B' })
    onScreen(serverA)
    draftEdit(user, 'title', { mine: 'Made on A' })
    const saving = saveAll()
    onScreen(serverB)
    read({ title: null })
    expect(await saving).toBe(true)
    expect(saved).toEqual([
      {
        as: serverA,
        changes: [{ user: user.key, edits: [{ path: 'title', base: null, mine: 'Made on A' }] }],
      },
    ])
    expect(draftsAt(placeOf(serverA)).size).toBe(0)
    expect(draftsAt(placeOf(serverB)).get(user.key.userId)?.edits.title?.mine).toBe('Made on B')
  })

  it('writes what it learns about the server into the draft of that server', async () => {
    const { onScreen, draftEdit, draftsAt, placeOf, saveAll, saved, asked, read, useUsers, useSaving } =
      await setUp()
    onScreen(serverA)
    draftEdit(user, 'title', { mine: 'Mine' })
    const saving = saveAll()
    onScreen(serverB)
    read({ title: 'Already there' })
    expect(await saving).toBe(false)
    expect(asked).toEqual([{ key: user.key, fresh: true, as: serverA }])
    expect(saved).toEqual([])
    expect(draftsAt(placeOf(serverA)).get(user.key.userId)?.edits.title).toEqual({
      base: 'Already there',
      mine: 'Mine',
    })
    expect(draftsAt(placeOf(serverB)).size).toBe(0)
    // The user on screen is another server's, whatever its id.
    expect(useUsers.getState().current).toBeUndefined()
    expect(useSaving.getState().error?.message).toContain('Ana Smith (ana@acme.example), Title')
  })

  it('leaves a draft that became wrong while it waited, and names the user by id', async () => {
    const { onScreen, draftEdit, saveAll, saved, read, useSaving } = await setUp()
    onScreen(serverA)
    draftEdit(user, 'title', { mine: 'Nurse' })
    const saving = saveAll()
    draftEdit(user, 'extension', { base: null, mine: 'x', typed: 'x', problem: 'Only digits.' })
    read({ title: null })
    expect(await saving).toBe(false)
    expect(saved).toEqual([])
    expect(useSaving.getState().error?.message).toBe('Ana Smith (ana@acme.example), Extension: Only digits.')
  })

  it('of one user leaves the edits of others, mistakes and open editors too', async () => {
    const { onScreen, draftEdit, draftsAt, placeOf, saveUser, saved, usersGrid, useSaving } = await setUp()
    const other = { key: { ...user.key, userId: 'bob@acme.example' }, name: 'Bob Jones' }
    const committed: unknown[] = []
    usersGrid.current = {
      // As the grid does it: an open editor of the other one holds what cannot be taken.
      commitEdit: (id?: string) => {
        committed.push(id)
        return id !== undefined && id !== other.key.userId
      },
    } as typeof usersGrid.current
    onScreen(serverA)
    draftEdit(other, 'extension', { base: null, mine: 'x', typed: 'x', problem: 'Only digits.' })
    draftEdit(user, 'title', { base: null, mine: 'Nurse' })
    draftEdit(other, 'title', { base: null, mine: 'Matron' })
    const saving = saveUser(user.key.userId)
    // The list of this one is not looked at here.
    onScreen(serverB)
    expect(await saving).toBe(true)
    onScreen(serverA)
    expect(committed).toEqual([user.key.userId])
    expect(saved).toEqual([
      { as: serverA, changes: [{ user: user.key, edits: [{ path: 'title', base: null, mine: 'Nurse' }] }] },
    ])
    const left = draftsAt(placeOf(serverA))
    expect([...left.keys()]).toEqual([other.key.userId])
    expect(left.get(other.key.userId)?.edits).toMatchObject({
      extension: { typed: 'x', problem: 'Only digits.' },
      title: { mine: 'Matron' },
    })
    expect(useSaving.getState().error).toBeUndefined()
    expect(await saveUser(user.key.userId), 'nothing of this user is left to save').toBe(false)
    expect(saved).toHaveLength(1)
  })

  it.each(['can be read', 'cannot be read'])(
    'never lets the old value be seen again, whatever is asked for meanwhile, when the list %s afterwards',
    async (how) => {
      let saved = false
      const ok = (value: unknown) =>
        saved && how === 'cannot be read'
          ? Promise.resolve({ ok: false, error: { kind: 'store', message: 'The disk is full.' } })
          : answered(value)
      const row = () => ({
        key: user.key,
        fields: { title: 'Old' },
        completeness: 'full',
        pending: saved ? { title: { old: 'Old', new: 'New' } } : {},
        state: 'clean',
        extra: {},
        readAt: 0,
      })
      const page = await newPage({
        users: {
          window: () => ok({ matched: 1, total: 1, start: 0, rows: [row()], problems: [], marks: [] }),
          indexOf: () => ok(0),
          details: () => ok(row()),
        },
        outbox: {
          save: () => {
            saved = true
            return answered({ saved: 1, message: 'Saved.', entries: ['o1'] })
          },
        },
      })
      const { onScreen, usersSource, draftEdit, currentDrafts, saveAll, refreshView } = page
      const { showDetails, useDetails } = await import(
        '../../../../renderer/features/users/details/detailsStore'
      )
      const { shownValue } = await import('../../../../renderer/features/users/shownValue')
      onScreen(serverA)
      await usersSource.reload('start')
      showDetails(user.key)
      await vi.waitFor(() => expect(useDetails.getState().copy).toBeDefined())
      draftEdit(user, 'title', { base: 'Old', mine: 'New' })
      const seen: unknown[] = []
      const look = () => {
        const draft = currentDrafts().get(user.key.userId)
        const cell = usersSource.row(0)
        const { copy: details } = useDetails.getState()
        seen.push(cell && shownValue(cell, draft, 'title'), details && shownValue(details, draft, 'title'))
      }
      usersSource.subscribe(look)
      useDetails.subscribe(look)
      page.useSaving.subscribe(look)
      page.useSettings.subscribe(look)
      const saving = saveAll()
      // A change is told, and the list fetched anew, while Save waits for its own.
      void refreshView()
      expect(await saving).toBe(true)
      look()
      expect(currentDrafts().size).toBe(0)
      expect(new Set(seen)).toEqual(new Set(['New']))
      expect(seen.length).toBeGreaterThan(6)
      // Marked as on its way, over what the server has.
      expect(usersSource.row(0)?.pending).toEqual({ title: { old: 'Old', new: 'New' } })
    },
  )
})
