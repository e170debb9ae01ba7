import type { ReactNode } from 'react'
import {
  TextField as AriaTextField,
  FieldError,
  Input,
  Label,
  Text,
  type TextFieldProps,
} from 'react-aria-components'

interface Props extends Omit<TextFieldProps, 'className' | 'style' | 'children'> {
  readonly label: string
  readonly placeholder?: string | undefined
  readonly description?: ReactNode
  /** Why the value cannot be taken. */
  readonly problem?: string | undefined
  readonly spellCheck?: 'true' | 'false'
}

export function TextField({ label, placeholder, description, problem, ...rest }: Props) {
  return (
    <AriaTextField {...rest} className="field" isInvalid={problem !== undefined} validationBehavior="aria">
      <Label className="label">{label}</Label>
      <Input dir="auto" className="input" placeholder={placeholder ?? ''} autoComplete="off" />
      {description && (
        <Text slot="description" className="hint">
          {description}
        </Text>
      )}
      <FieldError className="problem">{problem}</FieldError>
    </AriaTextField>
  )
}
