import type { UserKey } from '../../../shared/user/types'
import { nothingSelected } from '../../grid/selection'
import { ask, gungnir } from '../../kernel/bridge'
import { say, sayError } from '../../kernel/messages'
import { goTo } from '../../kernel/pages'
import { identityNow } from '../../kernel/status'
import { openDetails } from './details/detailsLayout'
import { usersGrid, usersSource, useUsers } from './store'

/** Goes to Users with this user found, under the cursor and in the panel. */
export async function openUser({ userId }: UserKey): Promise<void> {
  const query = { search: `id:"${userId.replaceAll('"', '')}"`, scope: {}, sort: [] }
  const as = identityNow()
  useUsers.setState({ query, selection: nothingSelected })
  goTo('users')
  try {
    await usersSource.reload('start')
    const index = await ask(gungnir.users.indexOf({ query, userId, ...(as === undefined ? {} : { as }) }))
    if (index === undefined) {
      say(`${userId} is not among the users on this computer.`)
      return
    }
    openDetails()
    usersGrid.current?.goTo(index)
  } catch (error) {
    sayError(error)
  }
}
