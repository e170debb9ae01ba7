import { signInTo, tryDemo, useConnections } from '../features/connections/store'
import { openAsides } from '../features/history/aside'
import { openBackup } from '../features/history/backup'
import { syncNow } from '../features/outbox/store'
import { type Command, useOffer } from '../kernel/commands'
import { openOverlay } from '../kernel/overlays'
import { goTo, pageNames, pages } from '../kernel/pages'
import { setSetting, useStored } from '../kernel/settings'
import { setWorkOffline, useConnectionId, useStatus } from '../kernel/status'
import { setDensity, setTheme, themeNames, themes, useTheme } from '../kernel/theme'
import { commandKey } from '../ui/keyboard'

/** What can be done from everywhere. */
export function useAppCommands(): void {
  const offline = useStatus(({ status }) => status?.workOffline)
  const connected = useConnectionId()
  const connections = useConnections(({ list }) => list)
  const theme = useTheme()
  const comfortable = useStored('density') === 'comfortable'
  const collapsed = useStored('navigation') === 'collapsed'
  const commands: Command[] = pages.map((page, at) => ({
    id: `page:${page}`,
    name: `Go to ${pageNames[page]}`,
    keys: `${commandKey}${at + 1}`,
    run: () => goTo(page),
  }))
  if (offline !== undefined) {
    commands.push({
      id: 'work-offline',
      name: offline ? 'Work online' : 'Work offline',
      run: () => void setWorkOffline(!offline),
    })
  }
  for (const connection of connections ?? []) {
    if (connection.id === connected) continue
    commands.push({
      id: `connect:${connection.id}`,
      name: `Connect to ${connection.name}`,
      run: () => void signInTo(connection),
    })
  }
  if (connections !== undefined && !connections.some(({ demo }) => demo)) {
    commands.push({ id: 'demo', name: 'Try the demo server', run: () => void tryDemo() })
  }
  for (const each of themes) {
    if (each === theme) continue
    commands.push({
      id: `theme:${each}`,
      name: `Theme: ${themeNames[each].toLowerCase()}`,
      run: () => setTheme(each),
    })
  }
  commands.push(
    { id: 'sync', name: 'Sync now', run: () => void syncNow() },
    {
      id: 'density',
      name: comfortable ? 'Show compact rows' : 'Show comfortable rows',
      run: () => setDensity(comfortable ? 'compact' : 'comfortable'),
    },
    {
      id: 'navigation',
      name: collapsed ? 'Show names in the navigation' : 'Show only icons in the navigation',
      run: () => setSetting('navigation', collapsed ? 'open' : 'collapsed'),
    },
    { id: 'backup', name: 'Back up everything…', run: () => openBackup('backup') },
    { id: 'restore', name: 'Restore a back-up…', run: () => openBackup('restore') },
    { id: 'aside', name: 'Databases put aside…', run: () => void openAsides() },
    { id: 'help:guide', name: 'Help: the guide', run: () => openOverlay('guide') },
    { id: 'help:search', name: 'Help: the search language', run: () => openOverlay('search-help') },
    { id: 'help:report', name: 'Help: report a problem…', run: () => openOverlay('report') },
    { id: 'help:updates', name: 'Help: check for updates', run: () => openOverlay('updates') },
    { id: 'help:about', name: 'Help: about Gungnir and its version', run: () => openOverlay('about') },
    { id: 'help:notices', name: 'Help: third-party notices', run: () => openOverlay('notices') },
    {
      id: 'shortcuts',
      name: 'List keyboard shortcuts',
      keys: '?',
      run: () => openOverlay('shortcuts'),
    },
  )
  useOffer('app', commands)
}
