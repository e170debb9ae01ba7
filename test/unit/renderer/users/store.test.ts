import { expect, it, vi } from 'vitest'
import { newPage, ok, serverA } from './page'

const ana = { serviceProviderId: 'sp', groupId: 'g', userId: 'ana' }
const window = { matched: 1, total: 1, start: 0, rows: [], problems: [], marks: [] }

/** A page whose list is told what to do, and whose answers come when they are asked to. */
async function setUp(index: number | undefined) {
  let arrive = () => {}
  const page = await newPage({
    users: {
      window: () =>
        new Promise((resolve) => {
          arrive = () => resolve({ ok: true, value: window })
        }),
      indexOf: () => ok(index),
    },
  })
  const told: string[] = []
  page.onScreen(serverA)
  page.usersGrid.current = {
    toTop: () => told.push('top'),
    follow: (id: string, row: number) => told.push(`${id} at ${row}`),
    letGo: (id: string) => told.push(`${id} gone`),
  } as never
  const answered = async () => {
    arrive()
    await vi.waitFor(() => expect(page.usersSource.total()).toBe(1))
    return told
  }
  return { ...page, answered }
}

it('another list is shown from its top', async () => {
  const { setSearch, usersGridMemory, answered } = await setUp(7)
  usersGridMemory.id = ana.userId
  setSearch('smith')
  expect(await answered()).toEqual(['top'])
})

it('who is pointed at while another list is on its way stays under the cursor', async () => {
  const { setSearch, usersGridMemory, answered } = await setUp(7)
  setSearch('smith')
  usersGridMemory.pointings++
  usersGridMemory.id = ana.userId
  expect(await answered()).toEqual(['ana at 7'])
})

it('who is pointed at meanwhile and is not in the other list leaves the cursor on nobody', async () => {
  const { setSearch, usersGridMemory, answered } = await setUp(undefined)
  setSearch('smith')
  usersGridMemory.pointings++
  usersGridMemory.id = ana.userId
  expect(await answered()).toEqual(['ana gone'])
})
