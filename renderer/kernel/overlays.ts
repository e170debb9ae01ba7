import { create } from 'zustand'

export const overlays = [
  'palette',
  'shortcuts',
  'guide',
  'search-help',
  'report',
  'about',
  'notices',
  'updates',
] as const
type Overlay = (typeof overlays)[number]

/** Which of the app's own dialogs is open. */
export const useOverlay = create<{ readonly open: Overlay | undefined }>(() => ({ open: undefined }))

export const openOverlay = (open: Overlay): void => useOverlay.setState({ open })
export const closeOverlay = (): void => useOverlay.setState({ open: undefined })
