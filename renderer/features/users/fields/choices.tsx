import { useId } from 'react'
import { confirm } from '../../../ui/confirm'
import type { ControlProps } from './control'
import { Frame, noteId } from './Frame'

/** Yes or no. */
export function BooleanControl({ field, value, problem, was, look, onValue }: ControlProps) {
  const id = useId()
  return (
    <Frame id={id} label={field.label} look={look} was={was} problem={problem}>
      <span className="tick">
        <input
          id={id}
          type="checkbox"
          checked={value === true}
          aria-describedby={was === undefined && problem === undefined ? undefined : noteId(id)}
          ref={(box) => {
            if (box) box.indeterminate = value === undefined
          }}
          onChange={(event) => onValue(event.target.checked)}
        />
        <span aria-hidden className="quiet">
          {value === undefined ? 'Not read yet' : value === true ? 'Yes' : 'No'}
        </span>
      </span>
    </Frame>
  )
}

/** One of a few. A value that the catalogue does not know is offered too, so that looking changes nothing. */
export function ChoiceControl({ field, value, problem, was, look, onValue }: ControlProps) {
  const id = useId()
  const choices = field.choices ?? []
  const text = typeof value === 'string' ? value : ''
  const known = choices.some((choice) => choice.value === text)
  return (
    <Frame id={id} label={field.label} look={look} was={was} problem={problem}>
      <select
        id={id}
        className="input"
        value={text}
        aria-invalid={problem !== undefined}
        aria-describedby={was === undefined && problem === undefined ? undefined : noteId(id)}
        onChange={(event) => onValue(event.target.value === '' ? null : event.target.value)}
      >
        {!known && <option value={text}>{text === '' ? 'Not set' : text}</option>}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </Frame>
  )
}

/** The type of endpoint, which is changed only after a person was told what that does. */
export function EndpointControl(props: ControlProps) {
  const { value, onValue } = props
  const change = async (next: ControlProps['value']) => {
    const label = props.field.choices?.find((choice) => choice.value === next)?.label ?? 'another'
    const sure =
      value === undefined ||
      value === 'none' ||
      (await confirm({
        title: `Change the endpoint to ${label.toLowerCase()}?`,
        text: 'Saving this takes the present device or trunk group away from the user. Its registrations end, and calls do not ring there any more until the new endpoint has registered. A user has a device or a trunk group, never both.',
        action: 'Change',
      }))
    if (sure) onValue(next ?? null)
  }
  return <ChoiceControl {...props} onValue={(next) => void change(next)} />
}
