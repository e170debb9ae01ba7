import { useEffect } from 'react'
import { useConnections } from '../features/connections/store'
import { useAsides } from '../features/history/aside'
import { useBackup } from '../features/history/backup'
import { useReverting } from '../features/history/reverting'
import { useImporting } from '../features/outbox/importing'
import { useOutbox } from '../features/outbox/store'
import { UsersPage, usersDialogs } from '../features/users/UsersPage'
import { SavedViews } from '../features/users/views/SavedViews'
import { useOverlay } from '../kernel/overlays'
import { goTo, usePage } from '../kernel/pages'
import { ConfirmDialog } from '../ui/confirm'
import { later } from '../ui/later'
import { useAppCommands } from './appCommands'
import { ErrorBoundary } from './ErrorBoundary'
import { ErrorStrip, Warnings } from './Messages'
import { Navigation } from './Navigation'
import { StatusBar } from './StatusBar'

// Whatever is not on the first screen is read behind it: the list of users is there sooner.
const OutboxPage = later(async () => (await import('../features/outbox/OutboxPage')).OutboxPage)
const HistoryPage = later(async () => (await import('../features/history/HistoryPage')).HistoryPage)
const ConnectionsPage = later(
  async () => (await import('../features/connections/ConnectionsPage')).ConnectionsPage,
)
const Palette = later(
  async () => (await import('./Palette')).Palette,
  () => useOverlay(({ open }) => open === 'palette'),
)
const AsideDialog = later(
  async () => (await import('../features/history/AsideDialog')).AsideDialog,
  () => useAsides(({ databases }) => databases !== undefined),
)
const BackupDialog = later(
  async () => (await import('../features/history/BackupDialog')).BackupDialog,
  () => useBackup(({ open }) => open !== undefined),
)
const Shortcuts = later(
  async () => (await import('./Shortcuts')).Shortcuts,
  () => useOverlay(({ open }) => open === 'shortcuts'),
)
const Help = later(
  async () => (await import('./help/Help')).Help,
  () => useOverlay(({ open }) => open !== undefined && open !== 'palette' && open !== 'shortcuts'),
)
const RevertDialog = later(
  async () => (await import('../features/history/RevertDialog')).RevertDialog,
  () => useReverting(({ plan }) => plan !== undefined),
)
const ResolveDialog = later(
  async () => (await import('../features/outbox/ResolveDialog')).ResolveDialog,
  () => useOutbox(({ resolving }) => resolving !== undefined),
)
const ImportDialog = later(
  async () => (await import('../features/outbox/ImportDialog')).ImportDialog,
  () => useImporting(({ plan }) => plan !== undefined),
)

const screens = {
  users: UsersPage,
  outbox: OutboxPage,
  history: HistoryPage,
  connections: ConnectionsPage,
}

/** Long enough for the first screen to stand. */
const restAfterMs = 1000

const loadTheRest = (): void => {
  const own = [
    OutboxPage,
    HistoryPage,
    ConnectionsPage,
    Palette,
    Shortcuts,
    Help,
    RevertDialog,
    ResolveDialog,
    ImportDialog,
  ]
  for (const part of [...own, ...usersDialogs]) {
    void part.load()
  }
}

const loadTheRestSoon = (): (() => void) => {
  const timer = setTimeout(() => requestIdleCallback(loadTheRest, { timeout: 1000 }), restAfterMs)
  return () => clearTimeout(timer)
}

export function App() {
  const { page } = usePage()
  const first = useConnections((state) => state.list?.length === 0)
  useAppCommands()
  useEffect(loadTheRestSoon, [])
  const firstRun = first && page === 'users'
  // For good: the form that is being filled in stays when the list gets its first entry.
  useEffect(() => {
    if (firstRun) goTo('connections')
  }, [firstRun])
  const shown = firstRun ? 'connections' : page
  const Screen = screens[shown]
  return (
    <div className="frame">
      <Navigation page={shown}>
        <SavedViews />
      </Navigation>
      <main className="main">
        <Warnings />
        <ErrorBoundary key={shown}>
          <Screen />
        </ErrorBoundary>
        <ErrorStrip />
      </main>
      <StatusBar />
      <Palette />
      <Shortcuts />
      <Help />
      <BackupDialog />
      <AsideDialog />
      <RevertDialog />
      <ResolveDialog />
      <ImportDialog />
      <ConfirmDialog />
    </div>
  )
}
