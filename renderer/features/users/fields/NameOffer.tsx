import { basisOf } from '../../../../shared/change/basis'
import type { UserDetails } from '../../../../shared/ipc/contract'
import { labelOf } from '../../../../shared/user/catalogue'
import type { FieldPath } from '../../../../shared/user/types'
import { sameValue } from '../../../../shared/user/value'
import { lockedBecause } from '../../../kernel/status'
import { Button } from '../../../ui/Button'
import { draftEdit } from '../drafts/draftStore'
import type { Draft, DraftEdit } from '../drafts/drafts'
import { shownName, shownValue } from '../shownValue'

/** Names that usually follow another, though the server never changes them by itself. */
const followers: Readonly<Record<FieldPath, readonly FieldPath[]>> = {
  firstName: ['callingLineIdFirstName', 'hiraganaFirstName'],
  lastName: ['callingLineIdLastName', 'hiraganaLastName'],
}

interface Props {
  readonly path: FieldPath
  readonly edit: DraftEdit | undefined
  readonly details: UserDetails
  readonly draft: Draft | undefined
}

/** After a name was changed: offers to change those that were the same. */
export function NameOffer({ path, edit, details, draft }: Props) {
  if (edit?.base === undefined || !Object.hasOwn(followers, path)) return null
  const { base, mine } = edit
  const behind = (followers[path] ?? []).filter((follower) => {
    const now = shownValue(details, draft, follower)
    return (
      now !== undefined &&
      sameValue(follower, now, base) &&
      !sameValue(follower, now, mine) &&
      lockedBecause(follower) === undefined
    )
  })
  if (behind.length === 0) return null
  const take = () => {
    for (const follower of behind) {
      const user = { key: details.key, name: shownName(details, undefined) }
      draftEdit(user, follower, { ...basisOf(details, follower), mine })
    }
  }
  return (
    <div className="offer">
      <Button look="quiet" onPress={take}>
        Change also: {behind.map(labelOf).join(', ')}
      </Button>
    </div>
  )
}
