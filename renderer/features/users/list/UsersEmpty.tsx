import { CloudOff, SearchX, Users } from 'lucide-react'
import { goTo } from '../../../kernel/pages'
import { useStatus } from '../../../kernel/status'
import { Button } from '../../../ui/Button'
import { Empty } from '../../../ui/Empty'
import { refreshFromServer, setScope, setSearch, usersSource, useUsers } from '../store'
import { openWhatToLoad } from '../whatToLoadStore'
import { needsServer, ReadThem, unreadWords } from './Unread'

/** What stands in the grid when it has no rows: the reason, and the way on. */
export function UsersEmpty() {
  const status = useStatus((state) => state.status)
  const { search, scope } = useUsers((state) => state.query)
  const progress = useUsers((state) => state.progress)
  const { load, asksWhatToLoad } = useUsers((state) => state.completeness) ?? {}
  const { known = 0, unread } = usersSource.latest() ?? {}

  const online = status?.mayAsk === true

  if (known > 0) {
    return (
      <Empty
        icon={SearchX}
        title={
          search === ''
            ? 'No users here'
            : unread
              ? `No match yet for “${search}”`
              : `No user matches “${search}”`
        }
        actions={
          <>
            {unread && <ReadThem unread={unread} />}
            {search !== '' && <Button onPress={() => setSearch('')}>Clear the search</Button>}
            {scope.serviceProviderId !== undefined && (
              <Button onPress={() => setScope({})}>Look in all groups</Button>
            )}
          </>
        }
      >
        {unread ? (
          <>
            <span role="status">{unreadWords(unread)}</span> {!online && needsServer}
          </>
        ) : (
          'Words can stand in any order; digits also find phone numbers.'
        )}
      </Empty>
    )
  }
  if (online && (load?.what === 'nothing' || asksWhatToLoad)) {
    return (
      <Empty
        icon={Users}
        title="Nothing is loaded"
        actions={<Button onPress={openWhatToLoad}>What to load…</Button>}
      >
        Type a name, number, user ID or MAC address and press Enter to find it on the server.
      </Empty>
    )
  }
  if (progress?.running || status?.network === 'connecting') {
    return (
      <Empty icon={Users} title="Reading users…">
        They appear here as they come.
      </Empty>
    )
  }
  if (!online) {
    return (
      <Empty
        icon={CloudOff}
        title="No users on this computer yet"
        actions={<Button onPress={() => goTo('connections')}>Go to Connections</Button>}
      >
        {status?.why ?? 'Connect once to read them; afterwards they are here offline too.'}
      </Empty>
    )
  }
  return (
    <Empty
      icon={Users}
      title="No users"
      actions={<Button onPress={() => void refreshFromServer()}>Read again</Button>}
    >
      The server shows no users to {status.account ?? 'this account'}.
    </Empty>
  )
}
