import type { UnsentPlan, UnsentResult } from '../../../shared/ipc/contract'
import type { FieldEdit } from '../../../shared/user/types'
import { sameValue } from '../../../shared/user/value'
import { Refusal } from '../../ipc/refusal'
import type { Pause } from '../../platform/pause'
import { type Identity, sameServer } from '../../server/identity'
import { mustBeMeant } from '../../server/meant'
import { changesOf, type ToSave } from './incoming'
import type { Outbox } from './outbox'
import type { UnsentChange, UnsentFile } from './transfer'

type Edit = UnsentPlan['first'][number]['edits'][number]
type LeftOut = UnsentPlan['firstLeftOut'][number]

interface Arrival {
  /** Its place in the file. */
  readonly at: number
  readonly change: UnsentChange
  readonly edits: readonly Edit[]
}

interface Opened {
  readonly id: string
  readonly identity: Identity
  readonly arrivals: readonly Arrival[]
}

/** Fields and sentences that are shown: nobody reads on, and the window stays quick. */
const mostShown = 300
/** Changes that are made durable together: what else is done meanwhile waits no longer than for these. */
const portion = 500

interface Deps {
  readonly outbox: Pick<Outbox, 'identity' | 'save' | 'waitingFor' | 'nameOf'>
  readonly newId: () => string
  readonly pause: () => Pause
}

/**
 * Files of unsent changes, made by anybody at any time: each is opened as a plan and nothing of it is saved before a person
 * has said yes. A value that waits here for the same field is newer or older, and only a person can tell which is meant.
 */
export type Arrivals = ReturnType<typeof createArrivals>
export function createArrivals({ outbox, newId, pause }: Deps) {
  let opened: Opened | undefined

  /** The newest value that waits here for a field. */
  const waiting = (identity: Identity, change: UnsentChange) => {
    const entries = outbox.waitingFor(identity, change.user.userId)
    return (path: string): Edit['here'] => {
      for (const entry of entries.toReversed()) {
        const edit = entry.edits.find((each) => each.path === path)
        if (edit !== undefined) return { mine: edit.mine, since: entry.createdWall }
      }
      return undefined
    }
  }

  /** What a change of the file would do here, or why it does nothing. */
  const looked = (identity: Identity, change: UnsentChange): readonly Edit[] | string => {
    let edits: readonly FieldEdit[]
    try {
      const [valid] = changesOf({ changes: [{ user: change.user, edits: change.edits }] }, undefined)
      edits = valid?.edits ?? []
    } catch (cause) {
      if (cause instanceof Refusal) return cause.message
      throw cause
    }
    const here = waiting(identity, change)
    const left = edits.flatMap((edit): Edit[] => {
      const now = here(edit.path)
      if (now !== undefined) return sameValue(edit.path, now.mine, edit.mine) ? [] : [{ ...edit, here: now }]
      const back = edit.base !== undefined && sameValue(edit.path, edit.base, edit.mine)
      return back && !edit.moved ? [] : [edit]
    })
    if (left.length > 0) return left
    return edits.some(({ path }) => here(path) !== undefined)
      ? 'The same waits here already.'
      : 'It is back at what it was: there is nothing to send.'
  }

  const whoOf = (identity: Identity, change: UnsentChange): string => {
    const name = outbox.nameOf(identity.connectionId, change.user.userId)
    return name === change.user.userId ? name : `${name} (${change.user.userId})`
  }

  /** The edits that a person wants: all, but for those in whose place something waits here. */
  const wanted = (edits: readonly Edit[], isTaken: (path: string) => boolean): Edit[] =>
    edits.filter(({ path, here }) => here === undefined || isTaken(path))

  const saveEach = (changes: readonly Wanted[], save: (some: readonly Wanted[]) => void, no: No): void => {
    try {
      save(changes)
    } catch (cause) {
      if (!(cause instanceof Refusal) || !aboutOne.has(cause.kind)) throw cause
      // One of them is refused: the others are not to wait for it.
      for (const one of changes) {
        try {
          save([one])
        } catch (why) {
          if (!(why instanceof Refusal) || !aboutOne.has(why.kind)) throw why
          no(one.arrival, why.message)
        }
      }
    }
  }

  return {
    /** What the file would change here. Takes the place of one that was open. Refuses one of another account. */
    async open(file: UnsentFile, identity: Identity): Promise<UnsentPlan> {
      const { name, origin, account, madeAt, madeBy, aside } = file
      if (!sameServer(origin, identity.origin) || account !== identity.account) {
        throw new Refusal('other-account', `${name} holds changes made as ${account} on ${origin}.`, {
          next: 'Connect there as that account and import again: changes are never sent under another.',
        })
      }
      mustBeMeant(identity, outbox.identity())
      const wait = pause()
      const arrivals: Arrival[] = []
      const leftOut = createList<LeftOut>()
      for (const [at, change] of file.changes.entries()) {
        if (wait.due()) await wait.wait()
        if (typeof change === 'string') {
          leftOut.add({ who: `Change ${at + 1} of the file`, why: `It cannot be read: ${change}.` })
          continue
        }
        const edits = looked(identity, change)
        if (typeof edits === 'string') leftOut.add({ who: whoOf(identity, change), why: edits })
        else arrivals.push({ at, change, edits })
      }
      const clashing = arrivals.filter(({ edits }) => edits.some(({ here }) => here !== undefined))
      const others = arrivals.filter(({ edits }) => edits.every(({ here }) => here === undefined))
      opened = { id: newId(), identity, arrivals }
      const sum = (count: (edits: readonly Edit[]) => number) =>
        arrivals.reduce((total, { edits }) => total + count(edits), 0)
      return {
        id: opened.id,
        name,
        origin,
        account,
        madeAt,
        ...(madeBy === undefined ? {} : { madeBy }),
        ...(aside && { aside }),
        changes: arrivals.length,
        fields: sum((edits) => edits.length),
        clashes: sum((edits) => edits.filter(({ here }) => here !== undefined).length),
        first: firstOf([...clashing, ...others]).map(({ at, change, edits }) => ({
          at,
          user: change.user,
          userName: outbox.nameOf(identity.connectionId, change.user.userId),
          ...(change.madeAt === undefined ? {} : { madeAt: change.madeAt }),
          edits: edits.map((edit) => ({ ...edit })),
        })),
        leftOut: leftOut.total(),
        firstLeftOut: leftOut.first,
      }
    },

    /** Saves what a person has said yes to, in portions. What it says of each change is what has become of it. */
    async save({ id, without, take }: Picked): Promise<UnsentResult> {
      if (opened?.id !== id) {
        throw new Refusal('not-open', 'This file is not open any more.', { next: 'Import it again.' })
      }
      const { identity, arrivals } = opened
      mustBeMeant(identity, outbox.identity())
      opened = undefined
      const taken = new Set(take.map(({ at, path }) => `${at} ${path}`))
      const leaves = new Set(without)
      const leftOut = createList<LeftOut>()
      const no: No = ({ change }, why) => leftOut.add({ who: whoOf(identity, change), why })
      const picked = arrivals.filter(({ at }) => !leaves.has(at))
      const batches = batchesOf(picked, newId)
      const wait = pause()
      let [saved, of, message] = [0, 0, '']

      const ours = new Map<string, Edit['mine']>()
      const key = ({ user }: UnsentChange, path: string) => JSON.stringify([user.userId, path])
      /** Whether another value waits for a field than the one that was shown, and not by this very save. */
      const isNews = (change: UnsentChange, { path, here }: Edit, asShown: readonly Edit[]): boolean => {
        const shown = asShown.find((each) => each.path === path)
        if (shown === undefined || here === undefined) return false
        const known = ours.has(key(change, path)) ? ours.get(key(change, path)) : shown.here?.mine
        return known === undefined || !sameValue(path, known, here.mine)
      }

      const some: Wanted[] = []
      const flush = (): void => {
        for (const group of sameReason(some.splice(0))) {
          const [{ change }] = group
          const { reason } = change
          saveEach(
            group,
            (changes) => {
              const result = outbox.save(
                { as: identity, changes: changes.map(asChange), ...(reason === undefined ? {} : { reason }) },
                batches.get(reason),
              )
              saved += changes.length
              for (const { change, edits } of changes) {
                for (const { path, mine } of edits) ours.set(key(change, path), mine)
              }
              if (result.saved > 0 || message === '') message = result.message
            },
            no,
          )
        }
      }

      let stopped: string | undefined
      try {
        for (const arrival of picked) {
          const { at, change } = arrival
          const asShown = wanted(arrival.edits, (path) => taken.has(`${at} ${path}`))
          if (asShown.length === 0) continue
          of++
          const now = looked(identity, change)
          if (typeof now === 'string') no(arrival, now)
          else if (now.some((edit) => isNews(change, edit, asShown))) {
            no(arrival, 'Something else was saved here since the file was opened. Import it again to decide.')
          } else some.push({ arrival, change, edits: asShown })
          if (some.length >= portion) flush()
          if (wait.due()) await wait.wait()
        }
        flush()
      } catch (cause) {
        if (!(cause instanceof Refusal)) throw cause
        stopped = cause.message
      }
      return {
        saved,
        of,
        message,
        ...(stopped === undefined ? {} : { stopped }),
        leftOut: leftOut.total(),
        firstLeftOut: leftOut.first,
      }
    },

    cancel(id: string): void {
      if (opened?.id === id) opened = undefined
    },
  }
}

type Picked = {
  readonly id: string
  readonly without: readonly number[]
  readonly take: readonly { readonly at: number; readonly path: string }[]
}
type No = (arrival: Arrival, why: string) => void
interface Wanted {
  readonly arrival: Arrival
  readonly change: UnsentChange
  readonly edits: readonly Edit[]
}

/** Refusals that are about what is saved, not about the place where it is. */
const aboutOne: ReadonlySet<string> = new Set(['invalid', 'taken', 'no-department'])

const asChange = ({ change: { user, reverts }, edits }: Wanted): ToSave['changes'][number] => ({
  user,
  edits: edits.map(({ here: _here, ...edit }) => edit),
  ...(reverts === undefined ? {} : { reverts: reverts.split(' ') }),
})

/** Those with one reason are one batch, as they were where they come from. */
function batchesOf(arrivals: readonly Arrival[], newId: () => string): Map<string | undefined, string> {
  const counts = new Map<string | undefined, number>()
  for (const { change } of arrivals) counts.set(change.reason, (counts.get(change.reason) ?? 0) + 1)
  return new Map([...counts].flatMap(([reason, count]) => (count > 1 ? [[reason, newId()] as const] : [])))
}

/** Neighbours with one reason, since a save has one. The order stays: a later change of a user builds on an earlier one. */
function sameReason(changes: readonly Wanted[]): [Wanted, ...Wanted[]][] {
  const groups: [Wanted, ...Wanted[]][] = []
  for (const one of changes) {
    const last = groups.at(-1)
    if (last !== undefined && last[0].change.reason === one.change.reason) last.push(one)
    else groups.push([one])
  }
  return groups
}

/** As many as are shown, at least one. */
function firstOf(arrivals: readonly Arrival[]): Arrival[] {
  const first: Arrival[] = []
  let fields = 0
  for (const arrival of arrivals) {
    if (fields >= mostShown) break
    first.push(arrival)
    fields += arrival.edits.length
  }
  return first
}

/** Counts everything and keeps the beginning. */
function createList<T>() {
  const first: T[] = []
  let count = 0
  return {
    first,
    total: () => count,
    add(one: T): void {
      count++
      if (first.length < mostShown) first.push(one)
    },
  }
}
