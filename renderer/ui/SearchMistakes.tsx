import type { Correction } from '../../shared/query/names'
import { Button } from './Button'

interface Props {
  readonly problems: readonly string[]
  readonly corrections: readonly Correction[]
  readonly onTake: (search: string) => void
}

/** What in a search was not understood, with the names that are nearest to one that is none. */
export function SearchMistakes({ problems, corrections, onTake }: Props) {
  return (
    <div className="search-problems">
      <p role="status">{problems.join(' ')}</p>
      {corrections.map(({ name, label, search }) => (
        <Button key={name} look="quiet" onPress={() => onTake(search)}>{`Search ${label} (${name}:)`}</Button>
      ))}
    </div>
  )
}
