import type { OutboxRow } from '../../../shared/ipc/contract'
import type { GridColumn } from '../../grid/columns'
import { StateBadge } from '../../ui/StateBadge'
import { Time } from '../../ui/Time'
import { exactTime } from '../../ui/time'
import { UserId } from '../../ui/UserId'
import { Edits } from './Edits'
import { editLabels, editsText, stateLook, stateText, stateWord } from './words'

export const outboxColumns: readonly GridColumn<OutboxRow>[] = [
  { id: 'user', label: 'User', width: 110, grows: 1, text: (row) => row.userName || row.user.userId },
  {
    id: 'userId',
    label: 'ID',
    width: 146,
    grows: 1,
    text: (row) => row.user.userId,
    hint: (row) => row.user.userId,
    render: (row) => <UserId id={row.user.userId} />,
  },
  { id: 'fields', label: 'Fields', width: 100, hidden: true, text: editLabels },
  {
    id: 'change',
    label: 'Old → new',
    width: 196,
    grows: 3,
    text: editsText,
    render: (row) => <Edits row={row} />,
  },
  {
    id: 'state',
    label: 'State',
    width: 190,
    grows: 2,
    text: stateText,
    render: (row) => (
      <>
        <StateBadge look={stateLook(row.state)}>{stateWord(row.state)}</StateBadge>
        {row.why !== '' && <span className="why quiet"> {row.why}</span>}
      </>
    ),
  },
  {
    id: 'next',
    label: 'Next try',
    width: 100,
    spare: 1,
    tabular: true,
    text: (row) => (row.nextTryWall === undefined ? '' : exactTime(row.nextTryWall)),
    render: (row) => (row.nextTryWall === undefined ? null : <Time at={row.nextTryWall} />),
  },
  {
    id: 'saved',
    label: 'Saved',
    width: 100,
    spare: 3,
    text: (row) => exactTime(row.createdWall),
    render: (row) => <Time at={row.createdWall} />,
  },
  { id: 'server', label: 'Server', width: 110, spare: 2, text: (row) => row.connectionName },
  { id: 'reason', label: 'Reason', width: 140, grows: 1, spare: 4, text: (row) => row.reason ?? '' },
]
