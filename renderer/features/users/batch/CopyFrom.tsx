import { useEffect, useState } from 'react'
import { displayName, displayValue } from '../../../../shared/user/value'
import { Button } from '../../../ui/Button'
import { Dialog } from '../../../ui/Dialog'
import { TextField } from '../../../ui/Field'
import { Refusal } from '../../../ui/Refusal'
import { counted } from '../../../ui/words'
import { closeCopying, copyable, copyFrom, searchFrom, takeCopied, tick, useCopying } from './copying'

/** Whom to copy from, and which options: what is chosen becomes rules, looked at before anything is saved. */
export function CopyFrom() {
  const { open, from, ticked, error } = useCopying()
  // The dialog around it comes first: of two that open in one moment the outer one would make the inner one inert.
  const [framed, setFramed] = useState(false)
  useEffect(() => setFramed(true), [])
  return (
    <Dialog
      title="Copy options from"
      open={open && framed}
      onClose={closeCopying}
      footer={
        from && (
          <>
            <Button onPress={() => useCopying.setState({ from: undefined })}>Another user</Button>
            <Button look="primary" isDisabled={ticked.size === 0} onPress={takeCopied}>
              {`Copy ${counted(ticked.size, 'option')}`}
            </Button>
          </>
        )
      }
    >
      {error && <Refusal error={error} />}
      {from === undefined ? <Whom /> : <Which />}
    </Dialog>
  )
}

function Whom() {
  const { search, found } = useCopying()
  return (
    <>
      <TextField
        label="User to copy from"
        description="A name, number or user ID."
        value={search}
        onChange={(text) => void searchFrom(text)}
        autoFocus
      />
      <ul className="copy-users" aria-label="Users found">
        {found.map((row) => (
          <li key={row.key.userId}>
            <Button look="quiet" onPress={() => void copyFrom(row)}>
              <bdi>{displayName(row)}</bdi> <span className="quiet">{row.key.userId}</span>
            </Button>
          </li>
        ))}
      </ul>
      {search.trim() !== '' && found.length === 0 && <p className="quiet">Nobody in the list has it.</p>}
    </>
  )
}

function Which() {
  const { from, ticked } = useCopying()
  if (from === undefined) return null
  return (
    <>
      <p>
        <bdi>{displayName(from)}</bdi> <span className="quiet">{from.key.userId}</span>
      </p>
      {from.completeness === 'row' && (
        <p className="small quiet">Only a list row of this user is here: other options are not known.</p>
      )}
      <ul className="copy-options" aria-label="Options">
        {copyable(from).map(({ field, text }) => (
          <li key={field.path}>
            <label className="tick">
              <input
                type="checkbox"
                checked={ticked.has(field.path)}
                onChange={(event) => tick(field.path, event.target.checked)}
              />
              <span>{field.label}</span>
              <span className="quiet">
                {text === '' ? 'empty: clears it' : displayValue(field.path, text)}
              </span>
            </label>
          </li>
        ))}
      </ul>
    </>
  )
}
