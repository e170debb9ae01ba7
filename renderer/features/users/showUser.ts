import type { UserKey } from '../../../shared/user/types'
import { ask, gungnir } from '../../app/bridge'
import { say, sayError } from '../../app/messages'
import { goTo } from '../../app/pages'
import { identityNow } from '../../app/status'
import { nothingSelected } from '../../grid/selection'
import { openDetails } from './detailsLayout'
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
