import { labelOf } from '../../../../shared/user/catalogue'
import type { FieldPath } from '../../../../shared/user/types'
import { displayValue, nameAndId } from '../../../../shared/user/value'
import { say } from '../../../kernel/messages'
import { placeNow } from '../../../kernel/status'
import { counted } from '../../../ui/words'
import { planUndo } from '../../history/reverting'
import { type Travelled, travel } from './draftStore'
import type { DraftEdit } from './drafts'
import { savedLast } from './saving'

interface Step {
  readonly userId: string
  readonly name: string
  readonly path: FieldPath
  readonly before: DraftEdit | undefined
  readonly after: DraftEdit | undefined
}

/** Every field of every user whose unsaved edit is another one than it was. */
function stepsOf({ before, after }: Travelled): Step[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((userId) => {
    const [old, now] = [before.get(userId), after.get(userId)]
    const name = (now ?? old)?.name ?? ''
    return [...new Set([...Object.keys(old?.edits ?? {}), ...Object.keys(now?.edits ?? {})])]
      .map((path) => ({ userId, name, path, before: old?.edits[path], after: now?.edits[path] }))
      .filter((step) => JSON.stringify(step.before) !== JSON.stringify(step.after))
  })
}

/** The text that stands in the field now; nothing when it is not known. */
function textNow({ path, before, after }: Step): string | undefined {
  if (after) return after.problem === undefined ? displayValue(path, after.mine) : (after.typed ?? '')
  return before?.base === undefined ? undefined : displayValue(path, before.base)
}

/** "Title of Björn Nowak (bjorn@acme.example) back to “Sales manager”." */
export function travelWords(direction: 'undo' | 'redo', travelled: Travelled): string {
  const steps = stepsOf(travelled)
  const [first] = steps
  const again = direction === 'undo' ? 'back to' : 'again'
  if (first === undefined) return direction === 'undo' ? 'Undone.' : 'Done again.'
  if (steps.length > 1) {
    const users = new Set(steps.map(({ userId }) => userId)).size
    const what = `${counted(steps.length, 'edit')} in ${counted(users, 'user')}`
    return direction === 'undo' ? `${what} taken back.` : `${what} made again.`
  }
  const text = textNow(first)
  const whose = `${labelOf(first.path)} of ${nameAndId(first.name, first.userId)}`
  if (text === undefined) return `${whose} ${again} what the server has.`
  return `${whose} ${again} ${text === '' ? 'empty' : `“${text}”`}.`
}

/** Takes back what was typed last; after Save, plans to put back what was saved. */
export function undo(): void {
  const travelled = travel('undo')
  const saved = savedLast(placeNow())
  if (travelled) say(travelWords('undo', travelled))
  else if (saved) void planUndo(saved.entries, saved.changes)
  else say('Nothing to undo.')
}

export function redo(): void {
  const travelled = travel('redo')
  say(travelled ? travelWords('redo', travelled) : 'Nothing to redo.')
}
