import type { MessageAction } from '../../shared/ipc/contract'
import { planUndo } from '../features/history/reverting'
import { showHistory } from '../features/history/store'
import { setWorkOffline } from '../kernel/status'
import { showInFolder } from '../kernel/written'

export const actionName: Readonly<Record<MessageAction['do'], string>> = {
  history: 'Show in History',
  undo: 'Undo',
  folder: 'Show in folder',
  online: 'Work online and sync',
}

/** Does what the button of a message says. */
export function carryOut(action: MessageAction): void {
  if (action.do === 'history') showHistory(action.search)
  else if (action.do === 'undo') void planUndo(action.entries)
  else if (action.do === 'folder') void showInFolder(action.path)
  // Coming back online sends what waits.
  else void setWorkOffline(false)
}
