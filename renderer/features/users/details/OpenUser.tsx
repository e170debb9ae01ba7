import type { UserKey } from '../../../../shared/user/types'
import { Button } from '../../../ui/Button'
import { openUser } from '../showUser'

/** From a change to the user it is about, when that user is of the server in use. */
export function OpenUser({ user, here }: { user: UserKey; here: boolean }) {
  if (!here) return null
  return (
    <Button look="quiet" onPress={() => void openUser(user)}>
      Open user
    </Button>
  )
}
