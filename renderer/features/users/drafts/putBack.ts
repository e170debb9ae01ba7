import type { UserDetails } from '../../../../shared/ipc/contract'
import type { FieldPath } from '../../../../shared/user/types'
import { ask, gungnir } from '../../../kernel/bridge'
import { sayError, sayPromise } from '../../../kernel/messages'
import { identityNow } from '../../../kernel/status'
import { discard } from '../../outbox/store'
import { refreshDetails } from '../details/detailsStore'
import { refreshView } from '../store'

/** Takes back a saved change of one field that has not arrived: it becomes what the server has. */
export async function putBack({ key, pending }: UserDetails, path: FieldPath): Promise<void> {
  const as = identityNow()
  const waiting = pending[path]
  if (as === undefined || waiting === undefined) return
  try {
    if (waiting.old === undefined) {
      // What the server has was never seen, so there is nothing to put in its place: the change goes as a whole.
      if (waiting.trouble !== undefined) await discard([waiting.trouble.entry])
      return
    }
    // It may have arrived or been discarded by now: then it is put back over what it was, not dropped as no edit.
    const edits = [{ path, base: waiting.new, own: { old: waiting.old }, mine: waiting.old }]
    const { message } = await ask(gungnir.outbox.save({ as, changes: [{ user: key, edits }] }))
    sayPromise(message, as)
    await Promise.all([refreshView(), refreshDetails()])
  } catch (error) {
    sayError(error)
  }
}
