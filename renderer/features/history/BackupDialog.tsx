import { useState } from 'react'
import { Form } from 'react-aria-components'
import type { Restoring } from '../../../shared/ipc/contract'
import { ask, gungnir, type Refused, refusal } from '../../kernel/bridge'
import { writeSettings } from '../../kernel/settings'
import { sayWritten } from '../../kernel/written'
import { Button } from '../../ui/Button'
import { confirm } from '../../ui/confirm'
import { Dialog } from '../../ui/Dialog'
import { TextField } from '../../ui/Field'
import { Refusal } from '../../ui/Refusal'
import { type BackupKind, closeBackup, replaceWords, useBackup } from './backup'

/** Asks about what the back-up would replace, and again about what came while that was asked. */
async function settle(first: Restoring): Promise<void> {
  for (let now = first; now.asks !== undefined; ) {
    const yes = await confirm({
      title: 'Replace what is not sent?',
      text: replaceWords(now.asks),
      action: 'Restore the back-up',
    })
    await writeSettings()
    now = await ask(gungnir.settings.replace(yes))
  }
}

/** Asks for the passphrase of a back-up that is to be made or restored. */
export function BackupDialog() {
  const kind = useBackup((state) => state.open)
  return kind && <Ask key={kind} kind={kind} />
}

const shortest = 8

function Ask({ kind }: { kind: BackupKind }) {
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Refused>()
  const making = kind === 'backup'
  const short = making && [...passphrase].length < shortest ? `At least ${shortest} characters.` : undefined
  const different = making && again !== passphrase ? 'The two are not the same.' : undefined

  const send = async () => {
    setTried(true)
    if (short || different || passphrase === '' || busy) return
    setBusy(true)
    setError(undefined)
    try {
      if (making) {
        const { path } = await ask(gungnir.settings.backup({ passphrase }))
        if (path !== undefined) sayWritten(`Backed up to ${path}`, path)
      } else {
        await writeSettings()
        await settle(await ask(gungnir.settings.restore({ passphrase })))
      }
      closeBackup()
    } catch (failed) {
      setError(refusal(failed))
      setBusy(false)
    }
  }

  return (
    <Dialog open title={making ? 'Back up everything' : 'Restore a back-up'} onClose={closeBackup}>
      <Form
        className="password-form"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <p>
          {making
            ? 'Connections, users, unsent changes and the whole history go into one file, sealed with a passphrase. Passwords stay in the keychain. Without the passphrase nobody can open the file, you neither.'
            : 'What the file holds takes the place of everything that is kept on this computer, and Gungnir starts anew. What was there is put aside and can be opened again. Unsent changes in it wait until you look at them.'}
        </p>
        <TextField
          label="Passphrase"
          type="password"
          autoFocus
          value={passphrase}
          onChange={setPassphrase}
          problem={tried ? short : undefined}
        />
        {making && (
          <TextField
            label="Passphrase again"
            type="password"
            value={again}
            onChange={setAgain}
            problem={tried ? different : undefined}
          />
        )}
        {error && <Refusal error={error} />}
        <div className="form-actions password-actions">
          <Button onPress={closeBackup} isDisabled={busy}>
            Cancel
          </Button>
          <Button type="submit" look="primary" isPending={busy}>
            {making ? 'Back up…' : 'Choose a file…'}
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}
