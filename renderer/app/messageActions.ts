import type { MessageAction } from '../../shared/ipc/contract'
import { planUndo } from '../features/history/reverting'
import { showHistory } from '../features/history/store'

export const actionName: Readonly<Record<MessageAction['do'], string>> = {
  history: 'Show in History',
  undo: 'Undo',
}

/** Does what the button of a message says. */
export function carryOut(action: MessageAction): void {
  if (action.do === 'history') showHistory(action.search)
  else void planUndo(action.entries)
}
