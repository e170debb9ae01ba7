import { usePolicy } from '../../kernel/policy'
import { TextField } from '../../ui/Field'
import { Picker } from '../../ui/Picker'
import type { ProxyValues } from './form'

const ways = [
  { id: 'none', label: 'None' },
  { id: 'this', label: 'This one' },
] as const

interface Props {
  readonly value: ProxyValues
  readonly onChange: (value: ProxyValues) => void
  readonly problem: string | undefined
  readonly isDisabled: boolean
}

/** The way to the server, unless the organisation has set it for all of them. */
export function ProxyChoice({ value, onChange, problem, isDisabled }: Props) {
  const { proxySet } = usePolicy(({ policy }) => policy)
  const isSet = isDisabled || proxySet !== undefined
  return (
    <div className="form-pair">
      <div>
        <Picker
          label="Proxy"
          labelled
          options={ways}
          all="The system’s"
          value={value.way === 'system' ? undefined : value.way}
          onChange={(way) => onChange({ ...value, way: way === 'none' || way === 'this' ? way : 'system' })}
          isDisabled={isSet}
        />
        {proxySet !== undefined && <span className="hint">{proxySet}</span>}
      </div>
      {value.way === 'this' && (
        <TextField
          label="Proxy address"
          value={value.address}
          onChange={(address) => onChange({ ...value, address })}
          problem={problem}
          placeholder="http://proxy.example.com:3128"
          spellCheck="false"
          isDisabled={isSet}
        />
      )}
    </div>
  )
}
