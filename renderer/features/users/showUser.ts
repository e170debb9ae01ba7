import type { UserKey } from '../../../shared/user/types'
import { nothingSelected } from '../../grid/selection'
import { ask, gungnir } from '../../kernel/bridge'
import { say, sayError } from '../../kernel/messages'
import { goTo } from '../../kernel/pages'
import { identityNow } from '../../kernel/status'
import { type DetailsTab, openDetails, showTab } from './details/detailsLayout'
import { usersGrid, usersSource, useUsers } from './store'

/**
 * Goes to Users with this user found, under the cursor and in the panel.
 * @param tab what of them one came to see; left out, what was looked at last
 */
export async function openUser({ userId }: UserKey, tab?: DetailsTab): Promise<void> {
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
    if (tab !== undefined) showTab(tab)
    openDetails()
    usersGrid.current?.goTo(index)
  } catch (error) {
    sayError(error)
  }
}
