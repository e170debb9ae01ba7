import type { UsersWindow } from '../../../../shared/ipc/contract'
import { useSource } from '../../../grid/useSource'
import { useStatus } from '../../../kernel/status'
import { Button } from '../../../ui/Button'
import { Notice } from '../../../ui/Notice'
import { count, counted } from '../../../ui/words'
import { readMissing, usersSource, useUsers } from '../store'
import { about } from './Completeness'

type Unread = NonNullable<UsersWindow['unread']>

const listing = new Intl.ListFormat('en', { type: 'conjunction' })

/** For how many users the search or sort can speak. */
export function unreadWords({ labels, users, known }: Unread): string {
  const [subject, verb] =
    labels.length === 0
      ? ['Every option', 'is']
      : [listing.format(labels), labels.length === 1 ? 'is' : 'are']
  return `${subject} ${verb} known for ${count(known)} of ${counted(users, 'user')}.`
}

/** Reads what the search or sort asks about; nothing where the server would tell no more. */
export function ReadThem({ unread, quiet = false }: { unread: Unread; quiet?: boolean }) {
  const scope = useUsers((state) => state.query.scope)
  const reading = useUsers(({ progress }) => progress?.running === true)
  const online = useStatus(({ status }) => status?.mayAsk === true)
  const { groups, seconds, calls, onlyCalls } = unread
  if (groups === 0) return null
  return (
    <Button
      look={quiet ? 'quiet' : 'plain'}
      isDisabled={!online || reading}
      onPress={() => void readMissing(scope, { calls, onlyCalls })}
    >{`Read them${about(seconds)}`}</Button>
  )
}

/** What a person can do who is not connected. */
export const needsServer = 'Reading the rest needs the server.'

/** Said above the list when what the search or sort asks was not read of all; a list of nobody says it itself. */
export function UnreadNotice() {
  useSource(usersSource)
  const unread = usersSource.latest()?.unread
  const online = useStatus(({ status }) => status?.mayAsk === true)
  if (unread === undefined || usersSource.total() === 0) return null
  return (
    <Notice
      tone="info"
      announce
      actions={<ReadThem unread={unread} quiet />}
      next={online ? undefined : needsServer}
    >
      {unreadWords(unread)}
    </Notice>
  )
}
