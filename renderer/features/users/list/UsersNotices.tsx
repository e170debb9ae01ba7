import { correctionsOf } from '../../../../shared/query/names'
import { understood } from '../../../../shared/query/words'
import { useSource } from '../../../grid/useSource'
import { setWorkOffline, useStatus } from '../../../kernel/status'
import { Button } from '../../../ui/Button'
import { NextTry } from '../../../ui/NextTry'
import { Notice } from '../../../ui/Notice'
import { Refusal } from '../../../ui/Refusal'
import { SearchMistakes } from '../../../ui/SearchMistakes'
import { useNow } from '../../../ui/Time'
import { age } from '../../../ui/time'
import { signInAgain } from '../../connections/store'
import { FindOnServer } from '../FindOnServer'
import { setSearch, usersSource, useUsers } from '../store'
import { NearestNames } from './NearestNames'

/** Why the list is only a copy, and what that means for saving. */
export function OfflineNotice() {
  const status = useStatus((state) => state.status)
  const now = Math.max(useNow(), Date.now())
  if (!status?.connectionId || status.users === 0) return null
  if (status.mayAsk) return null
  if (status.network === 'connecting') return null
  const old = status.dataAsOf === undefined ? '' : ` from ${age(status.dataAsOf, now)} ago`
  const chosen = status.workOffline
  return (
    <Notice
      tone="info"
      actions={
        chosen ? (
          <Button look="quiet" onPress={() => void setWorkOffline(false)}>
            Work online
          </Button>
        ) : status.network === 'signed-out' ? (
          <Button look="quiet" onPress={() => void signInAgain(status.connectionId)}>
            Sign in
          </Button>
        ) : undefined
      }
    >
      {chosen ? 'Working offline.' : (status.why ?? 'The server cannot be reached.')} Showing the copy{old}.
      Changes you save are sent when online.{' '}
      {!chosen && status.nextTryWall !== undefined && <NextTry at={status.nextTryWall} />}
    </Notice>
  )
}

/** Mistakes in the search, and a list that could not be read, right where they arose. */
export function SearchProblems() {
  useSource(usersSource)
  const problems = usersSource.latest()?.problems ?? []
  const search = useUsers((state) => state.query.search)
  const parts = understood(search)
  const error = usersSource.error()
  return (
    <>
      {problems.length > 0 && (
        <SearchMistakes problems={problems} corrections={correctionsOf(search)} onTake={setSearch} />
      )}
      <FindOnServer />
      <NearestNames />
      {parts.length > 0 && (
        <ul className="search-parts" aria-label="What is looked for">
          {parts.map((part) => (
            <li key={part}>{part}</li>
          ))}
        </ul>
      )}
      {error !== undefined && usersSource.total() !== undefined && (
        <Refusal
          error={error}
          actions={
            <Button look="quiet" onPress={() => void usersSource.reload('here')}>
              Try again
            </Button>
          }
        />
      )}
    </>
  )
}
