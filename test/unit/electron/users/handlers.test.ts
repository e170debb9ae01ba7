import { describe, expect, it } from 'vitest'
import { usersHandlers } from '../../../../electron/features/users/handlers'
import { Refusal } from '../../../../electron/ipc/refusal'
import type { Identity } from '../../../../electron/server/identity'

const one: Identity = { connectionId: 'c1', origin: 'https://one.example/api/v2', account: 'anna' }
const others: readonly Identity[] = [
  { connectionId: 'c2', origin: 'https://two.example/api/v2', account: 'anna' },
  { ...one, account: 'bert' },
]
const key = { serviceProviderId: 'sp', groupId: 'g', userId: 'u@x' }

/** Handlers whose every answer takes until `finish`, and who is chosen. */
function setUp() {
  const asked: string[] = []
  const open: (() => void)[] = []
  const slow = (name: string) => () => {
    asked.push(name)
    return new Promise((resolve) => open.push(() => resolve(name)))
  }
  const anything = new Proxy({}, { get: (_, name) => slow(String(name)) }) as never
  let chosen: Identity | undefined = one
  const handlers = usersHandlers({
    directory: anything,
    callHandling: anything,
    lookups: anything,
    actions: anything,
    sheets: anything,
    identity: () => chosen,
  })
  return {
    handlers,
    asked,
    choose: (identity: Identity | undefined) => {
      chosen = identity
    },
    finish: () => {
      for (const one of open.splice(0)) one()
    },
  }
}

type Made = ReturnType<typeof setUp>['handlers']
const questions: Readonly<Record<string, (handlers: Made) => unknown>> = {
  lookup: (handlers) => handlers['users.lookup']({ as: one, lookup: 'departments', key }),
  extension: (handlers) => handlers['users.extension']({ as: one, key, value: '1234' }),
  secretRules: (handlers) => handlers['users.secretRules']({ as: one, key, kind: 'password' }),
  generateSecret: (handlers) => handlers['users.generateSecret']({ as: one, key, kind: 'password' }),
  checkMove: (handlers) => handlers['users.checkMove']({ as: one, key, newGroupId: 'h' }),
}

const kindOf = (answer: Promise<unknown>): Promise<unknown> =>
  answer.then(
    () => 'answered',
    (error: unknown) => (error instanceof Refusal ? error.kind : error),
  )

it('the list of a server that was chosen just now is not answered with the users of the one before', async () => {
  let shown: string | undefined = 'c2'
  let told = (): void => {}
  let chosen: Identity = one
  const handlers = usersHandlers({
    directory: {
      of: () => shown,
      switched: () => new Promise<void>((resolve) => (told = resolve)),
      window: async () => shown,
    } as never,
    callHandling: {} as never,
    lookups: {} as never,
    actions: {} as never,
    sheets: {} as never,
    identity: () => chosen,
  })
  const ask = () =>
    handlers['users.window']({ query: { search: '', scope: {}, sort: [] }, start: 0, count: 1, as: one })
  const answer = ask()
  shown = 'c1'
  told()
  expect(await answer).toBe('c1')
  shown = 'c2'
  const late = Promise.resolve(ask()).catch((error: Refusal) => error.kind)
  chosen = { ...one, connectionId: 'c2' }
  told()
  expect(await late).toBe('other-account')
})

describe.each(Object.keys(questions))('%s', (name) => {
  const ask = async (handlers: Made) => questions[name]?.(handlers)

  it('is answered under the server and account where it was asked', async () => {
    const { handlers, asked, finish } = setUp()
    const answer = kindOf(ask(handlers))
    expect(asked).toHaveLength(1)
    finish()
    expect(await answer).toBe('answered')
  })

  it('is not asked of another', async () => {
    for (const other of [...others, undefined]) {
      const { handlers, asked, choose } = setUp()
      choose(other)
      expect(await kindOf(ask(handlers))).toBe('other-account')
      expect(asked).toEqual([])
    }
  })

  it('is not answered once another is chosen', async () => {
    for (const other of [...others, undefined]) {
      const { handlers, choose, finish } = setUp()
      const answer = kindOf(ask(handlers))
      choose(other)
      finish()
      expect(await answer).toBe('other-account')
    }
  })
})
