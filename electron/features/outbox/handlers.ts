import type { Handlers } from '../../../shared/ipc/bridge'
import type { SaveInput } from '../../../shared/ipc/contract'
import { labelOf } from '../../../shared/user/catalogue'
import type { FieldValue, UserKey } from '../../../shared/user/types'
import { displayName, displayValue, nameAndId } from '../../../shared/user/value'
import { Refusal, withFile } from '../../ipc/refusal'
import { type OpenFile, type SaveFile, writeAll } from '../../platform/file-sink'
import type { Pause } from '../../platform/pause'
import type { Clock } from '../../platform/ports'
import { mustBeMeant } from '../../server/meant'
import type { Directory } from '../users/directory'
import type { Arrivals } from './arrivals'
import type { Outbox } from './outbox'
import { readUnsent, unsentRequest, unsentSuggestion, unsentText } from './transfer'

type Own = Extract<keyof Handlers, `outbox.${string}`>

export interface OutboxHandlersDeps {
  readonly outbox: Outbox
  readonly arrivals: Arrivals
  readonly directory: Pick<Directory, 'holders' | 'details'>
  /** Why a user cannot be put into a department, as far as is known. */
  readonly noDepartment: (user: UserKey, department: FieldValue) => Promise<string | undefined>
  /** Whether users can be read just now. */
  readonly online: () => boolean
  readonly clock: Pick<Clock, 'wall'>
  readonly pause: () => Pause
  /** Who works at which computer: a file of unsent changes says so to whoever opens it. */
  readonly madeBy: string
  readonly openFile: OpenFile
  readonly saveFile: SaveFile
}

/** More than these are not looked up one by one: a batch has done so before. */
const mostChecked = 200

/** The outbox's part of the door. */
export function outboxHandlers(deps: OutboxHandlersDeps): Pick<Handlers, Own> {
  const { outbox, arrivals, directory, noDepartment, online, clock, pause, madeBy, openFile, saveFile } = deps

  /**
   * A number that somebody else has would be refused by the server, after all the waiting. Who has it is read anew
   * first; without the server what was last read may be long past, and the change is taken in.
   */
  const refuseTaken = async ({ changes }: SaveInput): Promise<void> => {
    if (!online()) return
    const givenUp = new Set(
      changes.flatMap(({ user, edits }) => edits.map(({ path }) => `${path}\n${user.userId}`)),
    )
    let checked = 0
    for (const { user, edits } of changes) {
      for (const { path, mine } of edits) {
        if ((path !== 'extension' && path !== 'phoneNumber') || typeof mine !== 'string') continue
        if (++checked > mostChecked) return
        await refuseHeld(user, path, mine, givenUp)
      }
    }
  }

  const refuseHeld = async (
    user: UserKey,
    path: 'extension' | 'phoneNumber',
    value: string,
    givenUp: ReadonlySet<string>,
  ): Promise<void> => {
    const heldBy = async () =>
      (await directory.holders(user, path, value)).find(({ key }) => !givenUp.has(`${path}\n${key.userId}`))
    const before = await heldBy()
    if (before === undefined) return
    await directory.details(before.key, true)
    const holder = await heldBy()
    if (holder === undefined) return
    const taker = nameAndId(displayName(holder), holder.key.userId)
    throw new Refusal('taken', `${labelOf(path)} ${displayValue(path, value)} is taken by ${taker}.`, {
      next: `Nothing was saved. Choose another, or change ${taker} together with this.`,
    })
  }

  const refuseNoDepartment = async ({ changes }: SaveInput): Promise<void> => {
    if (!online()) return
    for (const { user, edits } of changes) {
      for (const { path, mine } of edits) {
        const why = path === 'department' ? await noDepartment(user, mine) : undefined
        if (why !== undefined) {
          throw new Refusal('no-department', `${user.userId}: ${why}`, {
            next: 'Nothing was saved. Choose one from the list of departments.',
          })
        }
      }
    }
  }

  return {
    async 'outbox.save'(input) {
      // Who has a number is asked of the server that is chosen: there must be no doubt which one, before and after.
      mustBeMeant(input.as, outbox.identity())
      await refuseTaken(input)
      await refuseNoDepartment(input)
      return outbox.save(input)
    },
    'outbox.window': (range) => outbox.window(range),
    'outbox.syncNow': () => outbox.syncNow(),
    'outbox.pause': (on) => outbox.pause(on),
    'outbox.workOffline': (on) => outbox.workOffline(on),
    'outbox.retry': (ids) => outbox.retry(ids),
    'outbox.discard': (ids) => outbox.discard(ids),
    'outbox.abandon': (ids) => outbox.abandon(ids),
    'outbox.detour': ({ id, path, by }) => outbox.detour(id, path, by),
    'outbox.resolve': ({ id, choices }) => outbox.resolve(id, choices),

    async 'outbox.export'() {
      const { identity, entries } = outbox.own()
      const madeAt = clock.wall()
      const sink = await saveFile(unsentSuggestion)
      if (sink === undefined) return { changes: 0 }
      const { origin, account } = identity
      await withFile('written', writeAll(sink, unsentText({ origin, account, madeAt, madeBy }, entries)))
      return { path: sink.path, changes: entries.length }
    },

    async 'outbox.import'() {
      const { identity } = outbox.own()
      const file = await withFile('read', openFile(unsentRequest))
      return file && arrivals.open(await readUnsent(file.name, file.bytes, pause()), identity)
    },
    'outbox.importSave': (picked) => arrivals.save(picked),
    'outbox.importCancel': (id) => arrivals.cancel(id),
  }
}
