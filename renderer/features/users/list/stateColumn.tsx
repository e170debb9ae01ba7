import type { UserRow } from '../../../../shared/user/shapes'
import type { GridColumn } from '../../../grid/columns'
import { StateBadge, type StateLook } from '../../../ui/StateBadge'
import type { Drafts } from '../drafts/drafts'

const words: Readonly<Record<UserRow['state'], { look: StateLook; word: string } | undefined>> = {
  clean: undefined,
  changed: { look: 'waiting', word: 'Waiting' },
  conflict: { look: 'conflict', word: 'Conflict' },
  unknown: { look: 'unknown', word: 'Checking' },
  refused: { look: 'refused', word: 'Refused' },
  gone: { look: 'gone', word: 'Gone' },
}

/** What is going on with a user, in one word; nothing for most of them. */
export function userState(row: UserRow, drafts: Drafts): { look: StateLook; word: string } | undefined {
  const urgent = row.state !== 'clean' && row.state !== 'changed'
  if (!urgent && drafts.has(row.key.userId)) return { look: 'draft', word: 'Unsaved' }
  return words[row.state] ?? (row.found ? { look: 'found', word: 'Found on the server' } : undefined)
}

export function stateColumn(drafts: Drafts): GridColumn<UserRow> {
  return {
    id: 'state',
    label: 'State',
    // A shape for what few users have; its word comes with a wider column, and is always said.
    width: 58,
    hint: (row) => userState(row, drafts)?.word,
    text: (row) => userState(row, drafts)?.word ?? '',
    render: (row) => {
      const state = userState(row, drafts)
      return (
        state && (
          <span className="state-room">
            <StateBadge look={state.look}>{state.word}</StateBadge>
          </span>
        )
      )
    },
  }
}
