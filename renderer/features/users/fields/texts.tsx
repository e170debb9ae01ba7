import { useId, useState } from 'react'
import { displayValue } from '../../../../shared/user/value'
import type { ControlProps } from './FieldControl'
import { Frame, noteId } from './Frame'

/** A line of text, a number or an address. What is being typed stays as typed until the control is left. */
export function TextControl({ field, value, typed, problem, was, look, onValue }: ControlProps) {
  const id = useId()
  const [writing, setWriting] = useState<string>()
  const text = writing ?? typed ?? displayValue(field.path, value ?? null)
  return (
    <Frame id={id} label={field.label} look={look} was={was} problem={problem}>
      <input
        id={id}
        className={field.kind === 'digits' || field.kind === 'phone' ? 'input tabular' : 'input'}
        type={field.kind === 'integer' ? 'number' : 'text'}
        inputMode={field.kind === 'digits' ? 'numeric' : undefined}
        min={field.kind === 'integer' ? field.min : undefined}
        max={field.kind === 'integer' ? field.max : undefined}
        value={text}
        placeholder={value === undefined ? 'Not read yet' : undefined}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={problem !== undefined}
        aria-describedby={was === undefined && problem === undefined ? undefined : noteId(id)}
        onChange={(event) => {
          setWriting(event.target.value)
          onValue(event.target.value)
        }}
        onBlur={() => setWriting(undefined)}
      />
    </Frame>
  )
}

/** Shown, and can be copied, but not changed here; `locked` says why this sign-in may not. */
export function ReadOnlyControl({
  field,
  value,
  was,
  look,
  locked,
}: ControlProps & { readonly locked?: string }) {
  const id = useId()
  const text = value === undefined ? '' : displayValue(field.path, value)
  return (
    <Frame id={id} label={field.label} look={look} was={was} problem={undefined} hint={locked}>
      <input
        id={id}
        className="input input-plain"
        readOnly
        aria-describedby={locked === undefined && was === undefined ? undefined : noteId(id)}
        value={text}
        placeholder={value === undefined ? 'Not read yet' : 'empty'}
        title={text}
      />
    </Frame>
  )
}
