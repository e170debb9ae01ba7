import { type Basis, grounded } from '../../../shared/change/basis'
import type { SaveInput } from '../../../shared/ipc/contract'
import { isFieldValue } from '../../../shared/user/bounds'
import { editable, fieldAt, labelOf } from '../../../shared/user/catalogue'
import type { FieldEdit, UserKey } from '../../../shared/user/types'
import { validateField } from '../../../shared/user/validate'
import { isEmptyValue } from '../../../shared/user/value'
import { Refusal } from '../../ipc/refusal'
import type { NewChange } from './engine/engine'

const endpointBlocks = ['accessDeviceEndpoint', 'trunkAddressing'] as const

const invalid = (userId: string, problem: string): Refusal =>
  new Refusal('invalid', `${userId}: ${problem}`, { next: 'Nothing was saved. Correct it and save again.' })

type ToCheck = SaveInput['changes'][number]['edits'][number] & Pick<FieldEdit, 'moved'>
/** An edit whose base may be a value of our own, see {@link grounded}. */
type Ungrounded = FieldEdit & Pick<Basis, 'own'>

function checked(userId: string, { path, base, mine, moved, own }: ToCheck): Ungrounded {
  const field = fieldAt(path)
  if (field === undefined) throw invalid(userId, `“${path.slice(0, 60)}” is not a field of a user.`)
  if (!editable(field)) throw invalid(userId, `${field.label} is not changed through the outbox.`)
  if (![base ?? null, mine, own?.old ?? null].every(isFieldValue)) {
    throw invalid(userId, `${field.label} has a value that is larger than a field can be.`)
  }
  const result = validateField(path, mine)
  if ('problem' in result) throw invalid(userId, result.problem)
  return {
    path,
    ...(base === undefined ? {} : { base }),
    mine: result.value,
    ...(moved === undefined ? {} : { moved }),
    ...(own === undefined ? {} : { own: own.old === undefined ? {} : { old: own.old } }),
  }
}

/** A switch of the endpoint type and a value in the endpoint that it leaves cannot both be meant. */
function refuseContradiction(userId: string, edits: readonly FieldEdit[]): void {
  const type = edits.find(({ path }) => path === 'endpointType')?.mine
  if (type === undefined) return
  for (const { path, mine } of edits) {
    const left = endpointBlocks.some((block) => block !== type && path.startsWith(`${block}.`))
    if (left && !isEmptyValue(mine)) {
      throw invalid(userId, `${labelOf(path)} does not go with the chosen type of endpoint.`)
    }
  }
}

/** A save from the page says under which server and account it was made; one of the app's own is for what is chosen. */
export type ToSave = Omit<SaveInput, 'as'> & Partial<Pick<SaveInput, 'as'>>

/**
 * What a save asks for, valid and canonical, each edit with the base that `ground` finds for it. Throws a {@link Refusal}
 * that names the user and what is wrong.
 */
export function changesOf(
  input: ToSave,
  batchId: string | undefined,
  ground: (user: UserKey, edit: Ungrounded) => FieldEdit = (_, edit) => grounded(edit, {}),
): NewChange[] {
  return input.changes.map(({ user, edits, reverts }) => {
    const valid = edits.map((edit) => ground(user, checked(user.userId, edit)))
    refuseContradiction(user.userId, valid)
    return {
      user,
      edits: valid,
      ...(input.reason === undefined ? {} : { reason: input.reason }),
      ...(batchId === undefined ? {} : { batchId }),
      ...(reverts === undefined || reverts.length === 0 ? {} : { reverts: reverts.join(' ') }),
    }
  })
}
