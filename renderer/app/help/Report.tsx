import { useEffect, useId, useState } from 'react'
import type { ReportPart } from '../../../shared/ipc/contract'
import { ask, gungnir, type Refused, refusal } from '../../kernel/bridge'
import { say } from '../../kernel/messages'
import { closeOverlay } from '../../kernel/overlays'
import { sayWritten } from '../../kernel/written'
import { Button } from '../../ui/Button'
import { copyText } from '../../ui/clipboard'
import { Dialog } from '../../ui/Dialog'
import { Refusal } from '../../ui/Refusal'

const labels: Readonly<Record<ReportPart['name'], string>> = {
  'report.txt': 'Version and settings',
  'last-crash.txt': 'The last crash',
  'log.txt': 'The end of the log',
}

/** Everything that a report would hold, to be read, shortened, copied or saved. Nothing is sent. */
export function Report() {
  const [happened, setHappened] = useState('')
  const [facts, setFacts] = useState<readonly ReportPart[]>()
  /** Its box stays when a person empties it. */
  const [crashed, setCrashed] = useState(false)
  const [error, setError] = useState<Refused>()
  const happenedId = useId()
  useEffect(() => {
    ask(gungnir.app.report()).then(
      (read) => {
        setFacts(read)
        setCrashed(read.some(({ name, text }) => name === 'last-crash.txt' && text !== ''))
      },
      (failed) => setError(refusal(failed)),
    )
  }, [])
  const change = (name: string, text: string) =>
    setFacts(facts?.map((part) => (part.name === name ? { ...part, text } : part)))
  /** What is handed on: what is on the screen, without what is empty. */
  const parts = (facts ?? [])
    .map((part) =>
      part.name === 'report.txt'
        ? { ...part, text: `What happened\n${happened.trim()}\n\n${part.text}` }
        : part,
    )
    .filter(({ text }) => text !== '')
  const save = async () => {
    try {
      const { path } = await ask(gungnir.app.saveReport(parts))
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
            onPress={() =>
              say(
                copyText(parts.map(({ name, text }) => `${name}\n${text}`).join('\n\n'))
                  ? 'Copied.'
                  : 'This computer did not allow copying.',
              )
            }
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
          Here is all that the report holds: no passwords, and servers, accounts and user IDs are numbered.
          Take out what you do not want to hand on, then give it to whoever looks after Gungnir where you
          work.
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
        {facts === undefined && <p className="quiet">Reading…</p>}
        {facts
          ?.filter(({ name }) => name !== 'last-crash.txt' || crashed)
          .map((part) => (
            <Part key={part.name} part={part} onChange={(text) => change(part.name, text)} />
          ))}
        {error && <Refusal error={error} />}
      </div>
    </Dialog>
  )
}

/** One file of the zip. */
function Part({ part, onChange }: { part: ReportPart; onChange: (text: string) => void }) {
  const id = useId()
  return (
    <>
      <label className="label" htmlFor={id}>
        {labels[part.name]} <span className="quiet">{part.name}</span>
      </label>
      <textarea
        id={id}
        className="input report-facts"
        rows={8}
        spellCheck={false}
        value={part.text}
        onChange={(event) => onChange(event.target.value)}
      />
    </>
  )
}
