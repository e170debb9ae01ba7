import type { UserDetails } from '../../../../shared/ipc/contract'
import { accessDevice } from '../../../../shared/user/catalogue'
import { fieldValue, isEmptyValue } from '../../../../shared/user/value'
import { useStatus } from '../../../kernel/status'
import { MenuButton } from '../../../ui/MenuButton'
import { copyTo } from '../batch/copying'
import { useDraft } from '../drafts/draftStore'
import { shownName } from '../shownValue'
import { exportSheet } from './sheet'
import { type ActionKind, openAction } from './store'

const actions: readonly (readonly [ActionKind, string])[] = [
  ['password', 'Set password…'],
  ['passcode', 'Set portal passcode…'],
  ['rename', 'Rename user ID…'],
  ['move', 'Move to group…'],
  ['alternate-ids', 'Change alternate user IDs…'],
  ['rebuild', 'Rebuild device…'],
  ['reset', 'Reset device…'],
]

/** What is done to a user at once, with the server, and never waits in the outbox; and what is written of them to a file. */
export function ActionsButton({ details }: { details: UserDetails }) {
  const online = useStatus(({ status }) => status?.mayAsk === true)
  const draft = useDraft(details.key.userId)
  const hasDevice = !isEmptyValue(fieldValue(details, accessDevice) ?? null)
  const user = { key: details.key, name: shownName(details, undefined) }
  return (
    <MenuButton
      choices={[
        ...actions.map(([kind, label]) => ({
          id: kind,
          label,
          run: () => openAction(kind, user),
          isDisabled: !online || ((kind === 'rebuild' || kind === 'reset') && !hasDevice),
        })),
        { id: 'copy', label: 'Copy options from…', run: () => copyTo(details.key), isDisabled: !online },
        {
          id: 'sheet',
          label: 'Export sheet…',
          run: () => void exportSheet(user, draft !== undefined),
        },
      ]}
    >
      Actions
    </MenuButton>
  )
}
