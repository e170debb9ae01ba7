import { useEffect, useId, useState } from 'react'
import { Button } from '../../ui/Button'
import { copyText } from '../../ui/clipboard'
import { Dialog } from '../../ui/Dialog'
import { Refusal } from '../../ui/Refusal'
import { ask, gungnir, type Refused, refusal } from '../bridge'
import { say } from '../messages'
import { closeOverlay } from '../overlays'
import { sayWritten } from '../written'

/** Everything that a report would hold, to be read, shortened, copied or saved. Nothing is sent. */
export function Report() {
  const [happened, setHappened] = useState('')
  const [facts, setFacts] = useState<string>()
  const [error, setError] = useState<Refused>()
  const happenedId = useId()
  const factsId = useId()
  useEffect(() => {
    ask(gungnir.app.report()).then(setFacts, (failed) => setError(refusal(failed)))
  }, [])
  const text = `What happened\n${happened.trim()}\n\n${facts ?? ''}`
  const save = async () => {
    try {
      const { path } = await ask(gungnir.app.saveReport(text))
      if (path === undefined) return
      sayWritten(`Saved the report to ${path}`, path)
      closeOverlay()
    } catch (failed) {
      setError(refusal(failed))
    }
  }
  return (
    <Dialog
      open
      wide
      title="Report a problem"
      onClose={closeOverlay}
      footer={
        <>
          <span className="grow small quiet">Nothing is sent by Gungnir.</span>
          <Button
            isDisabled={facts === undefined}
            onPress={() => say(copyText(text) ? 'Copied.' : 'This computer did not allow copying.')}
          >
            Copy
          </Button>
          <Button look="primary" isDisabled={facts === undefined} onPress={() => void save()}>
            Save as a file…
          </Button>
        </>
      }
    >
      <div className="report">
        <p>
          Here is all that the report holds. Take out what you do not want to hand on, then give it to whoever
          looks after Gungnir where you work.
        </p>
        <label className="label" htmlFor={happenedId}>
          What happened, and what you had expected
        </label>
        <textarea
          id={happenedId}
          dir="auto"
          className="input"
          rows={4}
          value={happened}
          onChange={(event) => setHappened(event.target.value)}
        />
        <label className="label" htmlFor={factsId}>
          Version, settings and the end of the log. No passwords; servers, accounts and user IDs are numbered.
        </label>
        <textarea
          id={factsId}
          className="input report-facts"
          rows={14}
          spellCheck={false}
          value={facts ?? 'Reading…'}
          readOnly={facts === undefined}
          onChange={(event) => setFacts(event.target.value)}
        />
        {error && <Refusal error={error} />}
      </div>
    </Dialog>
  )
}
