import type { UserDetails } from '../../../../shared/ipc/contract'
import { useStatus } from '../../../kernel/status'
import { MenuButton } from '../../../ui/MenuButton'
import { copyTo } from '../batch/copying'
import { shownName } from '../shownValue'
import { type ActionKind, openAction } from './store'

const actions: readonly (readonly [ActionKind, string])[] = [
  ['password', 'Set password…'],
  ['passcode', 'Set portal passcode…'],
  ['rename', 'Rename user ID…'],
  ['move', 'Move to group…'],
  ['alternate-ids', 'Change alternate user IDs…'],
]

/** What is done to a user at once, with the server, and never waits in the outbox. */
export function ActionsButton({ details }: { details: UserDetails }) {
  const online = useStatus(({ status }) => status?.mayAsk === true)
  const user = { key: details.key, name: shownName(details, undefined) }
  return (
    <MenuButton
      isDisabled={!online}
      choices={[
        ...actions.map(([kind, label]) => ({
          id: kind,
          label,
          run: () => openAction(kind, user),
        })),
        { id: 'copy', label: 'Copy options from…', run: () => copyTo(details.key) },
      ]}
    >
      Actions
    </MenuButton>
  )
}
