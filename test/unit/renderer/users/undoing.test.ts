import { afterEach, describe, expect, it, vi } from 'vitest'
import { newPage, ok, serverA, serverB } from './page'

const user = (userId: string, name = 'Ana Smith') => ({
  key: { serviceProviderId: 'acme', groupId: 'sales', userId },
  name,
})
const one = user('ana1@acme.example')
const other = user('ana2@acme.example')

async function setUp() {
  // Which page is shown is read off the address.
  vi.stubGlobal('location', { hash: '' })
  const planned: unknown[] = []
  const page = await newPage({
    outbox: { save: () => ok({ saved: 1, message: 'Saved.', entries: ['o7', 'o8'] }) },
    users: {
      window: () => ok({ matched: 0, total: 0, start: 0, rows: [], problems: [], marks: [] }),
      details: () => ok(undefined),
      indexOf: () => ok(undefined),
    },
    history: {
      revertPlan: (input: never) => {
        planned.push(input)
        return ok({ changes: [], leftOut: [] })
      },
    },
  })
  const { undo, redo } = await import('../../../../renderer/features/users/drafts/undoing')
  const { useMessages } = await import('../../../../renderer/kernel/messages')
  page.onScreen(serverA)
  const said = () => JSON.stringify(useMessages.getState())
  return { ...page, undo, redo, said, planned }
}

afterEach(() => vi.unstubAllGlobals())

describe('Undo', () => {
  it('says whose field it put back, by id, and to what', async () => {
    const { draftEdit, undo, redo, said } = await setUp()
    draftEdit(one, 'title', { base: 'Sales manager', mine: 'Boss' })
    draftEdit(other, 'title', { base: null, mine: 'Clerk' })
    undo()
    expect(said()).toContain('Title of Ana Smith (ana2@acme.example) back to empty.')
    undo()
    expect(said()).toContain('Title of Ana Smith (ana1@acme.example) back to “Sales manager”.')
    redo()
    expect(said()).toContain('Title of Ana Smith (ana1@acme.example) again “Boss”.')
  })

  it('counts what was pasted, and does not claim to know what was not read', async () => {
    const { changeDrafts, draftEdit, undo, said } = await setUp()
    draftEdit(one, 'title', { mine: 'Boss' })
    undo()
    expect(said()).toContain('Title of Ana Smith (ana1@acme.example) back to what the server has.')
    changeDrafts(
      () =>
        new Map(
          [one, other].map((each) => [
            each.key.userId,
            { ...each, edits: { title: { base: null, mine: 'X' }, extension: { base: null, mine: '1' } } },
          ]),
        ),
    )
    undo()
    expect(said()).toContain('4 edits in 2 users taken back.')
  })

  it('plans to put back what was saved last, on the server where it was saved', async () => {
    const { draftEdit, saveAll, undo, said, planned, onScreen } = await setUp()
    draftEdit(one, 'title', { base: 'Sales manager', mine: 'Boss' })
    expect(await saveAll()).toBe(true)
    onScreen(serverB)
    undo()
    expect(said()).toContain('Nothing to undo.')
    expect(planned).toEqual([])
    onScreen(serverA)
    undo()
    const edits = [{ path: 'title', base: 'Sales manager', mine: 'Boss' }]
    expect(planned).toEqual([
      { as: serverA, outboxIds: ['o7', 'o8'], saved: [{ user: one.key, userName: 'Ana Smith', edits }] },
    ])
  })
})
