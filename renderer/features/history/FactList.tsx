import { Info } from 'lucide-react'
import { DialogTrigger, Popover } from 'react-aria-components'
import { IconButton } from '../../ui/Button'

/** What is known under a name; left out where nothing is. */
export type Fact = readonly [name: string, value: string | undefined]

/** Facts of a change or of a batch, with a word to those that need one. */
export function FactList({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="facts selectable">
      {facts.map(
        ([name, value]) =>
          value !== undefined &&
          value !== '' && (
            <div key={name}>
              <dt>
                {name}
                {hints[name] !== undefined && <Hint name={name} text={hints[name]} />}
              </dt>
              <dd className="tabular">{value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}

/** What a term means, for every kind of pointer and for the keyboard. */
function Hint({ name, text }: { name: string; text: string }) {
  return (
    <DialogTrigger>
      <IconButton icon={Info} name={`What “${name}” means`} />
      <Popover className="popover hint-popover" placement="bottom start" offset={2} aria-label={name}>
        <p className="hint-text">{text}</p>
      </Popover>
    </DialogTrigger>
  )
}

const hints: Readonly<Record<string, string>> = {
  'Unguarded window':
    'From the read before the change to its answer. What someone else wrote in between could not be seen.',
}
