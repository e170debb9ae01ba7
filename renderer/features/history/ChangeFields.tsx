import { Fragment } from 'react'
import { difference, type Piece } from '../../../shared/history/difference'
import type { HistoryEntry } from '../../../shared/history/shapes'
import { labelOf } from '../../../shared/user/catalogue'
import type { FieldPath, FieldValue } from '../../../shared/user/types'
import { displayValue } from '../../../shared/user/value'
import { Said } from '../../ui/Said'

/** Every field of one change, before and after, with the parts of long texts that went and came marked. */
export function ChangeFields({ entry }: { entry: HistoryEntry }) {
  const paths = entry.fields.length > 0 ? entry.fields : Object.keys(entry.asked)
  return (
    <table className="change-fields selectable">
      <caption className="hidden-text">Fields before and after</caption>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {paths.map((path) => (
          <FieldChange key={path} path={path} entry={entry} />
        ))}
      </tbody>
    </table>
  )
}

function FieldChange({ path, entry }: { path: FieldPath; entry: HistoryEntry }) {
  const before = valueIn(entry.before, path)
  const asked = valueIn(entry.asked, path)
  const after = entry.after && valueIn(entry.after, path)
  const now = after ?? asked
  const pieces = before === undefined || now === undefined ? [] : difference(path, before, now)
  const between = Array.isArray(before) || Array.isArray(now) ? ', ' : ''
  const otherwise = after === undefined || words(path, after) !== words(path, asked)
  return (
    <tr>
      <th scope="row">{labelOf(path)}</th>
      <td>
        <Side pieces={pieces} between={between} text={words(path, before)} without="added" />
      </td>
      <td>
        <Side
          pieces={after === undefined ? [] : pieces}
          between={between}
          text={words(path, after)}
          without="removed"
        />
        {otherwise && (
          <span className="quiet small change-asked">
            asked: <Said text={words(path, asked)} />
          </span>
        )}
      </td>
    </tr>
  )
}

type Values = Readonly<Record<FieldPath, FieldValue>>

/** Undefined when it is not known. */
const valueIn = (values: Values, path: FieldPath): FieldValue | undefined =>
  Object.hasOwn(values, path) ? (values[path] ?? null) : undefined

const words = (path: FieldPath, value: FieldValue | undefined): string | undefined =>
  value === undefined ? undefined : displayValue(path, value)

interface SideProps {
  readonly pieces: readonly Piece[]
  /** Stands between two pieces: those of a list are its elements. */
  readonly between: string
  readonly text: string | undefined
  readonly without: 'added' | 'removed'
}

/** One side of a difference. When nothing is left the same, marking all of it would say nothing. */
function Side({ pieces, between, text, without }: SideProps) {
  const shown = pieces.filter(({ kind }) => kind !== without)
  if (!shown.some(({ kind }) => kind === 'same')) return <Said text={text} />
  return (
    <bdi>
      {shown.map(({ kind, text: piece }, at) => {
        const key = `${at} ${kind}`
        const Mark = kind === 'removed' ? 'del' : kind === 'added' ? 'ins' : 'span'
        return (
          <Fragment key={key}>
            {at > 0 && between}
            <Mark>{piece}</Mark>
          </Fragment>
        )
      })}
    </bdi>
  )
}
