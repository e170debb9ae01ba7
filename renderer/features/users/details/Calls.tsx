import { useEffect } from 'react'
import { type Service, services } from '../../../../shared/calls/catalogue'
import { missingNeed } from '../../../../shared/calls/normalise'
import { whatHappens } from '../../../../shared/calls/sentence'
import type { CallHandling } from '../../../../shared/ipc/contract'
import { labelOf } from '../../../../shared/user/catalogue'
import type { UserKey } from '../../../../shared/user/types'
import { Button } from '../../../ui/Button'
import { Notice } from '../../../ui/Notice'
import { Refusal } from '../../../ui/Refusal'
import { Time } from '../../../ui/Time'
import { useDraft } from '../drafts/draftStore'
import type { Draft } from '../drafts/drafts'
import { FieldControl } from '../fields/FieldControl'
import { useLookup } from '../fields/useLookup'
import { savableValue, shownValue } from '../shownValue'
import { followCalls, readCallsAgain, useCalls } from './callsStore'

/** What happens to a call to the current user, and every service that decides it. */
export function Calls({ user }: { user: UserKey }) {
  const { copy: calls, error, loading } = useCalls()
  const draft = useDraft(user.userId)
  useEffect(() => followCalls(user), [user])
  const shown = calls?.key.userId === user.userId ? calls : undefined
  const again = (
    <Button look="quiet" isDisabled={loading} onPress={() => void readCallsAgain()}>
      {shown ? 'Read again' : 'Try again'}
    </Button>
  )
  if (error) return <Refusal error={error} actions={again} />
  if (!shown) return null
  const oldest = Math.min(...Object.values(shown.services).map(({ readAt }) => readAt))
  const has = services.filter(({ id }) => shown.services[id]?.assigned !== false)
  const lacks = services.filter(({ id }) => shown.services[id]?.assigned === false)
  return (
    <div className="details-fields">
      {shown.staleBecause !== undefined && (
        <Notice tone="warning" actions={again}>
          {shown.staleBecause}
        </Notice>
      )}
      <p className="calls-sentence selectable" role="status" aria-label="What happens to a call">
        {whatHappens({
          valueAt: (path) => savableValue(shown, draft, path),
          has: (service) => shown.services[service]?.assigned,
        })}
      </p>
      <p className="small quiet">
        {Number.isFinite(oldest) ? (
          <>
            Read <Time at={oldest} />
          </>
        ) : (
          'Not read yet'
        )}
        {loading && ' · reading…'}
      </p>
      {has.map((service) => (
        <ServiceSection key={service.id} service={service} calls={shown} draft={draft} />
      ))}
      <Assigned user={user} />
      {lacks.length > 0 && (
        <section className="field-section" aria-label="Services not assigned">
          <h3>Not assigned</h3>
          <p className="small quiet selectable">
            This user does not have {lacks.map(({ label }) => label.toLowerCase()).join(', ')}.
          </p>
        </section>
      )}
    </div>
  )
}

/** All that the user has, also what is neither shown nor changed here. */
function Assigned({ user }: { user: UserKey }) {
  const { answer, load } = useLookup('services', user)
  useEffect(load, [load])
  const named = (kind: 'service' | 'pack') =>
    (answer?.options ?? [])
      .filter(({ value }) => value === kind)
      .map(({ label, note }) => (note === undefined ? label : `${label} (${note})`))
  const list = (names: readonly string[], none: string) => (names.length === 0 ? none : names.join(', '))
  return (
    <section className="field-section" aria-label="Assigned services and packs">
      <h3>Assigned</h3>
      {answer === undefined && <p className="small quiet">Reading…</p>}
      {answer?.why !== undefined && (
        <p className="small quiet">
          {answer.readAt === undefined ? 'Which services and packs this user has is not known. ' : ''}
          {answer.why}
        </p>
      )}
      {answer?.readAt !== undefined && (
        <>
          <p className="small selectable">
            <span className="quiet">Service packs: </span>
            {list(named('pack'), 'none')}
          </p>
          <p className="small selectable">
            <span className="quiet">Services: </span>
            {list(named('service'), 'none')}
          </p>
          <p className="small quiet">
            As the server had it <Time at={answer.readAt} />. Only shown here, and changed in the portal.
          </p>
        </>
      )}
    </section>
  )
}

interface SectionProps {
  readonly service: Service
  readonly calls: CallHandling
  readonly draft: Draft | undefined
}

function ServiceSection({ service, calls, draft }: SectionProps) {
  const heading = `calls-${service.id}`
  // What a server leaves out of what is only shown is not asked for: nobody could type it.
  const fields = service.readOnly
    ? service.fields.filter(({ path }, at) => at === 0 || (shownValue(calls, draft, path) ?? null) !== null)
    : service.fields
  const need = missingNeed(service, (path) => shownValue(calls, draft, path))
  return (
    <section className="field-section" aria-labelledby={heading}>
      <h3 id={heading}>{service.label}</h3>
      {fields.map((field) => (
        <FieldControl key={field.path} field={field} details={calls} draft={draft} />
      ))}
      {service.readOnly && <p className="small quiet">Only shown here, and changed in the portal.</p>}
      {need !== undefined && (
        <Notice tone="warning">{labelOf(need)} is empty. Type it, or switch this off.</Notice>
      )}
    </section>
  )
}
