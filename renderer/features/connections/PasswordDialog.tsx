import { useState } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { TextField } from '../../ui/Field'
import { Refusal } from '../../ui/Refusal'
import { changePassword, closePassword, useChanging } from './passwordStore'

/** The server wants a new password before it lets anyone in. */
export function PasswordDialog() {
  const id = useChanging((state) => state.id)
  if (id === undefined) return null
  return <Ask key={id} />
}

function Ask() {
  const { busy, error } = useChanging()
  const [fresh, setFresh] = useState('')
  const [again, setAgain] = useState('')
  const [old, setOld] = useState('')
  const [tried, setTried] = useState(false)
  const missing = fresh === '' ? 'Type a new password.' : undefined
  const different = again === fresh ? undefined : 'The two are not the same.'
  const send = () => {
    setTried(true)
    if (!missing && !different) void changePassword(fresh, old)
  }
  return (
    <Dialog open title="Change password" onClose={closePassword}>
      <Form
        className="password-form"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <p>The password has expired. The server asks for a new one before it lets you in.</p>
        <TextField
          label="New password"
          type="password"
          autoFocus
          value={fresh}
          onChange={setFresh}
          problem={tried ? missing : undefined}
          description="Most systems ask for at least 6 to 8 characters, with letters of both cases, a digit and another sign, and not for the user ID or an old password. The server says which of its rules one breaks."
        />
        <TextField
          label="New password again"
          type="password"
          value={again}
          onChange={setAgain}
          problem={tried ? different : undefined}
        />
        <TextField
          label="Old password"
          type="password"
          value={old}
          onChange={setOld}
          description="Only if it is not the one you have just signed in with."
        />
        {error && <Refusal error={error} />}
        <div className="form-actions password-actions">
          <Button onPress={closePassword}>Cancel</Button>
          <Button type="submit" look="primary" isPending={busy}>
            Change password
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}
