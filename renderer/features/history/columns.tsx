import type { HistoryRow } from '../../../shared/ipc/contract'
import type { GridColumn } from '../../grid/columns'
import { StateBadge } from '../../ui/StateBadge'
import { Time } from '../../ui/Time'
import { exactTime } from '../../ui/time'
import { Values } from './Values'
import { changesText, fieldLabels, outcomeLook, outcomeWord } from './words'

export const historyColumns: readonly GridColumn<HistoryRow>[] = [
  {
    id: 'time',
    label: 'Time',
    width: 88,
    tabular: true,
    text: (row) => exactTime(row.startedWall),
    render: (row) => <Time at={row.startedWall} />,
  },
  {
    id: 'change',
    label: 'Old → new',
    width: 206,
    grows: 3,
    text: (row) => changesText(row) || row.action,
    render: (row) => <Values row={row} />,
  },
  { id: 'user', label: 'User', width: 110, grows: 1, text: (row) => row.userName || row.user.userId },
  { id: 'userId', label: 'ID', width: 132, grows: 1, text: (row) => row.user.userId },
  { id: 'group', label: 'Group', width: 120, hidden: true, text: (row) => row.user.groupId },
  { id: 'action', label: 'Action', width: 110, hidden: true, text: (row) => row.action },
  { id: 'fields', label: 'Fields', width: 130, hidden: true, text: (row) => fieldLabels(row.fields) },
  {
    id: 'outcome',
    label: 'Outcome',
    width: 116,
    text: (row) => outcomeWord(row.outcome),
    hint: (row) => row.words,
    render: (row) => <StateBadge look={outcomeLook(row.outcome)}>{outcomeWord(row.outcome)}</StateBadge>,
  },
  { id: 'who', label: 'Who', width: 80, spare: 3, text: (row) => row.account },
  { id: 'reason', label: 'Reason', width: 90, grows: 1, spare: 2, text: (row) => row.reason ?? '' },
  {
    id: 'server',
    label: 'Server',
    width: 130,
    spare: 1,
    text: (row) => hostOf(row.origin),
    hint: (row) => row.origin,
  },
]

/** The part of an address that tells servers apart. */
const hostOf = (origin: string): string => URL.parse(origin)?.host ?? origin
