import { useEffect, useId, useState } from 'react'
import { keyOf, type Service, serviceAt, services } from '../../../../shared/calls/catalogue'
import { basisOf } from '../../../../shared/change/basis'
import { type CopyForm, callAs, serviceCallAs } from '../../../../shared/history/copy-as'
import type { CallHandling, UserDetails } from '../../../../shared/ipc/contract'
import type { Json, JsonObject } from '../../../../shared/json'
import { bodyFor, editsFrom, nested } from '../../../../shared/user/patch'
import { validateField } from '../../../../shared/user/validate'
import { say } from '../../../kernel/messages'
import { lockedBecause, useStatus } from '../../../kernel/status'
import { copyText } from '../../../ui/clipboard'
import { MenuButton } from '../../../ui/MenuButton'
import { useConnections } from '../../connections/store'
import { changeDrafts, useDraft } from '../drafts/draftStore'
import { type Draft, type UserEdit, withEdits, withoutOptions } from '../drafts/drafts'
import { shownName } from '../shownValue'
import { followCalls, useCalls } from './callsStore'

/** The edits that are not saved yet, without those with a mistake. */
const soundEdits = (draft: Draft | undefined) =>
  Object.entries(draft?.edits ?? {}).flatMap(([path, { mine, problem }]) =>
    problem === undefined ? [{ path, mine }] : [],
  )

/** Their body of `PUT /users`. */
const pendingBody = ({ key }: UserDetails, draft: Draft | undefined) =>
  bodyFor(
    key,
    soundEdits(draft).filter(({ path }) => serviceAt(path) === undefined),
  )

/** The changed fields of each service that has some, as the body of its call. */
function pendingServices({ key }: UserDetails, draft: Draft | undefined): [Service, JsonObject][] {
  const edits = soundEdits(draft)
  return services.flatMap((service): [Service, JsonObject][] => {
    const own = edits.filter(({ path }) => serviceAt(path) === service.id)
    if (own.length === 0) return []
    const changed = Object.fromEntries(own.map(({ path, mine }) => [keyOf(path), mine as Json]))
    return [[service, { userId: key.userId, ...changed }]]
  })
}

/** One service as far as it is known. */
const knownOf = (service: Service, { fields }: CallHandling): JsonObject =>
  Object.fromEntries(
    service.fields.flatMap(({ path }) =>
      Object.hasOwn(fields, path) ? [[keyOf(path), fields[path] as Json]] : [],
    ),
  )

/** The services that the user has and that were read, by the server's names, as it lists the settings of all. */
const settingsOf = (calls: CallHandling): JsonObject =>
  Object.fromEntries(
    services.flatMap((service) =>
      calls.services[service.id]?.assigned === true ? [[service.name, knownOf(service, calls)]] : [],
    ),
  )

const pretty = (value: unknown) => JSON.stringify(value, null, 2)

/** The user and the change as the API has them, the change to be written as well. */
export function JsonView({ details }: { details: UserDetails }) {
  const draft = useDraft(details.key.userId)
  const id = useId()
  const [writing, setWriting] = useState<string>()
  const [problem, setProblem] = useState<string>()
  const origin = useOrigin()
  const body = pendingBody(details, draft)
  useEffect(() => followCalls(details.key), [details.key])
  const { copy: read } = useCalls()
  const calls = read?.key.userId === details.key.userId ? read : undefined

  const take = (text: string) => {
    setWriting(text)
    setProblem(applied(details, text))
  }
  const to = origin ?? 'https://HOST/api/v2'
  return (
    <div className="json-view">
      <div className="json-head">
        <label className="grow" htmlFor={id}>
          Pending change
        </label>
        <CopyAs textIn={(form) => callAs(form, to, body)} />
      </div>
      <textarea
        id={id}
        className="input input-lines code"
        rows={10}
        spellCheck={false}
        value={writing ?? pretty(body)}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-note`}
        onChange={(event) => take(event.target.value)}
        onBlur={() => {
          if (problem === undefined) setWriting(undefined)
        }}
      />
      <p id={`${id}-note`} className={problem === undefined ? 'small quiet' : 'problem'}>
        {problem ?? 'The body of PUT /users. A field left out stays as it is, null clears it. Save sends it.'}
      </p>
      {pendingServices(details, draft).map(([service, changed]) => (
        <section key={service.id} aria-label={`Pending change of ${service.label}`}>
          <div className="json-head">
            <h3 className="grow">{service.label}</h3>
            <CopyAs
              textIn={(form) => serviceCallAs(form, to, service, changed, calls && knownOf(service, calls))}
            />
          </div>
          <pre className="code selectable">{pretty(changed)}</pre>
          <p className="small quiet">
            {`The changed fields of PUT /users${service.path}. The service is read again before they are sent.`}
          </p>
        </section>
      ))}
      <h3>As last read</h3>
      <pre className="code selectable">
        {pretty({ ...details.key, ...nested(details.fields), ...details.extra })}
      </pre>
      {calls && Object.keys(calls.services).length > 0 && (
        <section aria-label="Call handling as last read">
          <h3>Call handling as last read</h3>
          <pre className="code selectable">{pretty(settingsOf(calls))}</pre>
        </section>
      )}
    </div>
  )
}

/** @param textIn the call as a script of this form */
function CopyAs({ textIn }: { textIn: (form: CopyForm) => string }) {
  const copy = (form: CopyForm) =>
    say(copyText(textIn(form)) ? 'Copied.' : 'This computer did not allow copying.')
  return (
    <MenuButton
      choices={[
        { id: 'odins_spear', label: 'odins_spear (Python)', run: () => copy('odins_spear') },
        { id: 'curl', label: 'curl', run: () => copy('curl') },
      ]}
    >
      Copy as
    </MenuButton>
  )
}

function useOrigin(): string | undefined {
  const id = useStatus(({ status }) => status?.connectionId)
  return useConnections(({ list }) => list?.find((connection) => connection.id === id)?.baseUrl)
}

/** Takes a written body as the user's unsaved edits of options, all or none; says what is wrong with it. Those of services stay. */
function applied(details: UserDetails, text: string): string | undefined {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch (error) {
    return `This is not JSON yet: ${error instanceof Error ? error.message : ''}`
  }
  const edits = editsFrom(details.key, body as never)
  if ('problem' in edits) return edits.problem
  const user = { key: details.key, name: shownName(details, undefined) }
  const taken: UserEdit[] = []
  for (const { path, mine } of edits) {
    const checked = validateField(path, mine)
    if ('problem' in checked) return checked.problem
    const locked = lockedBecause(path)
    if (locked !== undefined) return locked
    taken.push({ user, path, edit: { mine: checked.value, ...basisOf(details, path) } })
  }
  changeDrafts((drafts) => withEdits(withoutOptions(drafts, details.key.userId), taken), {
    what: `${details.key.userId}\nJSON`,
  })
  return undefined
}
