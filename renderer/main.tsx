import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { App } from './app/App'
import { LockScreen } from './app/LockScreen'
import { listen } from './app/listen'
import { listConnections } from './features/connections/store'
import { restoreDrafts } from './features/users/drafts/draftStore'
import { followConnection, usersHere } from './features/users/listen'
import { whenUnlocked } from './kernel/lock'
import { readPolicy } from './kernel/policy'
import { loadSettings, setting } from './kernel/settings'
import { connectionId, readStatus } from './kernel/status'
import { readTheme, showTheme } from './kernel/theme'
import './styles'

/** The users are a moment behind the rest: seen together, one frame is drawn instead of two. */
const usersTakeMs = 150

const root = document.getElementById('root')
if (!root) throw new Error('The page has no place for the app.')

listen()
followConnection()
const lock = document.createElement('div')
lock.id = 'lock'
document.body.append(lock)
createRoot(lock).render(<LockScreen />)
const unlocked = whenUnlocked()
const listed = unlocked.then(listConnections)
const answers = unlocked.then(() => Promise.all([loadSettings(), readStatus(), readPolicy()]))
// Laid out while the answers are on their way, and seen when they are here. In one go: nobody is kept waiting by it.
root.style.visibility = 'hidden'
flushSync(() => createRoot(root).render(<App />))
await answers
showTheme(setting('theme', readTheme))
restoreDrafts()
// Without a server the first screen is about connections.
await (connectionId() === undefined ? listed : usersHere(usersTakeMs))
root.style.visibility = ''
