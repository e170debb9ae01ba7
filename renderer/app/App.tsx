import { lazy, Suspense, useEffect } from 'react'
import { useConnections } from '../features/connections/store'
import { UsersPage } from '../features/users/UsersPage'
import { ConfirmDialog } from '../ui/confirm'
import { useAppCommands } from './appCommands'
import { ErrorBoundary } from './ErrorBoundary'
import { ErrorStrip, Warnings } from './Messages'
import { Navigation } from './Navigation'
import { usePage } from './pages'
import { StatusBar } from './StatusBar'

// Whatever is not on the first screen is read behind it: the list of users is there sooner.
const loadOutbox = () => import('../features/outbox/OutboxPage')
const loadHistory = () => import('../features/history/HistoryPage')
const loadConnections = () => import('../features/connections/ConnectionsPage')
const OutboxPage = lazy(async () => ({ default: (await loadOutbox()).OutboxPage }))
const HistoryPage = lazy(async () => ({ default: (await loadHistory()).HistoryPage }))
const ConnectionsPage = lazy(async () => ({ default: (await loadConnections()).ConnectionsPage }))
const Palette = lazy(async () => ({ default: (await import('./Palette')).Palette }))
const Shortcuts = lazy(async () => ({ default: (await import('./Shortcuts')).Shortcuts }))

const screens = {
  users: UsersPage,
  outbox: OutboxPage,
  history: HistoryPage,
  connections: ConnectionsPage,
}

const loadTheRest = (): void => void Promise.all([loadOutbox(), loadHistory(), loadConnections()])

export function App() {
  const { page } = usePage()
  const first = useConnections((state) => state.list?.length === 0)
  useAppCommands()
  useEffect(() => void requestIdleCallback(loadTheRest), [])
  const shown = first && page === 'users' ? 'connections' : page
  const Screen = screens[shown]
  return (
    <div className="frame">
      <Navigation page={shown} />
      <main className="main">
        <Warnings />
        <ErrorBoundary key={shown}>
          <Suspense>
            <Screen />
          </Suspense>
        </ErrorBoundary>
        <ErrorStrip />
      </main>
      <StatusBar />
      <Suspense>
        <Palette />
        <Shortcuts />
      </Suspense>
      <ConfirmDialog />
    </div>
  )
}
