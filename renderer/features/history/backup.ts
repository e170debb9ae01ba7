import { create } from 'zustand'

export type BackupKind = 'backup' | 'restore'

/** Whether the passphrase of a back-up is being asked for. */
export const useBackup = create<{ readonly open: BackupKind | undefined }>(() => ({ open: undefined }))

export const openBackup = (open: BackupKind): void => useBackup.setState({ open })
export const closeBackup = (): void => useBackup.setState({ open: undefined })
