import { useState } from 'react'
import type { UserDetails } from '../../../shared/ipc/contract'
import { editable, type Field, fields, type Section } from '../../../shared/user/catalogue'
import { isEmptyValue } from '../../../shared/user/value'
import { useLockedAll } from '../../app/status'
import { Button } from '../../ui/Button'
import { Notice } from '../../ui/Notice'
import { count } from '../../ui/words'
import { useDraft } from './draftStore'
import type { Draft } from './drafts'
import { FieldControl } from './fields/FieldControl'
import { shownValue } from './shownValue'

const shownFields = fields.filter((field) => !field.secret)
const sections = [...new Set(shownFields.map((field) => field.section))]

/** The catalogue as a form: a heading per section, a labelled control per field. */
export function DetailsFields({ details }: { details: UserDetails }) {
  const draft = useDraft(details.key.userId)
  const [all, setAll] = useState(false)
  const lockedAll = useLockedAll()
  const hidden = shownFields.filter((field) => !worthShowing(field, details, draft))
  const hide = all ? new Set<Field>() : new Set(hidden)
  return (
    <div className="details-fields">
      <SectionLinks />
      {lockedAll !== undefined && <Notice tone="info">{lockedAll}</Notice>}
      {sections.map((section) => (
        <FieldSection
          key={section}
          section={section}
          fields={shownFields.filter((field) => field.section === section && !hide.has(field))}
          details={details}
          draft={draft}
        />
      ))}
      {hidden.length > 0 && (
        <Button look="quiet" onPress={() => setAll(!all)}>
          {all ? 'Hide options that do not apply' : `Show ${count(hidden.length)} empty or unused options`}
        </Button>
      )}
      <Extra details={details} />
    </div>
  )
}

const anchor = (section: Section) => `details-${section.toLowerCase().replaceAll(' ', '-')}`

/** Jumps within the long form. */
function SectionLinks() {
  return (
    <nav className="section-links" aria-label="Sections">
      {sections.map((section) => (
        <button
          key={section}
          type="button"
          onClick={() => {
            const heading = document.getElementById(anchor(section))
            heading?.scrollIntoView({ block: 'start' })
            heading?.focus({ preventScroll: true })
          }}
        >
          {section}
        </button>
      ))}
    </nav>
  )
}

interface SectionProps {
  readonly section: Section
  readonly fields: readonly Field[]
  readonly details: UserDetails
  readonly draft: Draft | undefined
}

function FieldSection({ section, fields: shown, details, draft }: SectionProps) {
  return (
    <section className="field-section" aria-labelledby={anchor(section)}>
      <h3 id={anchor(section)} tabIndex={-1}>
        {section}
      </h3>
      {shown.map((field) => (
        <FieldControl key={field.path} field={field} details={details} draft={draft} />
      ))}
      {shown.length === 0 && <p className="small quiet">Nothing set.</p>}
    </section>
  )
}

/** Everything that can be changed and applies to the user, and whatever else has a value. */
function worthShowing(field: Field, details: UserDetails, draft: Draft | undefined): boolean {
  const value = shownValue(details, draft, field.path)
  if (draft?.edits[field.path] || Object.hasOwn(details.pending, field.path)) return true
  if (value !== undefined && !isEmptyValue(value)) return true
  if (!editable(field)) return false
  const endpoint = shownValue(details, draft, 'endpointType')
  const folder = field.path.split('.')[0] ?? ''
  return (folder !== 'accessDeviceEndpoint' && folder !== 'trunkAddressing') || folder === endpoint
}

/** What the server sent beyond the catalogue, as it came. */
function Extra({ details }: { details: UserDetails }) {
  const entries = Object.entries(details.extra)
  if (entries.length === 0) return null
  return (
    <details className="extra">
      <summary>Also sent by the server ({count(entries.length)})</summary>
      <dl className="selectable">
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
