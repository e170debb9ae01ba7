import { useEffect } from 'react'
import type { UpdatesState } from '../../../shared/ipc/contract'
import { closeOverlay } from '../../kernel/overlays'
import { fetchUpdate, installUpdate, lookForUpdates, useUpdates } from '../../kernel/updates'
import { Button } from '../../ui/Button'
import { confirm } from '../../ui/confirm'
import { Dialog } from '../../ui/Dialog'
import { counted } from '../../ui/words'

/** Whether there is a newer version, what is new in it, and the way to it. */
export function Updates() {
  const state = useUpdates((each) => each.state)
  useEffect(() => void lookForUpdates(), [])
  return (
    <Dialog
      open
      title="Updates"
      onClose={closeOverlay}
      footer={
        <>
          <Button look="quiet" onPress={closeOverlay}>
            Close
          </Button>
          <Next state={state} />
        </>
      }
    >
      <p role="status" aria-label="Updates">
        {state === undefined ? 'Looking…' : words(state)}
      </p>
      {state?.notes && (
        <section aria-label="What is new">
          <h3>What is new</h3>
          <p className="update-notes selectable">{state.notes}</p>
        </section>
      )}
    </Dialog>
  )
}

function words({ step, version, offered, why = '', percent = 0, agreed }: UpdatesState): string {
  switch (step) {
    case 'checking':
      return 'Looking…'
    case 'offered':
      return `Gungnir ${offered} is here. This is ${version}.`
    case 'downloading':
      return `Fetching Gungnir ${offered}: ${percent} %`
    case 'ready':
      return agreed
        ? `Gungnir ${offered} is installed when Gungnir ends.`
        : `Gungnir ${offered} was fetched and is what was signed. It can be installed.`
    case 'idle':
      return `Gungnir ${version} is the newest.`
    default:
      return why
  }
}

function Next({ state }: { state: UpdatesState | undefined }) {
  if (state?.step === 'offered') {
    return (
      <Button look="primary" onPress={() => void fetchUpdate()}>
        Fetch
      </Button>
    )
  }
  if (state?.step === 'failed') {
    return <Button onPress={() => void lookForUpdates()}>Try again</Button>
  }
  if (state?.step !== 'ready' || state.agreed) return null
  return (
    <>
      <Button onPress={() => void install(false)}>Install when Gungnir ends</Button>
      <Button look="primary" onPress={() => void install(true)}>
        Restart and install
      </Button>
    </>
  )
}

/** Asked again when more changes wait by the time of the answer. */
async function install(restart: boolean): Promise<void> {
  let waiting = await installUpdate(restart)
  while (waiting !== undefined) {
    const sure = await confirm({
      title: `Install with ${counted(waiting, 'change')} in the outbox?`,
      text: 'They stay in the outbox, and the new version sends them. What is being sent just now is finished or looked at again first.',
      action: 'Install',
    })
    if (!sure) return
    waiting = await installUpdate(restart, waiting)
  }
}
