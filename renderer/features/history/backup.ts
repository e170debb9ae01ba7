import { create } from 'zustand'
import type { Restoring } from '../../../shared/ipc/contract'
import { counted } from '../../ui/words'

export type BackupKind = 'backup' | 'restore'

/** Whether the passphrase of a back-up is being asked for. */
export const useBackup = create<{ readonly open: BackupKind | undefined }>(() => ({ open: undefined }))

export const openBackup = (open: BackupKind): void => useBackup.setState({ open })
export const closeBackup = (): void => useBackup.setState({ open: undefined })

/** What a person is asked before a back-up takes the place of work that is on no server. */
export function replaceWords({ changes, unsaved, kept }: NonNullable<Restoring['asks']>): string {
  const what = [
    ...(changes > 0 ? [counted(changes, 'unsent change')] : []),
    ...(unsaved > 0 ? [counted(unsaved, 'unsaved edit')] : []),
  ].join(' and ')
  const one = changes + unsaved === 1
  const where = kept
    ? `${one ? 'It is' : 'They are'} not sent, but stay${one ? 's' : ''} in the database that is put aside, and can be taken over from there: History, More, Databases put aside.`
    : `${one ? 'It is' : 'They are'} kept in memory only and will be gone.`
  return `${what} ${one ? 'is' : 'are'} here and not in the back-up. ${where}`
}
