import { Switch as AriaSwitch, type SwitchProps } from 'react-aria-components'

interface Props extends Omit<SwitchProps, 'className' | 'style' | 'children'> {
  readonly children: string
}

export function Switch({ children, ...rest }: Props) {
  return (
    <AriaSwitch {...rest} className="switch">
      <span className="switch-label">{children}</span>
      <span className="switch-track">
        <span className="switch-thumb" />
      </span>
    </AriaSwitch>
  )
}
