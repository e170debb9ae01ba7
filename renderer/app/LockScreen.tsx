import { Lock } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Form } from 'react-aria-components'
import { unlock, useLock } from '../kernel/lock'
import { Button } from '../ui/Button'
import { TextField } from '../ui/Field'
import { Refusal } from '../ui/Refusal'
import './lock.css'

/**
 * Stands in a place of its own beside the page and all that lies over it: those are taken off the screen, for eyes and for
 * screen readers, and are as they were when it is opened.
 */
export function LockScreen() {
  const locked = useLock((state) => state.locked)
  useEffect(() => {
    document.documentElement.toggleAttribute('data-locked', locked)
    if (!locked) return
    const before = document.activeElement
    return () => {
      document.documentElement.removeAttribute('data-locked')
      if (before instanceof HTMLElement) before.focus()
    }
  }, [locked])
  return locked ? <Ask /> : null
}

function Ask() {
  const { who, why, busy, error } = useLock()
  const [password, setPassword] = useState('')
  return (
    <main className="lock-screen" aria-label="Locked">
      <Form
        className="lock-card"
        aria-label="Unlock"
        onSubmit={(event) => {
          event.preventDefault()
          void unlock(password).then(() => setPassword(''))
        }}
      >
        <Lock size={24} aria-hidden />
        <h1>Gungnir is locked</h1>
        <p>
          {who !== undefined && `Type the password of ${who}. `}Unsaved edits are still here, and saved
          changes go on being sent.
        </p>
        <TextField label="Password" type="password" autoFocus value={password} onChange={setPassword} />
        {error && <Refusal error={error} />}
        <Button type="submit" look="primary" isPending={busy}>
          Unlock
        </Button>
        {why && <p className="small quiet">{why}</p>}
      </Form>
    </main>
  )
}
