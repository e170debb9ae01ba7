import { create } from 'zustand'
import type { Identity, MoveCheck, SecretRuleWords } from '../../../../shared/ipc/contract'
import type { Json } from '../../../../shared/json'
import type { UserKey } from '../../../../shared/user/types'
import { nameAndId } from '../../../../shared/user/value'
import { ask, gungnir, type Refused, refusal } from '../../../kernel/bridge'
import { say } from '../../../kernel/messages'
import { identityNow, identityOrRefuse } from '../../../kernel/status'
import { dropUser } from '../drafts/draftStore'
import { useUsers } from '../store'

export type ActionKind = 'password' | 'passcode' | 'rename' | 'move' | 'alternate-ids' | 'rebuild' | 'reset'

interface ActionStore {
  readonly open:
    | {
        readonly kind: ActionKind
        /** The server and account that were on screen when it was opened. */
        readonly as: Identity | undefined
        readonly key: UserKey
        readonly name: string
      }
    | undefined
  readonly rules: SecretRuleWords | undefined
  readonly check: (MoveCheck & { readonly groupId: string }) | undefined
  readonly busy: boolean
  readonly error: Refused | undefined
}

const closed: ActionStore = {
  open: undefined,
  rules: undefined,
  check: undefined,
  busy: false,
  error: undefined,
}

export const useAction = create<ActionStore>(() => closed)

export function openAction(kind: ActionKind, user: { readonly key: UserKey; readonly name: string }): void {
  const open = { kind, as: identityNow(), ...user }
  useAction.setState({ ...closed, open })
  if (kind !== 'password' && kind !== 'passcode') return
  if (open.as === undefined) return
  ask(gungnir.users.secretRules({ as: open.as, key: user.key, kind })).then(
    (rules) => useAction.getState().open === open && useAction.setState({ rules }),
    (error: unknown) => useAction.getState().open === open && useAction.setState({ error: refusal(error) }),
  )
}

export const closeAction = (): void => {
  if (!useAction.getState().busy) useAction.setState(closed)
}

const meant = (): Identity => useAction.getState().open?.as ?? identityOrRefuse()

/** Runs one action; the dialog closes when it is done and stays, with the reason, when it is not. */
async function run<T>(work: () => Promise<T>): Promise<T | undefined> {
  if (useAction.getState().busy) return undefined
  useAction.setState({ busy: true, error: undefined })
  try {
    return await work()
  } catch (error) {
    useAction.setState({ error: refusal(error) })
    return undefined
  } finally {
    useAction.setState({ busy: false })
  }
}

/** Whom the open dialog is about; names need not be unique. */
const whose = ({ userId }: UserKey): string => nameAndId(useAction.getState().open?.name ?? '', userId)

const finish = (words: string): void => {
  useAction.setState(closed)
  say(words)
}

export const generate = (kind: 'password' | 'passcode', key: UserKey): Promise<string | undefined> =>
  run(() => ask(gungnir.users.generateSecret({ as: meant(), key, kind })))

export const setSecret = (kind: 'password' | 'passcode', key: UserKey, secret: string) =>
  run(async () => {
    if (kind === 'password') await ask(gungnir.users.setPassword({ as: meant(), key, newPassword: secret }))
    else await ask(gungnir.users.setPasscode({ as: meant(), key, newPasscode: secret }))
    finish(`The ${kind === 'password' ? 'password' : 'portal passcode'} of ${whose(key)} is set.`)
  })

/** The user is the same under another key: what is open goes along, unsaved edits are of no use any more. */
function follow(before: UserKey, now: UserKey): void {
  if (before.userId !== now.userId) dropUser(before.userId)
  if (useUsers.getState().current?.userId === before.userId) useUsers.setState({ current: now })
}

export const rename = (key: UserKey, newUserId: string) =>
  run(async () => {
    const now = await ask(gungnir.users.rename({ as: meant(), key, newUserId }))
    follow(key, now)
    finish(`The user id of ${whose(key)} is now ${now.userId}.`)
  })

export const checkMove = (key: UserKey, groupId: string) =>
  run(async () => {
    useAction.setState({ check: undefined })
    const check = await ask(gungnir.users.checkMove({ as: meant(), key, newGroupId: groupId }))
    useAction.setState({ check: { ...check, groupId } })
  })

export const move = (key: UserKey, groupId: string) =>
  run(async () => {
    const now = await ask(gungnir.users.move({ as: meant(), key, newGroupId: groupId }))
    follow(key, now)
    finish(`${whose(now)} is now in group ${now.groupId}.`)
  })

export const setAlternateIds = (key: UserKey, ids: Json, seen: Json) =>
  run(async () => {
    await ask(gungnir.users.setAlternateIds({ as: meant(), key, ids, seen }))
    finish(`The alternate user IDs of ${whose(key)} are set.`)
  })

export const commandDevice = (key: UserKey, command: 'rebuild' | 'reset', deviceName: string) =>
  run(async () => {
    await ask(gungnir.users.commandDevice({ as: meant(), key, command, deviceName }))
    finish(`The server was told to ${command} ${deviceName}, the device of ${whose(key)}.`)
  })

/** By the main process, which takes it off the clipboard again. */
export async function copySecret(secret: string): Promise<void> {
  try {
    await ask(gungnir.app.copySecret(secret))
    say('Copied. It is taken off the clipboard after a minute.')
  } catch (error) {
    useAction.setState({ error: refusal(error) })
  }
}
