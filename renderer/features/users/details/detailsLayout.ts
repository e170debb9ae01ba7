import { create } from 'zustand'
import { setSetting, setting, useStored } from '../../../kernel/settings'
import { useMedia } from '../../../ui/useMedia'

export const narrowestPanel = 300
export const widestPanel = 640
const usual = 380
const narrow = '(max-width: 1099px)'
/** Little of the list is seen beside the details. */
const narrowest = '(max-width: 799px)'

/** In a narrow window the details cover the grid, so they open only when asked for. */
const useSheet = create<{ readonly open: boolean }>(() => ({ open: false }))

export type DetailsTab = 'profile' | 'calls' | 'history' | 'json'

/** What of a user is looked at: it stays from user to user, and while other pages are looked at. */
const useTab = create<{ readonly tab: DetailsTab }>(() => ({ tab: 'profile' }))

const readWidth = (stored: unknown) =>
  typeof stored === 'number' ? Math.min(Math.max(stored, narrowestPanel), widestPanel) : usual

/** Whether the details are shown, and how wide; remembered. */
export function useDetailsLayout(): {
  readonly open: boolean
  readonly width: number
  readonly sheet: boolean
  /** Nothing of what lies under them can be used while they are open. */
  readonly covers: boolean
} {
  const sheet = useMedia(narrow)
  const covers = useMedia(narrowest)
  const sheetOpen = useSheet((state) => state.open)
  const panelOpen = useStored('details-open') !== false
  const width = readWidth(useStored('details-width'))
  return { open: sheet ? sheetOpen : panelOpen, width, sheet, covers }
}

function show(open: boolean): void {
  if (matchMedia(narrow).matches) useSheet.setState({ open })
  else if (setting('details-open', (stored) => stored !== false) !== open) setSetting('details-open', open)
}

export const useDetailsTab = (): DetailsTab => useTab(({ tab }) => tab)
export const showTab = (tab: DetailsTab): void => useTab.setState({ tab })

export const closeDetails = (): void => show(false)
export const openDetails = (): void => show(true)
export const setDetailsWidth = (width: number): void => setSetting('details-width', readWidth(width))
