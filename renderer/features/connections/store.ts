import { create } from 'zustand'
import type { Connection, ConnectionDraft, TestResult } from '../../../shared/ipc/contract'
import { ask, gungnir, type Refused, refusal } from '../../kernel/bridge'
import { say } from '../../kernel/messages'
import { goTo } from '../../kernel/pages'
import { placeOf, readStatus } from '../../kernel/status'
import { confirm } from '../../ui/confirm'
import { counted } from '../../ui/words'
import { sentAlready } from '../outbox/words'
import { draftsAt } from '../users/drafts/draftStore'
import { countEdits } from '../users/drafts/drafts'

/** What is being done now; its button says so. */
export type Busy = 'demo' | 'save' | 'test' | 'connect' | 'sign-out' | 'remove'

interface ConnectionsStore {
  /** Nothing before they have been listed. */
  readonly list: readonly Connection[] | undefined
  /** The one in the form; `new` for one that is not saved yet. */
  readonly editing: string | undefined
  readonly busy: Busy | undefined
  /** How the last test or sign-in went, of the one in the form. */
  readonly result: TestResult | undefined
  readonly error: Refused | undefined
  /** The password that did not lead in, for the form of its connection: nobody types it again for a wrong port. */
  readonly typed: { readonly id: string; readonly password: string } | undefined
}

export const useConnections = create<ConnectionsStore>(() => ({
  list: undefined,
  editing: undefined,
  busy: undefined,
  result: undefined,
  error: undefined,
  typed: undefined,
}))

export async function listConnections(): Promise<void> {
  try {
    const list = await ask(gungnir.connections.list())
    useConnections.setState({ list })
  } catch (error) {
    useConnections.setState({ error: refusal(error), list: useConnections.getState().list ?? [] })
  }
}

export const edit = (editing: string | undefined): void =>
  useConnections.setState({ editing, result: undefined, error: undefined, typed: undefined })

/** What the last attempt came to is no longer about what the form holds. */
export const forgetOutcome = (): void => useConnections.setState({ result: undefined, error: undefined })

/** One thing at a time; what goes wrong stands in the form. */
async function work<T>(busy: Busy, action: () => Promise<T>): Promise<T | undefined> {
  if (useConnections.getState().busy) return undefined
  useConnections.setState({ busy, result: undefined, error: undefined })
  try {
    return await action()
  } catch (error) {
    useConnections.setState({ error: refusal(error) })
    return undefined
  } finally {
    useConnections.setState({ busy: undefined })
  }
}

/** The built-in server with made-up users: starts it, signs in and goes to them. */
export const tryDemo = () =>
  work('demo', async () => {
    await ask(gungnir.connections.tryDemo())
    await Promise.all([listConnections(), readStatus()])
    goTo('users')
  })

export const test = (draft: ConnectionDraft) =>
  work('test', async () => {
    useConnections.setState({ result: await ask(gungnir.connections.test(draft)) })
  })

/** @param password what its form is to show on, where it is not kept yet */
async function store(draft: ConnectionDraft, password?: string): Promise<Connection> {
  const saved = await ask(gungnir.connections.save(draft))
  if (password !== undefined) useConnections.setState({ typed: { id: saved.id, password } })
  await listConnections()
  useConnections.setState({ editing: saved.id })
  return saved
}

export const save = (draft: ConnectionDraft) =>
  work('save', async () => {
    const saved = await store(draft)
    say(`Connection “${saved.name}” saved.`)
    return saved
  })

export const setReadOnly = async (id: string, on: boolean): Promise<void> => {
  try {
    const saved = await ask(gungnir.connections.setReadOnly({ id, on }))
    useConnections.setState(({ list }) => ({ list: list?.map((each) => (each.id === id ? saved : each)) }))
  } catch (error) {
    useConnections.setState({ error: refusal(error) })
  }
}

/**
 * Saves what the form holds first, so that what is connected is what is shown. A typed password is kept once the server
 * has taken it.
 * @param onExpired runs when the server wants a new password first.
 */
export const connect = (draft: ConnectionDraft, onExpired: (id: string) => void) =>
  work('connect', async () => {
    const { password, ...rest } = draft
    useConnections.setState({ typed: undefined })
    const saved = await store(rest, password)
    const result = await ask(
      gungnir.connections.connect(password === undefined ? saved.id : { id: saved.id, password }),
    )
    await Promise.all([listConnections(), readStatus()])
    if (result.ok) {
      useConnections.setState({ typed: undefined })
      if (result.next !== undefined) say(`${result.message} ${result.next}`)
      goTo('users')
    } else {
      useConnections.setState({ result })
      if (result.cause === 'password-expired') onExpired(saved.id)
    }
  })

/**
 * Signs in to a saved server with the password in the keychain, from wherever one is. Where that fails, the form of
 * the server opens and says why.
 */
export const signInTo = async ({ id, name, hasPassword }: Connection): Promise<void> => {
  if (!hasPassword) {
    edit(id)
    goTo('connections')
    return
  }
  await work('connect', async () => {
    const result = await ask(gungnir.connections.connect(id)).catch((error: unknown) => {
      useConnections.setState({ editing: id })
      goTo('connections')
      throw error
    })
    await Promise.all([listConnections(), readStatus()])
    if (result.ok) goTo('users')
    else if (result.cause === 'work-offline') {
      // Nobody was asked, and nothing is wrong: what is here can be worked with.
      goTo('users')
      say(`Working offline: “${name}” is shown as it is on this computer.`, { actions: [{ do: 'online' }] })
    } else {
      useConnections.setState({ editing: id, result })
      goTo('connections')
    }
  })
}

/** Signs in to the server that was in use. */
export const signInAgain = async (id: string | undefined): Promise<void> => {
  const connection = useConnections.getState().list?.find((each) => each.id === id)
  if (connection) await signInTo(connection)
  else goTo('connections')
}

export const signOut = (id: string) =>
  work('sign-out', async () => {
    await ask(gungnir.connections.signOut(id))
    await Promise.all([listConnections(), readStatus()])
    say('Signed out. Unsent changes stay in the outbox.')
  })

/** Asks first, with the exact number of changes that would be lost. */
export const remove = (connection: Connection) =>
  work('remove', async () => {
    const { id, name, baseUrl: origin, username: account } = connection
    const unsaved = countEdits(draftsAt(placeOf({ connectionId: id, origin, account })))
    const sure = await confirm({
      title: `Remove “${name}”?`,
      text: [
        'Its users are removed from this computer and its password from the keychain. History stays.',
        ...(unsaved.edits === 0
          ? []
          : [
              `${counted(unsaved.edits, 'unsaved edit')} of ${counted(unsaved.users, 'user')} can be seen and saved again only when it is added again for the same account.`,
            ]),
      ].join(' '),
      action: 'Remove',
    })
    if (!sure) return
    let { removed, unsent, sent } = await ask(gungnir.connections.remove({ id }))
    // Asked again when the numbers are others by the time of the answer.
    while (!removed) {
      const changes = counted(unsent, 'unsent change')
      const discard = await confirm({
        title: `Discard ${changes}?`,
        text: [
          `“${name}” has ${changes} in the outbox. Removing it discards ${unsent === 1 ? 'it' : 'them'} for good.`,
          ...(sent === 0 ? [] : [sentAlready(sent, unsent)]),
        ].join(' '),
        action: `Remove and discard ${unsent === 1 ? 'it' : 'all'}`,
      })
      if (!discard) return
      ;({ removed, unsent, sent } = await ask(
        gungnir.connections.remove({ id, discardUnsent: unsent, discardSent: sent }),
      ))
    }
    useConnections.setState({ editing: undefined })
    await Promise.all([listConnections(), readStatus()])
    say(`Connection “${name}” removed.`)
  })
