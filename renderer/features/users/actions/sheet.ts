import type { UserKey } from '../../../../shared/user/types'
import { nameAndId } from '../../../../shared/user/value'
import { ask, gungnir } from '../../../kernel/bridge'
import { sayError } from '../../../kernel/messages'
import { identityOrRefuse } from '../../../kernel/status'
import { sayWritten } from '../../../kernel/written'

/** Writes one user as a page to read and to print. What is only typed is not on it, and that is said. */
export async function exportSheet(
  { key, name }: { readonly key: UserKey; readonly name: string },
  hasUnsaved: boolean,
): Promise<void> {
  try {
    const { path } = await ask(gungnir.users.exportSheet({ as: identityOrRefuse(), key }))
    if (path === undefined) return
    const unsaved = hasUnsaved ? '. What is not saved yet is not on it' : ''
    sayWritten(`Exported the sheet of ${nameAndId(name, key.userId)} to ${path}${unsaved}`, path)
  } catch (error) {
    sayError(error)
  }
}
