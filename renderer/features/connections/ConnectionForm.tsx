import { useId, useState } from 'react'
import { Form } from 'react-aria-components'
import type { Connection, ConnectionDraft, TestResult } from '../../../shared/ipc/contract'
import { ask, gungnir } from '../../app/bridge'
import { sayError } from '../../app/messages'
import { useStatus } from '../../app/status'
import { Button } from '../../ui/Button'
import { TextField } from '../../ui/Field'
import { Notice } from '../../ui/Notice'
import { Refusal } from '../../ui/Refusal'
import { type FormProblems, type FormValues, readForm, valuesOf } from './form'
import { askForPassword } from './passwordStore'
import { connect, edit, remove, save, signOut, test, useConnections } from './store'

/** One server: where it is, as whom to sign in, and how fast it may be asked. */
export function ConnectionForm({ connection }: { connection: Connection | undefined }) {
  const [values, setValues] = useState<FormValues>(() => valuesOf(connection))
  const [problems, setProblems] = useState<FormProblems>({})
  const { busy, result, error } = useConnections()
  const status = useStatus((state) => state.status)
  const signedIn =
    connection !== undefined && status?.connectionId === connection.id && status.network !== 'signed-out'

  const set = (change: Partial<FormValues>) => {
    setValues({ ...values, ...change })
    setProblems(Object.fromEntries(Object.entries(problems).filter(([name]) => !(name in change))))
  }
  const send = (action: (draft: ConnectionDraft) => Promise<unknown>) => {
    const read = readForm(values, connection?.id, connection?.hasPassword ?? false)
    if ('problems' in read) {
      setProblems(read.problems)
      return
    }
    setProblems({})
    void action(read.draft).then(() => setValues((now) => ({ ...now, name: now.name || read.draft.name })))
  }

  return (
    <Form
      aria-label="Connection"
      className="connection-form"
      onSubmit={(event) => {
        event.preventDefault()
        send((draft) => connect(draft, askForPassword))
      }}
    >
      <h2>{connection ? connection.name : 'New connection'}</h2>
      <TextField
        label="Name"
        value={values.name}
        onChange={(name) => set({ name })}
        description="What you call this server."
      />
      <TextField
        label="Base URL"
        value={values.baseUrl}
        onChange={(baseUrl) => set({ baseUrl })}
        problem={problems.baseUrl}
        placeholder="https://odin.example.com/api/v2"
        isDisabled={connection?.demo ?? false}
        autoFocus={connection === undefined}
      />
      <div className="form-pair">
        <TextField
          label="Username"
          value={values.username}
          onChange={(username) => set({ username })}
          problem={problems.username}
        />
        <TextField
          label="Password"
          type="password"
          value={values.password}
          onChange={(password) => set({ password })}
          problem={problems.password}
          placeholder={connection?.hasPassword ? 'In the keychain' : ''}
        />
      </div>
      <div className="form-pair">
        <CallsPerSecond
          value={values.callsPerSecond}
          problem={problems.callsPerSecond}
          onChange={(callsPerSecond) => set({ callsPerSecond })}
        />
        <CaFile value={values.caFile} onChange={(caFile) => set({ caFile })} />
      </div>
      <Outcome result={result} />
      {error && <Refusal error={error} />}
      <div className="form-actions">
        <Button type="submit" look="primary" isDisabled={busy !== undefined} isPending={busy === 'connect'}>
          Connect
        </Button>
        <Button isDisabled={busy !== undefined} isPending={busy === 'test'} onPress={() => send(test)}>
          Test connection
        </Button>
        <Button isDisabled={busy !== undefined} isPending={busy === 'save'} onPress={() => send(save)}>
          Save connection
        </Button>
        <span className="grow" />
        {signedIn && (
          <Button look="quiet" isDisabled={busy !== undefined} onPress={() => void signOut(connection.id)}>
            Sign out
          </Button>
        )}
        {connection ? (
          <Button look="quiet" isDisabled={busy !== undefined} onPress={() => void remove(connection)}>
            Remove
          </Button>
        ) : (
          <Button look="quiet" onPress={() => edit(undefined)}>
            Cancel
          </Button>
        )}
      </div>
    </Form>
  )
}

function Outcome({ result }: { result: TestResult | undefined }) {
  if (!result) return null
  return (
    <Notice tone={result.ok ? 'good' : 'error'} announce next={result.next} raw={result.raw}>
      {result.message}
    </Notice>
  )
}

interface CallsProps {
  readonly value: string
  readonly problem: string | undefined
  readonly onChange: (value: string) => void
}

function CallsPerSecond({ value, problem, onChange }: CallsProps) {
  const id = useId()
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        Calls per second
      </label>
      <input
        id={id}
        type="number"
        className="input tabular"
        min={0.5}
        max={100}
        step={0.5}
        value={value}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-note`}
        onChange={(event) => onChange(event.target.value)}
      />
      <span id={`${id}-note`} className={problem === undefined ? 'hint' : 'problem'}>
        {problem ?? 'At most this many calls start in any one second.'}
      </span>
    </div>
  )
}

interface CaFileProps {
  readonly value: string | undefined
  readonly onChange: (value: string | undefined) => void
}

function CaFile({ value, onChange }: CaFileProps) {
  const id = useId()
  const choose = async () => {
    try {
      const file = await ask(gungnir.connections.chooseCaFile())
      if (file !== undefined) onChange(file)
    } catch (error) {
      sayError(error)
    }
  }
  return (
    <div className="field">
      <span className="label" id={id}>
        Certificate authority
      </span>
      <div className="ca-file">
        <span className="ca-name selectable" title={value}>
          {value === undefined ? 'The system’s' : value.split(/[\\/]/).at(-1)}
        </span>
        <Button aria-describedby={id} onPress={() => void choose()}>
          Choose file…
        </Button>
        {value !== undefined && (
          <Button look="quiet" aria-describedby={id} onPress={() => onChange(undefined)}>
            Clear
          </Button>
        )}
      </div>
      <span className="hint">Only for a server with its own certificate.</span>
    </div>
  )
}
