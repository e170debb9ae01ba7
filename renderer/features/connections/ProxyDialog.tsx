import { useState } from 'react'
import { Form } from 'react-aria-components'
import { ask, gungnir, type Refused, refusal } from '../../kernel/bridge'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { TextField } from '../../ui/Field'
import { Refusal } from '../../ui/Refusal'

interface Props {
  /** Its address. */
  readonly proxy: string
  readonly onClose: () => void
  /** Runs once name and password are in the keychain. */
  readonly onKept: () => void
}

/** A proxy wants to know who calls before it lets anybody through to the server. */
export function ProxyDialog({ proxy, onClose, onKept }: Props) {
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Refused>()
  const send = async () => {
    setTried(true)
    if (username.trim() === '' || password === '' || busy) return
    setBusy(true)
    try {
      await ask(gungnir.connections.signInAtProxy({ proxy, username: username.trim(), password }))
      onKept()
    } catch (cause) {
      setError(refusal(cause))
      setBusy(false)
    }
  }
  return (
    <Dialog open title="Sign in at the proxy" onClose={onClose}>
      <Form
        className="password-form"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <p>
          <bdi className="selectable">{proxy}</bdi> lets through to the server only who signs in. This is
          often the account you use on this computer, not the one of the server.
        </p>
        <TextField
          label="Name at the proxy"
          autoFocus
          spellCheck="false"
          value={username}
          onChange={setUsername}
          problem={tried && username.trim() === '' ? 'Type your name at the proxy.' : undefined}
        />
        <TextField
          label="Password at the proxy"
          type="password"
          value={password}
          onChange={setPassword}
          problem={tried && password === '' ? 'Type the password.' : undefined}
          description={
            proxy.startsWith('https:')
              ? 'It is kept in the system’s keychain.'
              : 'It is kept in the system’s keychain. On the way to this proxy it is not encrypted.'
          }
        />
        {error && <Refusal error={error} />}
        <div className="form-actions password-actions">
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isPending={busy}>
            Sign in
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}
