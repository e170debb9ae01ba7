// @vitest-environment happy-dom
import { userEvent } from '@testing-library/user-event'
import { createElement } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeAll, expect, it } from 'vitest'

const person = {
  key: { serviceProviderId: 'acme', groupId: 'sales', userId: 's1@acme.example' },
  fields: { firstName: 'Sam', lastName: 'O’Brian' },
  completeness: 'row',
  pending: {},
  state: 'clean',
}
/** Only what hangs takes so long. */
const hangs = { timeout: 100_000 }
const asked: string[] = []
Object.assign(window, {
  gungnir: {
    users: {
      window: async ({ query }: { query: { search: string } }) => {
        asked.push(query.search)
        const rows = query.search === '5135550188' ? [person] : []
        return {
          ok: true,
          value: { matched: rows.length, total: 1, start: 0, rows, problems: [], marks: [] },
        }
      },
    },
  },
})

async function modules() {
  const { Palette } = await import('../../../renderer/app/Palette')
  const { useCommands } = await import('../../../renderer/kernel/commands')
  const { closeOverlay, openOverlay } = await import('../../../renderer/kernel/overlays')
  const { useStatus } = await import('../../../renderer/kernel/status')
  return { Palette, useCommands, closeOverlay, openOverlay, useStatus }
}
let app: Awaited<ReturnType<typeof modules>>
let root: Root
beforeAll(async () => {
  app = await modules()
})
afterEach(() => {
  app.closeOverlay()
  root.unmount()
})

const found = () => [...document.querySelectorAll('[role=menuitem]')].map((item) => item.textContent)

/** Holds what is typed in the palette against what it offers, until it offers that. */
async function offers(typed: string, names: readonly string[]): Promise<void> {
  const user = userEvent.setup()
  const box = document.querySelector<HTMLInputElement>('.palette-search input')
  if (box === null) throw new Error('The palette has no box.')
  await user.clear(box)
  await user.type(box, typed)
  await expect.poll(found, hangs).toEqual(names)
}

it('the palette finds commands as the search finds users, and people by that search itself', async () => {
  const ran: string[] = []
  const names = ['Sort by E‑mail', 'Show the column Général', 'Choose O’Brian & Söhne', 'Go to History']
  app.useCommands.setState({
    sets: new Map([['app', names.map((name) => ({ id: name, name, run: () => void ran.push(name) }))]]),
  })
  app.useStatus.setState({
    status: { connectionId: 'a', origin: 'http://x', account: 'admin', locked: {}, mayAsk: true } as never,
  })
  const place = document.createElement('div')
  document.body.append(place)
  root = createRoot(place)
  root.render(createElement(app.Palette))
  app.openOverlay('palette')
  await expect.poll(() => found().length, hangs).toBe(names.length)

  await offers('e-mail', ['Sort by E‑mail'])
  await offers('general', ['Show the column Général'])
  await offers("o'brian sohne", ['Choose O’Brian & Söhne'])
  await offers('nowhere', ['No such command, and nobody of that name'])
  // A number is in no command: whom the search finds is shown under the name that it has.
  await offers('5135550188', ['Open user Sam O’Brian (s1@acme.example)'])
  expect(asked).toContain('5135550188')
  await offers('history', ['Go to History'])
  await userEvent.setup().keyboard('{Enter}')
  await expect.poll(() => ran, hangs).toEqual(['Go to History'])
})
