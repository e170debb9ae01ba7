import { useId } from 'react'
import type { Connection } from '../../../shared/ipc/contract'
import { Switch } from '../../ui/Switch'
import { setReadOnly } from './store'

/** Counts at once, as a switch does, and not only when the form is saved. */
export function ReadOnly({ connection }: { connection: Connection }) {
  const hint = useId()
  return (
    <div className="field read-only-switch">
      <Switch
        isSelected={connection.readOnly ?? false}
        aria-describedby={hint}
        onChange={(on) => void setReadOnly(connection.id, on)}
      >
        Read-only
      </Switch>
      <span className="hint" id={hint}>
        Nothing is changed on this server from here; what waits in the outbox keeps waiting.
      </span>
    </div>
  )
}
