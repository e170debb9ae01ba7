import { Checkbox } from 'react-aria-components'
import type { ConnectionsPlan } from '../../../shared/ipc/contract'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { Refusal } from '../../ui/Refusal'
import { counted } from '../../ui/words'
import { isReadable } from './form'
import { choose, closeImport, takeIn, useImporting } from './importing'

/** What a file of connections would bring in, before anything is kept. */
export function ImportDialog() {
  const { plan, take, busy, error } = useImporting()
  if (plan === undefined) return null
  return (
    <Dialog
      open
      title="Import connections"
      onClose={closeImport}
      footer={
        <>
          <Button onPress={closeImport}>Cancel</Button>
          <Button look="primary" isDisabled={take.size === 0} isPending={busy} onPress={() => void takeIn()}>
            {take.size === 0 ? 'Import' : `Import ${counted(take.size, 'connection')}`}
          </Button>
        </>
      }
    >
      <p className="small quiet">
        {plan.connections.length === 0
          ? `${plan.file} holds no connections.`
          : `From ${plan.file}. Nothing that is here is changed, and no password is in it.`}
      </p>
      {error && <Refusal error={error} />}
      <ul className="connections-plan">
        {plan.connections.map((one, place) => (
          <li key={place}>
            <Planned one={one} isTaken={take.has(place)} onChange={(on) => choose(place, on)} />
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

interface PlannedProps {
  readonly one: ConnectionsPlan['connections'][number]
  readonly isTaken: boolean
  readonly onChange: (on: boolean) => void
}

function Planned({ one, isTaken, onChange }: PlannedProps) {
  const { name, baseUrl, username, readOnly, proxy, partialBodies, ca, why } = one
  return (
    <>
      <Checkbox className="checkbox" isSelected={isTaken} isDisabled={why !== undefined} onChange={onChange}>
        <span className="checkbox-box" aria-hidden />
        {name}
      </Checkbox>
      {baseUrl !== undefined && (
        <span className="small quiet selectable">
          {username} · {baseUrl}
          {isReadable(baseUrl) && ' · not encrypted'}
          {readOnly && ' · read-only'}
          {proxy !== undefined && (proxy === 'none' ? ' · no proxy' : ` · by the proxy ${proxy}`)}
          {partialBodies && ' · partial bodies'}
        </span>
      )}
      {ca !== undefined && (
        <span className="small quiet selectable">
          Trusts besides the system’s authorities:{' '}
          {ca.certificates.map(({ name, fingerprint }) => `${name} (SHA-256 ${fingerprint})`).join('; ')}
        </span>
      )}
      {why !== undefined && <span className="small">{why}</span>}
    </>
  )
}
