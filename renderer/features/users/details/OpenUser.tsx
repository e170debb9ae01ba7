import { serviceAt } from '../../../../shared/calls/catalogue'
import type { FieldPath, UserKey } from '../../../../shared/user/types'
import { Button } from '../../../ui/Button'
import { openUser } from '../showUser'

interface Props {
  readonly user: UserKey
  /** The fields that the change is of: they are what one wants to see. */
  readonly fields: readonly FieldPath[]
  readonly here: boolean
}

/** From a change to the user it is about, when that user is of the server in use. */
export function OpenUser({ user, fields, here }: Props) {
  if (!here) return null
  const tab = serviceAt(fields[0] ?? '') === undefined ? 'profile' : 'calls'
  return (
    <Button look="quiet" onPress={() => void openUser(user, tab)}>
      Open user
    </Button>
  )
}
