import { Fragment } from 'react'
import type { HistoryRow } from '../../../shared/history/shapes'
import { OldToNew } from '../../ui/OldToNew'
import { changesOf } from './words'

/** What one change made of each field: "Extension 1334 → 1241". Without values, what was done. */
export function Values({ row }: { row: HistoryRow }) {
  if (row.values.length === 0) return row.action
  return changesOf(row).map(({ path, label, old, now, end }, at) => (
    <Fragment key={path}>
      {at > 0 && '; '}
      {label} <OldToNew old={old} now={now} />
      {end}
    </Fragment>
  ))
}
