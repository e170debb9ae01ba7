import type { HistoryLine } from '../../../shared/history/shapes'
import type { GridColumn } from '../../grid/columns'
import { StateBadge } from '../../ui/StateBadge'
import { Time } from '../../ui/Time'
import { exactTime } from '../../ui/time'
import { UserId } from '../../ui/UserId'
import { counted } from '../../ui/words'
import { BatchLine } from './BatchLine'
import { Values } from './Values'
import {
  batchText,
  changesText,
  fieldLabels,
  outcomeLook,
  outcomesText,
  outcomeWord,
  worstLook,
} from './words'

export const historyColumns: readonly GridColumn<HistoryLine>[] = [
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
    text: (row) => (row.batch ? batchText(row, row.batch) : changesText(row) || row.action),
    description: ({ batch }) =>
      batch && `${counted(batch.changes, 'change')}. Enter ${batch.open ? 'hides' : 'shows'} them.`,
    render: (row) =>
      row.batch ? (
        <BatchLine line={row} batch={row.batch} />
      ) : (
        <span className={row.inBatch && 'in-batch'}>
          <Values row={row} />
        </span>
      ),
  },
  {
    id: 'user',
    label: 'User',
    width: 110,
    grows: 1,
    text: ({ batch, userName, user }) => (batch ? counted(batch.users, 'user') : userName || user.userId),
  },
  {
    id: 'userId',
    label: 'ID',
    width: 132,
    grows: 1,
    text: ({ batch, user }) => (batch ? '' : user.userId),
    hint: ({ batch, user }) => (batch ? undefined : user.userId),
    render: ({ batch, user }) => (batch ? null : <UserId id={user.userId} />),
  },
  {
    id: 'group',
    label: 'Group',
    width: 120,
    hidden: true,
    text: ({ batch, user }) => (batch ? '' : user.groupId),
  },
  { id: 'action', label: 'Action', width: 110, hidden: true, text: (row) => row.action },
  {
    id: 'fields',
    label: 'Fields',
    width: 130,
    hidden: true,
    text: ({ batch, fields }) => fieldLabels(batch?.fields ?? fields),
  },
  {
    id: 'outcome',
    label: 'Outcome',
    width: 116,
    text: ({ batch, outcome }) => (batch ? outcomesText(batch) : outcomeWord(outcome)),
    hint: ({ batch, words }) => (batch ? outcomesText(batch) : words),
    render: ({ batch, outcome }) =>
      batch ? (
        <StateBadge look={worstLook(batch)}>{outcomesText(batch)}</StateBadge>
      ) : (
        <StateBadge look={outcomeLook(outcome)}>{outcomeWord(outcome)}</StateBadge>
      ),
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
