import { useEffect, useId, useRef, useState } from 'react'
import { Checkbox, Form } from 'react-aria-components'
import type { Authority, Connection, ConnectionDraft, TestResult } from '../../../shared/ipc/contract'
import { ask, gungnir } from '../../kernel/bridge'
import { sayError } from '../../kernel/messages'
import { useStatus } from '../../kernel/status'
import { Button } from '../../ui/Button'
import { confirm } from '../../ui/confirm'
import { TextField } from '../../ui/Field'
import { Notice } from '../../ui/Notice'
import { Refusal } from '../../ui/Refusal'
import { readCompleteness, useUsers } from '../users/store'
import { loadWords, openWhatToLoad } from '../users/whatToLoadStore'
import { Colour } from './Colour'
import {
  completedUrl,
  type FormProblems,
  type FormValues,
  isReadable,
  readForm,
  valuesOf,
  withName,
  withUrl,
} from './form'
import { PartialBodies } from './PartialBodies'
import { ProxyChoice } from './ProxyChoice'
import { ProxyDialog } from './ProxyDialog'
import { askForPassword } from './passwordStore'
import { ReadOnly } from './ReadOnly'
import { connect, edit, forgetOutcome, remove, save, signOut, test, useConnections } from './store'

type Action = (draft: ConnectionDraft) => Promise<unknown>

/** One server: where it is, as whom to sign in, and how fast it may be asked. */
export function ConnectionForm({ connection }: { connection: Connection | undefined }) {
  const [values, setValues] = useState<FormValues>(() => {
    const { typed } = useConnections.getState()
    const password = typed !== undefined && typed.id === connection?.id ? typed.password : ''
    return { ...valuesOf(connection), password }
  })
  const [shown, setShown] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const [refused, setRefused] = useState(0)
  useEffect(() => {
    if (refused > 0) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [refused])
  const [problems, setProblems] = useState<FormProblems>({})
  const { busy, result, error } = useConnections()
  // What was pressed keeps the focus while it works.
  const whileBusy = (what: typeof busy) => ({
    isPending: busy === what,
    isDisabled: busy !== undefined && busy !== what,
  })
  const status = useStatus((state) => state.status)
  /** All but the password, and the username where it is each person's own. */
  const isSet = connection?.setBy !== undefined
  const signedIn =
    connection !== undefined && status?.connectionId === connection.id && status.network !== 'signed-out'

  const change = (next: FormValues, name: keyof FormValues) => {
    setValues(next)
    setProblems(Object.fromEntries(Object.entries(problems).filter(([each]) => each !== name)))
  }
  const set = (one: Partial<FormValues>) => {
    const [name] = Object.keys(one) as (keyof FormValues)[]
    if (name !== undefined) change({ ...values, ...one }, name)
  }
  const agreed =
    connection?.unencrypted === true && connection.baseUrl === values.baseUrl.trim().replace(/\/+$/, '')
  /** What was tried when the proxy wanted a sign-in: it is tried again after it. */
  const last = useRef<Action>(undefined)
  const [atProxy, setAtProxy] = useState<string>()
  const send = async (action: Action, signsIn: boolean) => {
    last.current = action
    const read = readForm(values, connection?.id, connection?.hasPassword ?? false)
    if ('problems' in read) {
      forgetOutcome()
      setProblems(read.problems)
      setRefused((times) => times + 1)
      return
    }
    setProblems({})
    setValues((now) => withUrl(now, completedUrl(now.baseUrl)))
    const unencrypted = agreed || (signsIn && isReadable(read.draft.baseUrl) && (await confirm(sendReadable)))
    if (signsIn && isReadable(read.draft.baseUrl) && !unencrypted) return
    await action({ ...read.draft, ...(unencrypted ? { unencrypted } : {}) })
  }

  return (
    <Form
      ref={form}
      aria-label="Connection"
      className="connection-form"
      onSubmit={(event) => {
        event.preventDefault()
        void send((draft) => connect(draft, askForPassword), true)
      }}
    >
      <h2>{connection ? connection.name : 'New connection'}</h2>
      {isSet && <Notice tone="info">{connection.setBy}</Notice>}
      <TextField
        label="Name"
        value={values.name}
        onChange={(name) => change(withName(values, name), 'name')}
        description="What you call this server."
        isDisabled={isSet}
      />
      <TextField
        label="Base URL"
        value={values.baseUrl}
        onChange={(baseUrl) => change(withUrl(values, baseUrl), 'baseUrl')}
        onBlur={() => setValues((now) => withUrl(now, completedUrl(now.baseUrl)))}
        problem={problems.baseUrl}
        description={isReadable(values.baseUrl) ? readable : undefined}
        placeholder="https://odin.example.com/api/v2"
        isDisabled={isSet || (connection?.demo ?? false)}
        autoFocus={connection === undefined}
      />
      <div className="form-pair">
        <TextField
          label="Username"
          value={values.username}
          onChange={(username) => set({ username })}
          problem={problems.username}
          isDisabled={isSet && connection.ownUsername !== true}
        />
        <div>
          <TextField
            label="Password"
            type={shown ? 'text' : 'password'}
            spellCheck="false"
            value={values.password}
            onChange={(password) => set({ password })}
            problem={problems.password}
            placeholder={connection?.hasPassword ? 'In the keychain' : ''}
          />
          <Checkbox className="checkbox small" isSelected={shown} onChange={setShown}>
            <span className="checkbox-box" aria-hidden />
            Show password
          </Checkbox>
        </div>
      </div>
      <div className="form-pair">
        <CallsPerSecond
          value={values.callsPerSecond}
          problem={problems.callsPerSecond}
          onChange={(callsPerSecond) => set({ callsPerSecond })}
          isDisabled={isSet}
        />
        <CaFile value={values.ca} onChange={(ca) => set({ ca })} isDisabled={isSet} />
      </div>
      <ProxyChoice
        value={values.proxy}
        onChange={(proxy) => set({ proxy })}
        problem={problems.proxy}
        isDisabled={isSet}
      />
      <PartialBodies
        isSelected={values.partialBodies}
        onChange={(partialBodies) => set({ partialBodies })}
        isDisabled={isSet}
      />
      {connection && (
        <div className="form-pair">
          <Colour id={connection.id} />
          <ReadOnly connection={connection} />
        </div>
      )}
      {signedIn && !connection.demo && <LoadedOf />}
      <Outcome result={result} onProxy={setAtProxy} />
      {atProxy !== undefined && (
        <ProxyDialog
          proxy={atProxy}
          onClose={() => setAtProxy(undefined)}
          onKept={() => {
            setAtProxy(undefined)
            if (last.current) void send(last.current, true)
          }}
        />
      )}
      {error && <Refusal error={error} />}
      <div className="form-actions">
        <Button type="submit" look="primary" {...whileBusy('connect')}>
          Connect
        </Button>
        <Button {...whileBusy('test')} onPress={() => void send(test, true)}>
          Test connection
        </Button>
        <Button {...whileBusy('save')} onPress={() => void send(save, false)}>
          Save connection
        </Button>
        <span className="grow" />
        {signedIn && (
          <Button look="quiet" isDisabled={busy !== undefined} onPress={() => void signOut(connection.id)}>
            Sign out
          </Button>
        )}
        {connection ? (
          <Button
            look="quiet"
            isDisabled={isSet || busy !== undefined}
            onPress={() => void remove(connection)}
          >
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

/** Sign-ins of which everything is loaded in any case. */
const oneGroup = ['User', 'Group', 'Group Department']

/** What is loaded of the server that is in use, and the way to change it. */
function LoadedOf() {
  const completeness = useUsers((state) => state.completeness)
  const loginType = useStatus(({ status }) => status?.loginType)
  const online = useStatus(({ status }) => status?.mayAsk === true)
  useEffect(() => void readCompleteness(), [])
  if (completeness === undefined || oneGroup.includes(loginType ?? 'User')) return null
  return (
    <div className="field">
      <span className="label">What is loaded</span>
      <div className="ca-file">
        <span className="ca-name">{loadWords(completeness)}</span>
        <Button isDisabled={!online} onPress={openWhatToLoad}>
          What to load…
        </Button>
      </div>
    </div>
  )
}

const readable =
  'Not encrypted: others on the way can read the password and everything else. Use https:// where you can.'
const sendReadable = {
  title: 'Send the password unencrypted?',
  text: 'With http:// the password and everything else crosses the network readable by others. You are asked once for this connection.',
  action: 'Send unencrypted',
}
const mostNamed = 3

interface OutcomeProps {
  readonly result: TestResult | undefined
  readonly onProxy: (proxy: string) => void
}

function Outcome({ result, onProxy }: OutcomeProps) {
  if (!result) return null
  const { proxy } = result
  if (proxy !== undefined) {
    return (
      <Notice
        tone="error"
        announce
        actions={<Button onPress={() => onProxy(proxy)}>Sign in at the proxy…</Button>}
      >
        {result.message}
      </Notice>
    )
  }
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
  readonly isDisabled: boolean
}

function CallsPerSecond({ value, problem, onChange, isDisabled }: CallsProps) {
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
        disabled={isDisabled}
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
  readonly value: Authority | undefined
  readonly onChange: (value: Authority | undefined) => void
  readonly isDisabled: boolean
}

function CaFile({ value, onChange, isDisabled }: CaFileProps) {
  const id = useId()
  const choose = async () => {
    try {
      const chosen = await ask(gungnir.connections.chooseCaFile())
      if (chosen !== undefined) onChange(chosen)
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
        <span className="ca-name selectable" title={value?.file}>
          {value === undefined ? 'The system’s' : value.file}
        </span>
        <Button aria-describedby={id} isDisabled={isDisabled} onPress={() => void choose()}>
          Choose file…
        </Button>
        {value !== undefined && (
          <Button
            look="quiet"
            aria-describedby={id}
            isDisabled={isDisabled}
            onPress={() => onChange(undefined)}
          >
            Clear
          </Button>
        )}
      </div>
      {value === undefined ? (
        <span className="hint">Only for a server with its own certificate.</span>
      ) : (
        value.certificates.slice(0, mostNamed).map(({ name, fingerprint }) => (
          <span key={fingerprint} className="hint selectable ca-certificate">
            <bdi>{name}</bdi> · SHA-256 {fingerprint}
          </span>
        ))
      )}
      {value !== undefined && value.certificates.length > mostNamed && (
        <span className="hint">and {value.certificates.length - mostNamed} more</span>
      )}
      {value?.changed && (
        <span className="problem">
          The file has changed since it was chosen. What was chosen still counts; choose it again to take over
          the new one.
        </span>
      )}
    </div>
  )
}
