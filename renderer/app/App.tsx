import { ConnectionsPage } from '../features/connections/ConnectionsPage'
import { useConnections } from '../features/connections/store'
import { HistoryPage } from '../features/history/HistoryPage'
import { OutboxPage } from '../features/outbox/OutboxPage'
import { UsersPage } from '../features/users/UsersPage'
import { ConfirmDialog } from '../ui/confirm'
import { useAppCommands } from './appCommands'
import { ErrorBoundary } from './ErrorBoundary'
import { ErrorStrip, Warnings } from './Messages'
import { Navigation } from './Navigation'
import { Palette } from './Palette'
import { usePage } from './pages'
import { Shortcuts } from './Shortcuts'
import { StatusBar } from './StatusBar'

const screens = {
  users: UsersPage,
  outbox: OutboxPage,
  history: HistoryPage,
  connections: ConnectionsPage,
}

export function App() {
  const { page } = usePage()
  const first = useConnections((state) => state.list?.length === 0)
  useAppCommands()
  const shown = first && page === 'users' ? 'connections' : page
  const Screen = screens[shown]
  return (
    <div className="frame">
      <Navigation page={shown} />
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
      <ConfirmDialog />
    </div>
  )
}
