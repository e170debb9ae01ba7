import { memo, useRef } from 'react'
import { basisOf } from '../../../../shared/change/basis'
import type { UserDetails } from '../../../../shared/ipc/contract'
import { editable, type Field } from '../../../../shared/user/catalogue'
import type { FieldValue } from '../../../../shared/user/types'
import { validateField } from '../../../../shared/user/validate'
import { sameValue } from '../../../../shared/user/value'
import { useLocked, useLockedAll } from '../../../kernel/status'
import { said } from '../../../ui/words'
import { draftEdit } from '../drafts/draftStore'
import { type Draft, type DraftEdit, wasBefore } from '../drafts/drafts'
import { shownWords } from '../list/shownWords'
import { savedValue, shownName } from '../shownValue'
import { BooleanControl, ChoiceControl, EndpointControl } from './choices'
import type { ControlProps } from './control'
import { FieldTrouble } from './FieldTrouble'
import { ListControl, PartsControl } from './lists'
import { ExtensionControl, LookupControl } from './lookups'
import { NameOffer } from './NameOffer'
import { ReadOnlyControl, TextControl } from './texts'

interface Props {
  readonly field: Field
  readonly details: UserDetails
  readonly draft: Draft | undefined
}

/** The labelled control of one field, with what became of its change and what can be done about it. */
export const FieldControl = memo(function FieldControl(props: Props) {
  const { field, details, draft } = props
  const { path } = field
  const trouble = draft?.edits[path] === undefined ? details.pending[path]?.trouble : undefined
  const place = useRef<HTMLDivElement>(null)
  if (trouble === undefined) return <Control {...props} />
  const change = () => {
    const input = place.current?.querySelector<HTMLElement>('input, select, textarea, button')
    input?.focus()
    if (input instanceof HTMLInputElement) input.select()
  }
  return (
    <div ref={place}>
      <Control {...props} />
      <FieldTrouble path={path} details={details} trouble={trouble} onChange={change} />
    </div>
  )
})

function Control({ field, details, draft }: Props) {
  const { path } = field
  const edit = draft?.edits[path]
  const saved = savedValue(details, path)
  const pending = details.pending[path]
  const locked = useLocked(path)
  const lockedAll = useLockedAll()

  const onValue = (value: FieldValue) => {
    const user = { key: details.key, name: shownName(details, undefined) }
    const based = basisOf(details, path)
    const checked = validateField(path, value)
    if ('problem' in checked) {
      const typed = typeof value === 'string' ? value : shownWords(path, value)
      draftEdit(user, path, { ...based, mine: value, problem: checked.problem, typed })
    } else draftEdit(user, path, { ...based, mine: checked.value })
  }

  const props: ControlProps = {
    field,
    value: edit ? edit.mine : saved,
    typed: edit?.typed,
    problem: edit ? edit.problem : pending?.trouble?.why,
    was: edit ? draftWas(edit, details, path) : pending && waitingWas(path, pending),
    look: edit ? (edit.problem === undefined ? 'changed' : 'invalid') : pending && pendingLook(pending),
    onValue,
  }
  if (!editable(field)) return <ReadOnlyControl {...props} />
  if (locked !== undefined) {
    // What holds for every field is said once, above them all.
    return <ReadOnlyControl {...props} {...(lockedAll === undefined ? { locked } : {})} />
  }
  if (path === 'extension') return <ExtensionControl {...props} user={details.key} />
  if (field.lookup !== undefined) return <LookupControl {...props} lookup={field.lookup} user={details.key} />
  if (path === 'endpointType') return <EndpointControl {...props} />
  switch (field.kind) {
    case 'boolean':
      return <BooleanControl {...props} />
    case 'choice':
      return <ChoiceControl {...props} />
    case 'list':
      return <ListControl {...props} />
    case 'object':
      return <PartsControl {...props} />
    default:
      return (
        <TextControl
          {...props}
          below={
            edit?.problem === undefined && (
              <NameOffer path={path} edit={edit} details={details} draft={draft} />
            )
          }
        />
      )
  }
}

function draftWas(edit: DraftEdit, details: UserDetails, path: string): string {
  const words = (value: FieldValue) => said(shownWords(path, value))
  const now = basisOf(details, path)
  const saved = now.base
  const before = wasBefore(edit, now)
  const was = before === undefined ? 'was not read yet' : `was ${words(before)}`
  const moved =
    saved !== undefined &&
    (before === undefined || !sameValue(path, saved, before)) &&
    !sameValue(path, saved, edit.mine)
  return moved ? `${was}; now ${words(saved)} on the server` : was
}

type Pending = UserDetails['pending'][string]

const pendingLook = ({ trouble }: Pending) => (trouble === undefined ? 'waiting' : 'invalid')

function waitingWas(path: string, { old, trouble }: Pending): string {
  const words = old === undefined ? 'not read yet' : said(shownWords(path, old))
  if (trouble === undefined) return `was ${words}; saved, not on the server yet`
  return trouble.conflict ? `the server has ${words}` : `the server still has ${words}`
}
