import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { App } from './app/App'
import { listen } from './app/listen'
import { loadSettings, setting } from './app/settings'
import { connectionId, readStatus } from './app/status'
import { readTheme, showTheme } from './app/theme'
import { listConnections } from './features/connections/store'
import { restoreDrafts } from './features/users/draftStore'
import { beginUsers } from './features/users/listen'
import './ui/styles'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no place for the app.')

listen()
const listed = listConnections()
await Promise.all([loadSettings(), readStatus().then(beginUsers)])
// Without a server the first screen is about connections.
if (connectionId() === undefined) await listed
showTheme(setting('theme', readTheme))
restoreDrafts()
// In one go: nobody can do anything yet that it would keep waiting.
flushSync(() => createRoot(root).render(<App />))
