import { Download, Server } from 'lucide-react'
import { usePolicy } from '../../kernel/policy'
import { Button } from '../../ui/Button'
import { Refusal } from '../../ui/Refusal'
import { DemoButton } from './DemoButton'
import { ImportDialog } from './ImportDialog'
import { importConnections } from './importing'
import { edit, useConnections } from './store'

/** The first thing a new person sees: what this is, and the two ways in. */
export function FirstRun() {
  const { busy, error } = useConnections()
  const { noDemo, connectionsLocked } = usePolicy(({ policy }) => policy)
  return (
    <div className="page first-run">
      <div className="first-run-card">
        <h1>Welcome to Gungnir</h1>
        <p className="first-run-text">
          Find any BroadWorks user, change any option in place, and know that it arrived — online or not.
        </p>
        <div className="first-run-actions">
          {noDemo === undefined && <DemoButton look="primary" />}
          {connectionsLocked === undefined && (
            <Button icon={Server} isDisabled={busy !== undefined} onPress={() => edit('new')}>
              Connect to your server
            </Button>
          )}
          {connectionsLocked === undefined && (
            <Button
              look="quiet"
              icon={Download}
              isDisabled={busy !== undefined}
              onPress={() => void importConnections()}
            >
              Import connections…
            </Button>
          )}
        </div>
        <p className="small quiet">
          {busy === 'demo'
            ? 'Starting the demo server…'
            : noDemo === undefined
              ? 'The demo server runs on this computer only, with made-up users.'
              : `There is no demo server. ${noDemo}`}
          {connectionsLocked !== undefined && ` No connection can be added. ${connectionsLocked}`}
        </p>
        {error && <Refusal error={error} />}
        <ImportDialog />
      </div>
    </div>
  )
}
