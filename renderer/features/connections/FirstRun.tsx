import { Server } from 'lucide-react'
import { Button } from '../../ui/Button'
import { Refusal } from '../../ui/Refusal'
import { DemoButton } from './DemoButton'
import { edit, useConnections } from './store'

/** The first thing a new person sees: what this is, and the two ways in. */
export function FirstRun() {
  const { busy, error } = useConnections()
  return (
    <div className="page first-run">
      <div className="first-run-card">
        <h1>Welcome to Gungnir</h1>
        <p className="first-run-text">
          Find any BroadWorks user, change any option in place, and know that it arrived — online or not.
        </p>
        <div className="first-run-actions">
          <DemoButton look="primary" />
          <Button icon={Server} isDisabled={busy !== undefined} onPress={() => edit('new')}>
            Connect to your server
          </Button>
        </div>
        <p className="small quiet">
          {busy === 'demo'
            ? 'Starting the demo server…'
            : 'The demo server runs on this computer only, with made-up users.'}
        </p>
        {error && <Refusal error={error} />}
      </div>
    </div>
  )
}
