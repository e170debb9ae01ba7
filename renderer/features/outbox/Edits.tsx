import { Fragment } from 'react'
import type { OutboxRow } from '../../../shared/ipc/contract'
import { OldToNew } from '../../ui/OldToNew'
import { editWords } from './words'

/** "Extension 1234 → 1235", field by field. */
export function Edits({ row }: { row: OutboxRow }) {
  return editWords(row).map(({ path, label, old, now }, at) => (
    <Fragment key={path}>
      {at > 0 && '; '}
      {label} <OldToNew old={old} now={now} />
    </Fragment>
  ))
}
