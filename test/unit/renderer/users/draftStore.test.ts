import { afterEach, describe, expect, it, vi } from 'vitest'
import type { UserRow } from '../../../../shared/user/shapes'
import { newPage, ok, serverA, serverB } from './page'

const user = {
  key: { serviceProviderId: 'acme', groupId: 'sales', userId: 'ana@acme.example' },
  name: 'Ana Smith',
}
const id = user.key.userId
const asTech = { ...serverA, account: 'tech' }
const moved = { ...serverA, origin: 'http://127.0.0.1:3/api/v2' }
const edit = (mine: string) => ({ base: null, mine })

afterEach(() => vi.unstubAllGlobals())

describe('an unsaved edit', () => {
  it.each([
    ['another connection', serverB],
    ['the same connection as another account', asTech],
    ['the same connection after it was led to another server', moved],
  ])('is not there on %s, and is there on return', async (_, other) => {
    const { onScreen, draftEdit, currentDrafts } = await newPage({})
    onScreen(serverA)
    draftEdit(user, 'title', edit('Nurse'))
    onScreen(other)
    expect(currentDrafts().size).toBe(0)
    draftEdit(user, 'title', edit('Clerk'))
    onScreen(serverA)
    expect(currentDrafts().get(id)?.edits.title?.mine).toBe('Nurse')
    onScreen(other)
    expect(currentDrafts().get(id)?.edits.title?.mine).toBe('Clerk')
  })

  it('is there after a restart, and so is one that was kept by its connection alone', async () => {
    const before = await newPage({})
    before.onScreen(serverA)
    before.draftEdit(user, 'title', edit('Nurse'))
    const kept = before.useSettings.getState().values.drafts
    const after = await newPage({})
    after.useSettings.setState({
      values: {
        drafts: { ...(kept as object), b: [{ ...user, edits: { title: edit('Old') } }] },
      },
    })
    after.onScreen(serverA)
    after.restoreDrafts()
    expect(after.currentDrafts().get(id)?.edits.title?.mine).toBe('Nurse')
    after.onScreen(serverB)
    expect(after.currentDrafts().get(id)?.edits.title?.mine).toBe('Old')
  })

  it('typed right before the window closes is written then, once, and not when a timer would have', async () => {
    const closing = new Map<string, () => void>()
    vi.stubGlobal('addEventListener', (name: string, run: () => void) => closing.set(name, run))
    const written: { key: string; value: unknown }[] = []
    const { onScreen, draftEdit } = await newPage({
      settings: {
        set: (input: { key: string; value: unknown }) => {
          written.push(input)
          return ok(undefined)
        },
      },
    })
    onScreen(serverA)
    draftEdit(user, 'title', edit('Nur'))
    draftEdit(user, 'title', edit('Nurse'))
    expect(written).toEqual([])
    closing.get('pagehide')?.()
    expect(written).toEqual([{ key: 'drafts', value: expect.anything() }])
    expect(JSON.stringify(written)).toContain('"mine":"Nurse"')
    closing.get('pagehide')?.()
    expect(written).toHaveLength(1)
  })

  it('belongs to the server that its row came from, also when another is on screen by now', async () => {
    const row: UserRow = {
      key: user.key,
      fields: { title: 'Clerk' },
      completeness: 'full',
      pending: {},
      state: 'clean',
    }
    const { onScreen, usersSource, usersEditing, currentDrafts } = await newPage({
      users: {
        window: () => ok({ matched: 1, total: 1, start: 0, rows: [row], problems: [], marks: [] }),
      },
    })
    onScreen(serverA)
    await usersSource.reload('start')
    const shown = usersSource.row(0)
    if (!shown) throw new Error('no row')
    onScreen(serverB)
    expect(usersEditing.commit(shown, 'title', 'Nurse')).toBeUndefined()
    expect(currentDrafts().size).toBe(0)
    onScreen(serverA)
    expect(currentDrafts().get(id)?.edits.title).toEqual({ base: 'Clerk', mine: 'Nurse' })
    usersEditing.keep?.(shown, 'extension', 'none')
    expect(currentDrafts().get(id)?.edits.extension).toMatchObject({ typed: 'none' })
    expect(currentDrafts().get(id)?.edits.extension?.problem).toBeDefined()
  })
})

describe('a cell whose value was never read', () => {
  it('is not cleared by being looked at: an editor that is left as it was opened changes nothing', async () => {
    const row: UserRow = { key: user.key, fields: {}, completeness: 'row', pending: {}, state: 'clean' }
    const { onScreen, usersEditing, currentDrafts } = await newPage({
      users: { details: () => ok({ ...row, fields: { title: 'Nurse' }, extra: {}, readAt: 0 }) },
    })
    onScreen(serverA)
    usersEditing.begin?.(row, 'title')
    // What is there is read while the editor is open.
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(usersEditing.commit(row, 'title', usersEditing.text(row, 'title'))).toBeUndefined()
    expect(currentDrafts().size).toBe(0)
    usersEditing.commit(row, 'title', 'Chief')
    expect(currentDrafts().get(id)?.edits.title).toEqual({ base: 'Nurse', mine: 'Chief' })
    usersEditing.commit(row, 'title', '')
    expect(currentDrafts().get(id)?.edits.title?.mine).toBeNull()
  })
})

describe('undo', () => {
  it('takes back the last step on the server on screen, and leaves those of others', async () => {
    const { onScreen, draftEdit, changeDrafts, currentDrafts, travel } = await newPage({})
    onScreen(serverB)
    draftEdit(user, 'title', edit('On B'))
    onScreen(serverA)
    draftEdit(user, 'title', edit('On A'))
    onScreen(serverB)
    expect(travel('undo')).toBeDefined()
    expect(currentDrafts().size).toBe(0)
    expect(travel('undo')).toBeUndefined()
    onScreen(serverA)
    // A change here ends what could be made again here, and nowhere else.
    changeDrafts((drafts) => new Map(drafts))
    expect(currentDrafts().get(id)?.edits.title?.mine).toBe('On A')
    onScreen(serverB)
    expect(travel('redo')).toBeDefined()
    expect(currentDrafts().get(id)?.edits.title?.mine).toBe('On B')
  })

  it('ends with a save only where it was saved', async () => {
    const { onScreen, draftEdit, changeSaved, placeOf, travel } = await newPage({})
    onScreen(serverB)
    draftEdit(user, 'title', edit('On B'))
    onScreen(serverA)
    draftEdit(user, 'title', edit('On A'))
    changeSaved(() => new Map(), placeOf(serverA))
    expect(travel('undo')).toBeUndefined()
    onScreen(serverB)
    expect(travel('undo')).toBeDefined()
  })
})
