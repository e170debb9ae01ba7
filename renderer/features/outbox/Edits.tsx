import { Fragment } from 'react'
import type { OutboxRow } from '../../../shared/ipc/contract'
import { OldToNew } from '../../ui/OldToNew'
import { editWords } from './words'

/** "1234 → 1235"; with several fields each under its name. */
export function Edits({ row }: { row: OutboxRow }) {
  return editWords(row).map(({ path, label, old, now }, at) => (
    <Fragment key={path}>
      {at > 0 && '; '}
      {label !== undefined && `${label}: `}
      <OldToNew old={old} now={now} />
    </Fragment>
  ))
}
