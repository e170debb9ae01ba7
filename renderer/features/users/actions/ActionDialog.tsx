import { type ReactNode, useEffect, useState } from 'react'
import { Form } from 'react-aria-components'
import type { Json } from '../../../../shared/json'
import { accessDevice, fieldAt } from '../../../../shared/user/catalogue'
import type { FieldValue, UserKey } from '../../../../shared/user/types'
import { validateField } from '../../../../shared/user/validate'
import { fieldValue, nameAndId, plainText } from '../../../../shared/user/value'
import { Button } from '../../../ui/Button'
import { Dialog } from '../../../ui/Dialog'
import { TextField } from '../../../ui/Field'
import { Notice } from '../../../ui/Notice'
import { Picker } from '../../../ui/Picker'
import { Refusal } from '../../../ui/Refusal'
import { useDetails } from '../details/detailsStore'
import { ListControl } from '../fields/lists'
import { useLookup } from '../fields/useLookup'
import { useUsers } from '../store'
import { domainOf, sameDomain, withDomain } from './domain'
import {
  checkMove,
  closeAction,
  commandDevice,
  copySecret,
  generate,
  move,
  rename,
  setAlternateIds,
  setSecret,
  useAction,
} from './store'

/** The dialog of the action that is being taken. */
export function ActionDialog() {
  const open = useAction((state) => state.open)
  if (!open) return null
  const { kind, key } = open
  const name = nameAndId(open.name, key.userId)
  switch (kind) {
    case 'password':
    case 'passcode':
      return <SecretDialog key={key.userId} kind={kind} user={key} name={name} />
    case 'rename':
      return <RenameDialog key={key.userId} user={key} name={name} />
    case 'move':
      return <MoveDialog key={key.userId} user={key} name={name} />
    case 'rebuild':
    case 'reset':
      return <DeviceDialog key={key.userId} command={kind} user={key} name={name} />
    case 'alternate-ids':
      return <AlternateIdsDialog key={key.userId} user={key} name={name} />
  }
}

interface FrameProps {
  readonly title: string
  readonly action: string
  readonly ready: boolean
  readonly onAction: () => void
  readonly children: ReactNode
}

function ActionFrame({ title, action, ready, onAction, children }: FrameProps) {
  const { busy, error } = useAction()
  return (
    <Dialog open title={title} onClose={closeAction}>
      <Form
        className="password-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (ready && !busy) onAction()
        }}
      >
        {children}
        {error && <Refusal error={error} />}
        <p className="small quiet">Done at once on the server, and kept in history.</p>
        <div className="form-actions password-actions">
          <Button onPress={closeAction} isDisabled={busy}>
            Cancel
          </Button>
          <Button type="submit" look="primary" isDisabled={!ready} isPending={busy}>
            {action}
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}

interface UserProps {
  readonly user: UserKey
  readonly name: string
}

/** What the phone is told, and what that does to a call. */
function DeviceDialog({ command, user, name }: UserProps & { readonly command: 'rebuild' | 'reset' }) {
  const { copy } = useDetails()
  const device = copy?.key.userId === user.userId ? fieldValue(copy, accessDevice) : undefined
  const deviceName = plainText((device as { deviceName?: Json } | null | undefined)?.deviceName ?? null)
  const what = command === 'rebuild' ? 'Rebuild' : 'Reset'
  return (
    <ActionFrame
      title={`${what} device`}
      action={what}
      ready={deviceName !== ''}
      onAction={() => void commandDevice(user, command, deviceName)}
    >
      <p>
        {what} the device <bdi>{deviceName}</bdi> of <bdi>{name}</bdi>?
      </p>
      <p>
        {command === 'rebuild'
          ? 'The server makes the files of this one device anew. The phone fetches them when it is next reset or restarts.'
          : 'The server tells this one device to restart and to fetch its files. A call on it may be cut off.'}
      </p>
    </ActionFrame>
  )
}

function SecretDialog({ kind, user, name }: UserProps & { readonly kind: 'password' | 'passcode' }) {
  const rules = useAction((state) => state.rules)
  const busy = useAction((state) => state.busy)
  const [secret, setSecretText] = useState('')
  const [shown, setShown] = useState(false)
  const what = kind === 'password' ? 'password' : 'portal passcode'
  return (
    <ActionFrame
      title={kind === 'password' ? 'Set password' : 'Set portal passcode'}
      action={`Set ${what}`}
      ready={secret !== ''}
      onAction={() => void setSecret(kind, user, secret)}
    >
      <p>
        A new {what} for <bdi>{name}</bdi>. It is not kept here: tell it to the user before you close this.
      </p>
      <TextField
        label={kind === 'password' ? 'New password' : 'New passcode'}
        type={shown ? 'text' : 'password'}
        autoFocus
        value={secret}
        onChange={setSecretText}
        onCopy={(event) => {
          event.preventDefault()
          void copySecret(secret)
        }}
        description={
          rules && rules.words.length > 0
            ? rules.words.join('. ')
            : rules?.why !== undefined
              ? `The rules could not be read: ${rules.why}`
              : undefined
        }
      />
      <div className="form-actions">
        <Button
          isPending={busy}
          onPress={() => {
            void generate(kind, user).then((made) => {
              if (made === undefined) return
              setSecretText(made)
              setShown(true)
            })
          }}
        >
          Generate
        </Button>
        <Button isDisabled={secret === ''} onPress={() => void copySecret(secret)}>
          Copy
        </Button>
        <label className="tick">
          <input type="checkbox" checked={shown} onChange={(event) => setShown(event.target.checked)} />
          Show
        </label>
      </div>
    </ActionFrame>
  )
}

function RenameDialog({ user, name }: UserProps) {
  const [userId, setUserId] = useState(user.userId)
  const checked = validateField('userId', userId)
  const problem = 'problem' in checked ? checked.problem : undefined
  const { answer, load } = useLookup('domains', user)
  useEffect(load, [load])
  const domains = (answer?.options ?? []).map(({ label, note }) => ({
    id: label,
    label,
    ...(note === undefined ? {} : { note }),
  }))
  return (
    <ActionFrame
      title="Rename user ID"
      action="Rename"
      ready={problem === undefined && userId.trim() !== user.userId}
      onAction={() => void rename(user, userId)}
    >
      <p>
        <bdi>{name}</bdi> signs in with this id. Devices and apps that use the old one have to be signed in
        again.
      </p>
      <TextField
        label="New user ID"
        autoFocus
        value={userId}
        onChange={setUserId}
        problem={problem}
        description={answer?.why === undefined ? undefined : `The list of domains: ${answer.why}`}
      />
      {domains.length > 0 && (
        <Picker
          labelled
          label="Domain"
          all="As typed"
          options={domains}
          value={domains.find(({ id }) => sameDomain(id, domainOf(userId)))?.id}
          onChange={(domain) => domain !== undefined && setUserId(withDomain(userId, domain))}
        />
      )}
    </ActionFrame>
  )
}

function MoveDialog({ user, name }: UserProps) {
  const scopes = useUsers((state) => state.scopes)
  const check = useAction((state) => state.check)
  const [groupId, setGroupId] = useState<string>()
  const groups = scopes
    .filter((scope) => scope.serviceProviderId === user.serviceProviderId && scope.groupId !== user.groupId)
    .map((scope) => ({
      id: scope.groupId,
      label: scope.groupId,
      ...(scope.groupName === undefined ? {} : { note: scope.groupName }),
    }))
  const answered = check?.groupId === groupId ? check : undefined
  return (
    <ActionFrame
      title="Move to group"
      action={answered ? 'Move' : 'Check'}
      ready={groupId !== undefined && (!answered || answered.errors.length === 0)}
      onAction={() => {
        if (groupId === undefined) return
        if (answered) void move(user, groupId)
        else void checkMove(user, groupId)
      }}
    >
      <p>
        <bdi>{name}</bdi> is in group {user.groupId}. First the server is asked what a move would do; nothing
        is moved by that.
      </p>
      <Picker
        labelled
        label="New group"
        all="Choose a group"
        options={groups}
        value={groupId}
        onChange={setGroupId}
      />
      {answered && answered.errors.length > 0 && (
        <Notice tone="error" announce>
          The user cannot be moved:
          <ul>
            {answered.errors.map((error) => (
              <li key={error}>{error}</li>
            ))}
          </ul>
        </Notice>
      )}
      {answered && answered.errors.length === 0 && (
        <Notice tone={answered.impacts.length > 0 ? 'warning' : 'good'} announce>
          {answered.impacts.length === 0
            ? 'The user can be moved, and nothing else changes.'
            : 'The user can be moved. With it:'}
          <ul>
            {answered.impacts.map((impact) => (
              <li key={impact}>{impact}</li>
            ))}
          </ul>
        </Notice>
      )}
    </ActionFrame>
  )
}

function AlternateIdsDialog({ user, name }: UserProps) {
  const details = useDetails((state) => state.copy)
  const now = details?.key.userId === user.userId ? fieldValue(details, 'alternateUserId') : undefined
  // Compared with what the server has when it is sent: as it was when the person began.
  const [seen, setSeen] = useState(now)
  const [typed, setTyped] = useState<FieldValue>()
  if (seen === undefined && now !== undefined) setSeen(now)
  const field = fieldAt('alternateUserId')
  const ids = typed ?? seen ?? []
  const checked = validateField('alternateUserId', ids)
  if (!field) return null
  return (
    <ActionFrame
      title="Alternate user IDs"
      action="Set alternate user IDs"
      ready={seen !== undefined && !('problem' in checked)}
      onAction={() => void setAlternateIds(user, ids as Json, (seen ?? []) as Json)}
    >
      <p>
        <bdi>{name}</bdi> can also sign in with these, at most four. The list is replaced as a whole.
      </p>
      {seen === undefined ? (
        <p>Those there are now have not been read yet. Go online and open the user first.</p>
      ) : (
        <ListControl
          field={field}
          value={ids}
          typed={undefined}
          problem={'problem' in checked ? checked.problem : undefined}
          was={undefined}
          look={undefined}
          onValue={setTyped}
        />
      )}
    </ActionFrame>
  )
}
