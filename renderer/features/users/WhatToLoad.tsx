import { useEffect, useState } from 'react'
import { Checkbox, Radio, RadioGroup } from 'react-aria-components'
import type { Loadable, LoadChoice } from '../../../shared/ipc/contract'
import { identityNow } from '../../kernel/status'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { Refusal } from '../../ui/Refusal'
import { useUsers } from './store'
import {
  chooseGroups,
  chooseProvider,
  chooseWhat,
  closeWhatToLoad,
  listLoadable,
  openWhatToLoad,
  takeWhatToLoad,
  useWhatToLoad,
} from './whatToLoadStore'

const ways: readonly (readonly [LoadChoice['what'], string, string])[] = [
  ['everything', 'Everything', 'The list has everybody that you may see, also without a network.'],
  ['chosen', 'Chosen providers and groups', 'The list has these; others are found on the server.'],
  ['nothing', 'Nothing: find on the server', 'The list has who was found. It begins empty.'],
]

/** Asked once of a sign-in that sees more than one group, before anything is loaded. */
export function WhatToLoadDialog() {
  const { as, choice, error } = useWhatToLoad()
  const asks = useUsers((state) => state.completeness?.asksWhatToLoad === true)
  useEffect(() => {
    if (asks) openWhatToLoad()
  }, [asks])
  const isNow = as !== undefined && JSON.stringify(as) === JSON.stringify(identityNow())
  const incomplete = choice.what === 'chosen' && choice.chosen.length === 0
  return (
    <Dialog
      title="What to load"
      open={isNow}
      onClose={closeWhatToLoad}
      footer={
        <Button look="primary" isDisabled={incomplete} onPress={() => void takeWhatToLoad()}>
          Continue
        </Button>
      }
    >
      <p>Your sign-in sees more than one group. You can change this in Connections.</p>
      <RadioGroup
        aria-label="What to load"
        className="radios radios-column"
        value={choice.what}
        onChange={(what) => chooseWhat(what as LoadChoice['what'])}
      >
        {ways.map(([what, label, means]) => (
          <div key={what}>
            <Radio value={what} className="radio" aria-describedby={`load-${what}`}>
              {label}
            </Radio>
            <p id={`load-${what}`} className="small quiet load-means">
              {means}
            </p>
          </div>
        ))}
      </RadioGroup>
      {choice.what === 'chosen' && <Providers />}
      {error && <Refusal error={error} />}
    </Dialog>
  )
}

const named = ({ id, name }: Loadable): string => (name && name !== id ? `${name} (${id})` : id)

function Providers() {
  const providers = useWhatToLoad((state) => state.providers)
  if (providers === undefined) return <p className="quiet">Listing service providers…</p>
  return (
    <ul className="load-providers" aria-label="Service providers">
      {providers.map((provider) => (
        <Provider key={provider.id} provider={provider} />
      ))}
    </ul>
  )
}

function Provider({ provider }: { provider: Loadable }) {
  const { id } = provider
  const [open, setOpen] = useState(false)
  const groups = useWhatToLoad((state) => state.groups.get(id))
  const chosen = useWhatToLoad(({ choice }) => choice.chosen).filter((one) => one.serviceProviderId === id)
  const whole = chosen.some(({ groupId }) => groupId === undefined)
  const single = chosen.flatMap(({ groupId }) => groupId ?? [])
  const label = named(provider)
  return (
    <li>
      <div className="load-provider">
        <Checkbox
          className="checkbox"
          isSelected={whole}
          isIndeterminate={!whole && single.length > 0}
          onChange={(on) => chooseProvider(id, on)}
        >
          <span className="checkbox-box" aria-hidden />
          {label}
        </Checkbox>
        <Button
          look="quiet"
          aria-expanded={open}
          aria-label={`Groups of ${label}`}
          onPress={() => {
            setOpen(!open)
            if (!open) void listLoadable(id)
          }}
        >
          {single.length > 0 && !whole ? `${single.length} chosen` : 'Groups'}
        </Button>
      </div>
      {open && (
        <ul className="load-groups" aria-label={`Groups of ${label}`}>
          {groups === undefined && <li className="quiet">Listing groups…</li>}
          {groups?.map((group) => (
            <li key={group.id}>
              <Checkbox
                className="checkbox"
                isSelected={whole || single.includes(group.id)}
                onChange={(on) => {
                  const before = whole ? groups.map((each) => each.id) : single
                  const others = before.filter((each) => each !== group.id)
                  chooseGroups(id, on ? [...others, group.id] : others)
                }}
              >
                <span className="checkbox-box" aria-hidden />
                {named(group)}
              </Checkbox>
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}
