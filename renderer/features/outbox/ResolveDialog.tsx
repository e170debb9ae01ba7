import { useEffect, useId, useState } from 'react'
import { Radio, RadioGroup } from 'react-aria-components'
import type { OutboxRow } from '../../../shared/ipc/contract'
import { fieldAt, labelOf } from '../../../shared/user/catalogue'
import type { FieldValue } from '../../../shared/user/types'
import { displayValue } from '../../../shared/user/value'
import { ask, gungnir, type Refused, refusal } from '../../kernel/bridge'
import { say } from '../../kernel/messages'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { Refusal } from '../../ui/Refusal'
import { Said } from '../../ui/Said'
import { counted } from '../../ui/words'
import { alike, bySides, type Choice, type Choices, resolution, type Side, undecided } from './resolving'
import { outboxSource, useOutbox } from './store'
import { whoChanged } from './who'

type Conflict = OutboxRow['conflicts'][number]

/** A person decides, field by field, what happens where the server has something nobody expected. */
export function ResolveDialog() {
  const row = useOutbox((state) => state.resolving)
  if (!row) return null
  return <Desk key={row.id} row={row} />
}

const close = () => useOutbox.setState({ resolving: undefined })

function Desk({ row }: { row: OutboxRow }) {
  const [choices, setChoices] = useState<Choices>({})
  const [toAll, setToAll] = useState(false)
  const [same, setSame] = useState<readonly OutboxRow[]>([])
  const [busy, setBusy] = useState(false)
  const [known, setKnown] = useState<Readonly<Record<string, string | undefined>>>()
  const [error, setError] = useState<Refused>()
  const { choices: decided, problems, open } = resolution(row, choices)
  useEffect(() => {
    const total = outboxSource.total() ?? 0
    if (total < 2) return
    // Where the list cannot be read, the dialog is about this one change.
    void outboxSource.read(0, total - 1).then(
      (rows) => setSame(alike(row, rows)),
      () => {},
    )
  }, [row])
  useEffect(() => {
    // It helps to decide, and is not needed to.
    void whoChanged(row).then(setKnown, () => {})
  }, [row])
  const ready = open === 0 && Object.keys(problems).length === 0

  const apply = async () => {
    setBusy(true)
    try {
      await ask(gungnir.outbox.resolve({ id: row.id, choices: [...decided] }))
      // Each of them carries the server's value that it was shown with, so what has moved since conflicts again.
      const others = toAll && bySides(choices) ? same : []
      for (const other of others) {
        await ask(gungnir.outbox.resolve({ id: other.id, choices: [...resolution(other, choices).choices] }))
      }
      say(others.length === 0 ? 'Resolved.' : `Resolved ${counted(others.length + 1, 'conflict')}.`)
      close()
      await outboxSource.reload('here')
    } catch (failed) {
      setError(refusal(failed))
      setBusy(false)
    }
  }
  const setAll = (side: Side) =>
    setChoices(Object.fromEntries(row.conflicts.map(({ path }) => [path, { side, other: '' }])))

  return (
    <Dialog
      wide
      open
      title="Resolve conflict"
      onClose={close}
      footer={
        <>
          <span className="grow small quiet">{open > 0 && `${counted(open, 'field')} to decide`}</span>
          <Button onPress={close}>Cancel</Button>
          <Button look="primary" isDisabled={!ready} isPending={busy} onPress={() => void apply()}>
            Apply
          </Button>
        </>
      }
    >
      <Intro row={row} />
      {row.conflicts.length > 1 && (
        <p className="resolve-all">
          <Button look="quiet" onPress={() => setAll('mine')}>
            Mine for all fields
          </Button>
          <Button look="quiet" onPress={() => setAll('theirs')}>
            Server's for all fields
          </Button>
        </p>
      )}
      {row.conflicts.map((conflict) => (
        <FieldConflict
          key={conflict.path}
          conflict={conflict}
          choice={choices[conflict.path] ?? undecided}
          problem={problems[conflict.path]}
          told={known?.[conflict.path]}
          onChoice={(choice) => setChoices({ ...choices, [conflict.path]: choice })}
        />
      ))}
      {same.length > 0 && (
        <label className="resolve-alike">
          <input
            type="checkbox"
            checked={toAll && bySides(choices)}
            disabled={!bySides(choices)}
            onChange={(event) => setToAll(event.target.checked)}
          />
          Decide {counted(same.length, 'other conflict')} about the same fields alike
        </label>
      )}
      {error && <Refusal error={error} />}
    </Dialog>
  )
}

/** Nobody is said to have changed what the person had only never seen. */
function Intro({ row }: { row: OutboxRow }) {
  const who = (
    <>
      <strong>{row.userName || row.user.userId}</strong>
      {row.userName !== '' && ` (${row.user.userId})`}
    </>
  )
  return (
    <p className="resolve-intro">
      {row.conflicts.some(({ base }) => base !== undefined) ? (
        <>Someone changed {who} on the server after you began.</>
      ) : (
        <>The server has something for {who} that you had not seen when you typed.</>
      )}{' '}
      Nothing of it is sent until you decide.
    </p>
  )
}

interface FieldProps {
  readonly conflict: Conflict
  readonly choice: Choice
  readonly problem: string | undefined
  /** Who changed it and when, as far as that is known. */
  readonly told: string | undefined
  readonly onChoice: (choice: Choice) => void
}

function FieldConflict({ conflict, choice, problem, told, onChoice }: FieldProps) {
  const { path, base, theirs, mine } = conflict
  const id = useId()
  const words = (value: FieldValue | undefined) => (
    <Said text={value === undefined ? undefined : displayValue(path, value)} />
  )
  const kind = fieldAt(path)?.kind
  const canWrite = kind !== 'object' && kind !== 'list'
  return (
    <section className="conflict" aria-labelledby={id}>
      <h3 id={id}>{labelOf(path)}</h3>
      <RadioGroup
        aria-labelledby={id}
        className="sides"
        value={choice.side ?? null}
        onChange={(side) => onChoice({ side: side as Side, other: choice.other || displayValue(path, mine) })}
      >
        <div className="choice" id={`${id}-base`}>
          <span className="choice-head">It was</span>
          <span className="choice-value selectable">{words(base)}</span>
        </div>
        <Radio
          value="theirs"
          className="radio choice"
          aria-label="Use server's"
          aria-describedby={`${id}-theirs`}
        >
          <span className="choice-head">Use server's</span>
          <span className="choice-value" id={`${id}-theirs`}>
            {words(theirs)}
          </span>
        </Radio>
        <Radio value="mine" className="radio choice" aria-label="Keep mine" aria-describedby={`${id}-mine`}>
          <span className="choice-head">Keep mine</span>
          <span className="choice-value" id={`${id}-mine`}>
            {words(mine)}
          </span>
        </Radio>
        {canWrite && (
          <Radio value="other" className="radio choice-other">
            Other value
          </Radio>
        )}
      </RadioGroup>
      {told !== undefined && <p className="small quiet">{told}</p>}
      {choice.side === 'other' && (
        <div className="other-value">
          <input
            dir="auto"
            className="input"
            aria-label={`Other value for ${labelOf(path)}`}
            aria-invalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : `${id}-problem`}
            value={choice.other}
            onChange={(event) => onChoice({ side: 'other', other: event.target.value })}
          />
          {problem !== undefined && (
            <p id={`${id}-problem`} className="problem">
              {problem}
            </p>
          )}
        </div>
      )}
    </section>
  )
}
