import { type KeyboardEvent, useState } from 'react'
import { create } from 'zustand'
import { services } from '../../../../shared/calls/catalogue'
import type { UserDetails } from '../../../../shared/ipc/contract'
import { fold } from '../../../../shared/query/fold'
import { editable, type Field, type Section } from '../../../../shared/user/catalogue'
import { shownFields, shownSections } from '../../../../shared/user/rooms'
import { isEmptyValue } from '../../../../shared/user/value'
import { useLockedAll } from '../../../kernel/status'
import { Button } from '../../../ui/Button'
import { Notice } from '../../../ui/Notice'
import { count, counted } from '../../../ui/words'
import { useDraft } from '../drafts/draftStore'
import type { Draft } from '../drafts/drafts'
import { FieldControl } from '../fields/FieldControl'
import { shownValue } from '../shownValue'

/** Of the box that finds an option, by which the focus finds it. */
export const findOptionId = 'find-option'

/** Stays while one walks from user to user, looking at the same option of each. */
const useFinding = create(() => ({ search: '', changedOnly: false }))

interface Props {
  readonly details: UserDetails
  /** Shows the tab of call handling. */
  readonly onCalls: () => void
}

/** The catalogue as a form: a heading per section, a labelled control per field. */
export function DetailsFields({ details, onCalls }: Props) {
  const draft = useDraft(details.key.userId)
  const [all, setAll] = useState(false)
  const lockedAll = useLockedAll()
  const { search, changedOnly } = useFinding()
  const hidden = shownFields.filter((field) => !worthShowing(field, details, draft))
  const hide = all ? new Set<Field>() : new Set(hidden)
  const narrowed = search.trim() !== '' || changedOnly
  const changed = ({ path }: Field) =>
    draft?.edits[path] !== undefined || Object.hasOwn(details.pending, path)
  const found = narrowed
    ? shownFields.filter((field) => isAbout(field, search) && (!changedOnly || changed(field)))
    : shownFields.filter((field) => !hide.has(field))
  const inCalls = search.trim() === '' || changedOnly ? [] : callOptions(search)
  const withFields = narrowed
    ? shownSections.filter((section) => found.some((field) => field.section === section))
    : shownSections
  return (
    <div className="details-fields">
      <div className="details-tools">
        <FindOption
          search={search}
          onSearch={(text) => useFinding.setState({ search: text })}
          found={narrowed ? found.length : undefined}
          inCalls={inCalls.length}
          changedOnly={changedOnly}
          onChangedOnly={(on) => useFinding.setState({ changedOnly: on })}
        />
        {!narrowed && <SectionLinks />}
      </div>
      {lockedAll !== undefined && <Notice tone="info">{lockedAll}</Notice>}
      {withFields.map((section) => (
        <FieldSection
          key={section}
          section={section}
          fields={found.filter((field) => field.section === section)}
          details={details}
          draft={draft}
        />
      ))}
      {inCalls.length > 0 && (
        <p className="small quiet in-calls">
          {found.length === 0 ? 'In Calls: ' : 'Also in Calls: '}
          {inCalls.slice(0, 3).join(', ')}
          {inCalls.length > 3 && ` and ${counted(inCalls.length - 3, 'more option')}`}.{' '}
          <Button look="quiet" onPress={onCalls}>
            Go to Calls
          </Button>
        </p>
      )}
      {narrowed && found.length === 0 && inCalls.length === 0 && (
        <p className="small quiet">
          {changedOnly ? 'No option of this user is changed.' : 'No option is called so.'}
        </p>
      )}
      {!narrowed && hidden.length > 0 && (
        <Button look="quiet" onPress={() => setAll(!all)}>
          {all ? 'Hide options that do not apply' : `Show ${count(hidden.length)} empty or unused options`}
        </Button>
      )}
      {!narrowed && <Extra details={details} />}
    </div>
  )
}

const anchor = (section: Section) => `details-${section.toLowerCase().replaceAll(' ', '-')}`

/** The options of call handling that somebody looks for: they have a tab of their own. */
const callOptions = (search: string): string[] =>
  services.flatMap(({ label, fields }) =>
    fields
      .filter((field) => isAbout({ label: field.label, section: label, path: field.path }, search))
      .map((field) => field.label),
  )

interface Named {
  readonly label: string
  readonly section: string
  readonly path: string
}

/** Whether a field is what somebody looks for: every word is in its label, its section or the server's name of it. */
function isAbout({ label, section, path }: Named, search: string): boolean {
  const text = fold(`${label} ${section} ${path}`)
  return fold(search)
    .split(/\s+/)
    .every((word) => text.includes(word))
}

interface FindProps {
  readonly search: string
  readonly onSearch: (text: string) => void
  /** How many were found; nothing while nobody looks. */
  readonly found: number | undefined
  /** How many were found in the tab of call handling. */
  readonly inCalls: number
  readonly changedOnly: boolean
  readonly onChangedOnly: (on: boolean) => void
}

/** Narrows the long form to what somebody looks for. Enter and arrow down go to the first that was found. */
function FindOption({ search, onSearch, found, inCalls, changedOnly, onChangedOnly }: FindProps) {
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape' && search !== '') {
      onSearch('')
      event.preventDefault()
    } else if (event.key === 'Enter' || event.key === 'ArrowDown') {
      const first = event.currentTarget
        .closest('.details-fields')
        ?.querySelector<HTMLElement>('.field-section :is(input, select, textarea, button), .in-calls button')
      first?.focus()
      event.preventDefault()
    }
  }
  return (
    <div className="find-option">
      <input
        id={findOptionId}
        type="search"
        dir="auto"
        className="input grow"
        aria-label="Find an option"
        placeholder="Find an option"
        value={search}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onSearch(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <label className="tick">
        <input
          type="checkbox"
          checked={changedOnly}
          onChange={(event) => onChangedOnly(event.target.checked)}
        />
        <span>Changed only</span>
      </label>
      <span className="hidden-text" role="status" aria-label="Options found">
        {found === undefined ? '' : counted(found, 'option')}
        {inCalls > 0 && `, ${count(inCalls)} in Calls`}
      </span>
    </div>
  )
}

/** Jumps within the long form. */
function SectionLinks() {
  return (
    <nav className="section-links" aria-label="Sections">
      {shownSections.map((section) => (
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
