import { MousePointerClick } from 'lucide-react'
import { Empty } from '../../../ui/Empty'
import { commandKey } from '../../../ui/keyboard'

const keys: readonly (readonly [key: string, does: string])[] = [
  ['/', 'Search: a name, a number, or a field such as dept:sales'],
  ['Enter', 'From the search to the first user found'],
  ['↑ ↓', 'Go through the list; the details follow'],
  ['F2', 'Change the cell'],
  ['Space', 'Select users, to change them together'],
  ['F6', 'From the list to the details, and back'],
  [`${commandKey}S`, 'Save all'],
  [`${commandKey}K`, 'Find a command, a user or a server'],
  ['?', 'All shortcuts'],
]

/** What stands in the details before anybody is chosen: how to come to somebody, and how to go on from there. */
export function NobodyChosen() {
  return (
    <div className="nobody">
      <Empty icon={MousePointerClick} title="No user chosen">
        Choose a user in the list to see and change every option.
      </Empty>
      <dl className="nobody-keys">
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
