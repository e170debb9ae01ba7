import { create } from 'zustand'
import { openStates } from '../../../shared/change/machine'
import type { OutboxRow, OutboxWindow } from '../../../shared/ipc/contract'
import type { Json } from '../../../shared/json'
import { nameAndId } from '../../../shared/user/value'
import { type GridHandle, newGridMemory } from '../../grid/DataGrid'
import { createRowSource } from '../../grid/rowSource'
import { isSelected, type Selection } from '../../grid/selection'
import { present } from '../../grid/useSelecting'
import { ask, gungnir } from '../../kernel/bridge'
import { say, sayError } from '../../kernel/messages'
import { goTo } from '../../kernel/pages'
import { useStatus } from '../../kernel/status'
import { sayWritten } from '../../kernel/written'
import { confirm } from '../../ui/confirm'
import { counted, whom } from '../../ui/words'
import { editLabels, sentAlready } from './words'

type Chosen = Extract<Selection, { all: false }>
const noneChosen: Chosen = { all: false, ids: new Set() }

interface OutboxStore {
  /** Never "all": that would take in what arrives later. */
  readonly selection: Chosen
  readonly current: string | undefined
  /** The entry whose conflict is being resolved. */
  readonly resolving: OutboxRow | undefined
}

export const useOutbox = create<OutboxStore>(() => ({
  selection: noneChosen,
  current: undefined,
  resolving: undefined,
}))

export const outboxSource = createRowSource<OutboxRow, OutboxWindow>((start, count) =>
  ask(gungnir.outbox.window({ start, count })),
)

export const outboxId = (row: OutboxRow): string => row.id
export const outboxGridMemory = newGridMemory()
export const outboxGrid: { current: GridHandle | null } = { current: null }

let choice = 0

/**
 * Chooses entries. All are those that are in the list now, by id: what arrives later was not seen by whoever chose them,
 * and must not be discarded with them.
 */
export const choose = (next: Selection) =>
  carryOut(async () => {
    const mine = ++choice
    const ids = next.all ? (await everyRow()).map(outboxId).filter((id) => isSelected(next, id)) : next.ids
    if (mine === choice) useOutbox.setState({ selection: { all: false, ids: new Set(ids) } })
  })

async function everyRow(): Promise<readonly OutboxRow[]> {
  const last = (outboxSource.total() ?? 0) - 1
  if (last < 0) return []
  return present(outboxSource, 0, last) ?? outboxSource.read(0, last)
}

/** What has ended is chosen no more, as soon as the whole list is here to tell. */
outboxSource.subscribe(() => {
  const { ids } = useOutbox.getState().selection
  const total = outboxSource.total()
  if (ids.size === 0 || total === undefined) return
  const here = new Set(present(outboxSource, 0, total - 1)?.map(outboxId) ?? ids)
  const left = [...ids].filter((id) => here.has(id))
  if (left.length < ids.size) useOutbox.setState({ selection: { all: false, ids: new Set(left) } })
})

/** Runs what the main process is asked to do; a refusal is said, since the list itself shows what came of it. */
async function carryOut(action: () => Promise<unknown>): Promise<void> {
  try {
    await action()
  } catch (error) {
    sayError(error)
  }
}

export async function syncNow(): Promise<void> {
  if (useStatus.getState().status?.workOffline) {
    say('Working offline: nothing is sent.', { actions: [{ do: 'online' }] })
    return
  }
  await carryOut(() => ask(gungnir.outbox.syncNow()))
}
export const pause = (paused: boolean) =>
  carryOut(async () => {
    await ask(gungnir.outbox.pause(paused))
    await outboxSource.reload('here')
  })

export const retry = (ids: readonly string[]) => carryOut(() => ask(gungnir.outbox.retry([...ids])))

/** These entries as they are now. */
async function rowsOf(ids: readonly string[]): Promise<readonly OutboxRow[]> {
  await outboxSource.reload('here')
  const rows = await everyRow()
  const chosen = new Set(ids)
  return rows.filter(({ id }) => chosen.has(id))
}

/** "Title of Ana Smith (ana@acme.example)"; of several changes whose they are. */
function whose(rows: readonly OutboxRow[]): string {
  const names = new Set(rows.map(({ user, userName }) => nameAndId(userName, user.userId)))
  const [first] = rows
  return rows.length === 1 && first ? `${editLabels(first)} of ${[...names][0]}` : whom([...names])
}

/** Asks first: a discarded change is gone. */
export const discard = (chosen: readonly string[]) =>
  carryOut(async () => {
    const rows = await rowsOf(chosen)
    const ids = rows.map(outboxId)
    if (ids.length === 0) {
      say(
        `Nothing to discard: ${chosen.length === 1 ? 'it has' : 'all of them have'} been sent or ended meanwhile.`,
      )
      return
    }
    // Of these nobody knows yet whether the server has carried them out.
    const sent = rows.filter(({ state }) => openStates.includes(state)).map(outboxId)
    const unsent = ids.filter((id) => !sent.includes(id))
    const yes = await confirm({
      title: `Discard ${counted(ids.length, 'change')}?`,
      text: [
        `${whose(rows)}.`,
        ...(sent.length === 0 ? [] : [sentAlready(sent.length, ids.length)]),
        ...(unsent.length === 0
          ? []
          : [
              `${sent.length > 0 ? 'The others have' : whichHave(unsent.length)} not been sent, and would be lost.`,
            ]),
        'This cannot be undone.',
      ].join(' '),
      action: 'Discard',
    })
    if (!yes) return
    const gone =
      (unsent.length === 0 ? 0 : await ask(gungnir.outbox.discard([...unsent]))) +
      (sent.length === 0 ? 0 : await ask(gungnir.outbox.abandon([...sent])))
    useOutbox.setState({ selection: noneChosen })
    say(
      gone < ids.length
        ? `Discarded ${counted(gone, 'change')}; ${counted(ids.length - gone, 'other')} had been sent or ended meanwhile.`
        : `Discarded ${counted(gone, 'change')}.`,
    )
    await outboxSource.reload('here')
  })

const whichHave = (count: number): string => (count === 1 ? 'It has' : 'They have')

/** Goes to the outbox with this entry open. */
export function showInOutbox(id: string): void {
  useOutbox.setState({ current: id })
  goTo('outbox')
}

/** Opens the conflict of this entry, wherever one is. What is no longer in conflict is shown as it is. */
export const resolveEntry = (id: string) =>
  carryOut(async () => {
    await outboxSource.reload('here')
    const row = (await everyRow()).find((each) => each.id === id)
    if (row !== undefined && row.conflicts.length > 0) useOutbox.setState({ resolving: row })
    else showInOutbox(id)
  })

/** Writes what waits to a file, for another machine. */
export const exportUnsent = () =>
  carryOut(async () => {
    const { path, changes } = await ask(gungnir.outbox.export())
    if (path !== undefined)
      sayWritten(`Exported ${counted(changes, 'unsent change')} to ${path}. They wait here, too.`, path)
  })

/** Parks a number on another one, so that a swap can go on. */
export const park = (id: string, path: string, by: Json) =>
  carryOut(async () => {
    await ask(gungnir.outbox.detour({ id, path, by }))
    say('Parked. The rest follows by itself.')
    await outboxSource.reload('here')
  })

/** The ids of the chosen entries, or of the one under the cursor. */
export function chosenIds(): readonly string[] {
  const { selection, current } = useOutbox.getState()
  if (selection.ids.size > 0) return [...selection.ids]
  return current === undefined ? [] : [current]
}
