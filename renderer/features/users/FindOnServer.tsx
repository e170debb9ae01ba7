import type { FoundOnServer } from '../../../shared/ipc/contract'
import { onServer } from '../../../shared/query/on-server'
import { useStatus } from '../../kernel/status'
import { Button } from '../../ui/Button'
import { Refusal } from '../../ui/Refusal'
import { count, counted } from '../../ui/words'
import { findOnServer, isOffered, useFinding } from './finding'
import { useUsers } from './store'

const either = new Intl.ListFormat('en', { type: 'disjunction' })

function wordsOf({ users, fields, more, others }: FoundOnServer): string {
  const where = either.format(fields)
  const left = others === 0 ? '' : ` ${counted(others, 'answer')} of another MAC address left out.`
  if (users === 0) return `The server finds nobody by ${where}.${left}`
  const all = more ? ` There are more: go on typing to narrow it down.` : ''
  return `${count(users)} found on the server by ${where}.${all}${left}`
}

/** Under the box, while the list is not all that the sign-in may see. */
export function FindOnServer() {
  const search = useUsers((state) => state.query.search)
  // Asked for anew when one of these changes.
  useUsers((state) => state.completeness?.partial)
  useStatus(({ status }) => status?.mayAsk)
  const running = useFinding((state) => state.running) === search
  const outcome = useFinding((state) => (state.outcome?.search === search ? state.outcome : undefined))
  if (!isOffered(search)) return null
  const possible = onServer(search) !== undefined
  return (
    <>
      <div className="find-on-server">
        <span role="status" aria-label="Search on the server">
          {running
            ? 'Asking the server…'
            : outcome?.found
              ? wordsOf(outcome.found)
              : possible
                ? 'Only who is in the list was searched.'
                : 'Only who is in the list was searched. The server has no search for this.'}
        </span>
        {possible && (
          <Button look="quiet" isDisabled={running} onPress={() => void findOnServer()}>
            Find on the server
          </Button>
        )}
      </div>
      {outcome?.error !== undefined && <Refusal error={outcome.error} />}
    </>
  )
}
