import { type ReactNode, useId, useState } from 'react'
import { displayValue } from '../../../../shared/user/value'
import type { ControlProps } from './control'
import { Frame, noteId } from './Frame'

interface TextProps extends ControlProps {
  readonly hint?: string | undefined
  /** What a person should think about before they save. */
  readonly warning?: string | undefined
  readonly beside?: ReactNode
  readonly below?: ReactNode
  readonly onFocus?: () => void
}

/** From this part of a field's longest text on, its limit is shown while typing. */
const nearLimit = 0.7

/** A line of text, a number or an address. What is being typed stays as typed until the control is left. */
export function TextControl(props: TextProps) {
  const { field, value, typed, problem, was, look, onValue, hint, warning, beside, below, onFocus } = props
  const id = useId()
  const [writing, setWriting] = useState<string>()
  const text = writing ?? typed ?? displayValue(field.path, value ?? null)
  const length = [...text].length
  const limit =
    writing !== undefined &&
    field.max !== undefined &&
    field.kind !== 'integer' &&
    length > field.max * nearLimit
      ? `${length} of ${field.max} characters`
      : undefined
  const noted = was !== undefined || problem !== undefined || warning !== undefined || hint !== undefined
  return (
    <Frame
      id={id}
      label={field.label}
      look={look}
      was={was}
      problem={problem ?? warning}
      hint={limit ?? (hint === '' ? undefined : hint)}
      beside={beside}
      below={below}
    >
      <input
        dir="auto"
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
        aria-describedby={noted ? noteId(id) : undefined}
        onFocus={onFocus}
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
        dir="auto"
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
