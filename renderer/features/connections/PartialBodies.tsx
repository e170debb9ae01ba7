import { useId } from 'react'
import { Checkbox } from 'react-aria-components'

interface Props {
  readonly isSelected: boolean
  readonly onChange: (on: boolean) => void
  readonly isDisabled: boolean
}

/** How forwardings, voice mail and their like are written on this server. */
export function PartialBodies({ isSelected, onChange, isDisabled }: Props) {
  const hint = useId()
  return (
    <div className="field">
      <Checkbox
        className="checkbox"
        isSelected={isSelected}
        onChange={onChange}
        isDisabled={isDisabled}
        aria-describedby={hint}
      >
        <span className="checkbox-box" aria-hidden />
        Send only the changed fields of forwardings and voice mail
      </Checkbox>
      <span className="hint" id={hint}>
        {isSelected
          ? 'Partial bodies: what a phone changes in the same moment stays. Only for a server that is known to keep the fields that are left out; others may empty them.'
          : 'As it is, the whole service goes back as it was just read, with the changes over it. This is what the server’s own portal does.'}
      </span>
    </div>
  )
}
