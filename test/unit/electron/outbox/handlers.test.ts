import { describe, expect, it } from 'vitest'
import { createArrivals } from '../../../../electron/features/outbox/arrivals'
import { outboxHandlers } from '../../../../electron/features/outbox/handlers'
import { createOutbox } from '../../../../electron/features/outbox/outbox'
import { unsentText } from '../../../../electron/features/outbox/transfer'
import { systemClock } from '../../../../electron/platform/clock'
import type { OpenFile } from '../../../../electron/platform/file-sink'
import { createPause } from '../../../../electron/platform/pause'
import { systemRandom } from '../../../../electron/platform/random'
import { createPaces } from '../../../../electron/server/pace'
import type { Server } from '../../../../electron/server/server'
import { settingsRepository } from '../../../../electron/store/repositories/settings'
import { openMemoryStore } from '../../../../electron/store/store'
import type { Identity } from '../../../../shared/ipc/contract'
import { silent } from '../../../simulation/real-outbox'
import { unreachable } from './unreachable'

const user = { serviceProviderId: 'acme', groupId: 'sales', userId: 'ana@acme.example' }
const placed = ({ connectionId, origin, account }: Identity) => ({ connectionId, origin, account })

/** An outbox that works offline over two servers of which one is chosen; who holds a number is told when asked to. */
function setUp() {
  const clock = systemClock()
  const random = systemRandom(clock)
  const store = openMemoryStore()
  const at = (id: string, port: number, username = 'admin'): Server => {
    const baseUrl = `http://127.0.0.1:${port}/api/v2`
    return unreachable({ connectionId: id, origin: baseUrl, account: username }, clock, random)
  }
  const servers = { a: at('a', 1), b: at('b', 2), aAsTech: at('a', 1, 'tech') }
  let active: Server = servers.a
  const outbox = createOutbox({
    store,
    clock,
    random,
    log: silent,
    settings: settingsRepository(store),
    paces: createPaces(clock),
    connections: {
      server: () => active,
      setWorkOffline: () => {},
      onChange: () => () => {},
    },
    emit: () => {},
  })
  let answer: () => void = () => {}
  let asked: () => void = () => {}
  const question = new Promise<void>((resolve) => {
    asked = resolve
  })
  let file: Awaited<ReturnType<OpenFile>>
  const pause = () => createPause(clock.mono, 8)
  const handlers = outboxHandlers({
    outbox,
    arrivals: createArrivals({ outbox, newId: random.id, pause }),
    directory: {
      holders: () =>
        new Promise((resolve) => {
          answer = () => resolve([])
          asked()
        }),
    } as never,
    noDepartment: async (user, department) =>
      (department as { name: string }).name === 'Sales'
        ? undefined
        : `There is no department “${(department as { name: string }).name}” in group ${user.groupId}.`,
    online: () => true,
    clock,
    pause,
    madeBy: 'ana at desk-1',
    openFile: async () => {
      asked()
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      return file
    },
    saveFile: async () => undefined,
  })
  return {
    outbox,
    handlers,
    question,
    here: (): Identity => placed(outbox.identity() as Identity),
    choose: (which: keyof typeof servers) => {
      active = servers[which]
    },
    answer: () => answer(),
    give: (text: string) => {
      file = { name: 'unsent.json', bytes: new TextEncoder().encode(text) }
    },
    entries: () => outbox.window({ start: 0, count: 10 }).total,
  }
}

describe('a save', () => {
  const changes = [{ user, edits: [{ path: 'extension', base: '1000', mine: '1001' }] }]

  it.each(['b', 'aAsTech'] as const)(
    'is refused when another server or account was chosen while its extension was looked up (%s)',
    async (other) => {
      const { handlers, question, here, choose, answer, entries } = setUp()
      const saving = Promise.resolve(handlers['outbox.save']({ as: here(), changes }))
      const outcome = expect(saving).rejects.toThrow(
        /This was meant for admin on http:\/\/127\.0\.0\.1:1\/api\/v2/,
      )
      await question
      choose(other)
      answer()
      await outcome
      expect(entries()).toBe(0)
    },
  )

  it('is taken where it was made, also after a look at another server', async () => {
    const { handlers, outbox, question, here, choose, answer } = setUp()
    const saving = handlers['outbox.save']({ as: here(), changes })
    await question
    choose('b')
    choose('a')
    answer()
    expect(await saving).toMatchObject({ saved: 1 })
    expect(outbox.own().entries).toHaveLength(1)
    choose('b')
    expect(outbox.own().entries).toHaveLength(0)
  })

  it('names a department that the server does not have, and saves nothing', async () => {
    const { handlers, here, entries } = setUp()
    const into = (name: string) => ({
      as: here(),
      changes: [
        {
          user,
          edits: [
            {
              path: 'department',
              base: null,
              mine: { name, serviceProviderId: user.serviceProviderId, groupId: user.groupId },
            },
          ],
        },
      ],
    })
    await expect(handlers['outbox.save'](into('Nowhere (Tier 2)'))).rejects.toThrow(
      `There is no department “Nowhere (Tier 2)” in group ${user.groupId}.`,
    )
    expect(entries()).toBe(0)
    expect(await handlers['outbox.save'](into('Sales'))).toMatchObject({ saved: 1 })
  })

  it('asks no other server who has a number', async () => {
    const { handlers, here, choose, question } = setUp()
    const as = here()
    choose('b')
    let lookedUp = false
    void question.then(() => {
      lookedUp = true
    })
    await expect(handlers['outbox.save']({ as, changes })).rejects.toThrow('Nothing was changed.')
    expect(lookedUp).toBe(false)
  })
})

describe('a file of unsent changes', () => {
  it('goes to the server that was chosen when the person asked for it, or nowhere', async () => {
    const { handlers, outbox, question, here, choose, answer, give, entries } = setUp()
    outbox.save({ changes: [{ user, edits: [{ path: 'title', base: null, mine: 'Nurse' }] }] })
    const { origin, account } = here()
    const [entry] = outbox.own().entries
    let text = ''
    for (const part of unsentText({ origin, account, madeAt: 0 }, outbox.own().entries)) text += part
    outbox.discard([entry?.id ?? ''])
    expect(entries()).toBe(0)
    give(text)
    const importing = Promise.resolve(handlers['outbox.import'](undefined))
    const outcome = expect(importing).rejects.toThrow('This was meant for admin')
    await question
    choose('b')
    answer()
    await outcome
    expect(entries()).toBe(0)
  })
})
