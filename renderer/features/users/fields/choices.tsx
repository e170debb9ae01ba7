import { useId } from 'react'
import type { ControlProps } from './FieldControl'
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
