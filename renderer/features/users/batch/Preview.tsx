import { CircleCheck } from 'lucide-react'
import { useMemo } from 'react'
import type { BatchRow } from '../../../../shared/ipc/contract'
import { labelOf } from '../../../../shared/user/catalogue'
import { displayValue } from '../../../../shared/user/value'
import type { GridColumn } from '../../../grid/columns'
import { plainLayout } from '../../../grid/columns'
import { DataGrid } from '../../../grid/DataGrid'
import { nothingSelected } from '../../../grid/selection'
import { useSource } from '../../../grid/useSource'
import { Empty } from '../../../ui/Empty'
import { Notice } from '../../../ui/Notice'
import { SourceFailed } from '../../../ui/SourceFailed'
import { useSoon } from '../../../ui/useSoon'
import { count, counted, said } from '../../../ui/words'
import { Columns } from './Columns'
import { draftProblem, ruleOf } from './rules'
import {
  batchGridMemory,
  batchSource,
  fixRow,
  pick,
  readAs,
  showProblems,
  useBatch,
  withField,
} from './store'

const becomes = (row: BatchRow) =>
  row.kept
    ? '(stays)'
    : row.problem !== undefined
      ? (row.typed ?? (row.path === undefined ? '' : displayValue(row.path, row.new ?? null)))
      : row.path === undefined
        ? ''
        : said(displayValue(row.path, row.new ?? null))

function columns(withLines: boolean): GridColumn<BatchRow>[] {
  return [
    ...(withLines
      ? [
          {
            id: 'line',
            label: 'Line',
            width: 56,
            tabular: true,
            text: (row: BatchRow) => String(row.line ?? ''),
          },
        ]
      : []),
    { id: 'user', label: 'User', width: 150, grows: 1, text: ({ userName }) => userName },
    { id: 'id', label: 'User ID', width: 150, grows: 1, text: ({ user }) => user.userId },
    {
      id: 'field',
      label: 'Field',
      width: 110,
      text: ({ path }) => (path === undefined ? '' : labelOf(path)),
    },
    {
      id: 'old',
      label: 'Now',
      width: 130,
      grows: 2,
      text: ({ path, old }) =>
        path === undefined ? '' : old === undefined ? 'not read yet' : said(displayValue(path, old)),
      look: ({ path, old }) => (path !== undefined && old === undefined ? 'quiet' : undefined),
    },
    {
      id: 'new',
      label: 'Becomes',
      width: 190,
      grows: 3,
      text: becomes,
      look: ({ path, problem, kept, unread }) =>
        path === undefined || kept
          ? undefined
          : unread
            ? 'quiet'
            : problem === undefined
              ? 'changed'
              : 'invalid',
      editable: ({ path, unread }) => path !== undefined && !unread,
    },
    { id: 'note', label: 'Remark', width: 170, grows: 2, text: ({ problem, note }) => problem ?? note ?? '' },
  ]
}

/** What would become of every user, row by row, to be looked through, unticked and mended. */
export function Preview() {
  useSource(batchSource)
  const soon = useSoon()
  const summary = useBatch((state) => state.summary)
  const picked = useBatch((state) => state.picked)
  const problemsOnly = useBatch((state) => state.problemsOnly)
  const shown = useMemo(() => columns(summary?.kind === 'import'), [summary?.kind])
  if (!summary) return null
  if (summary.columns?.why !== undefined) {
    return (
      <>
        <Letters />
        <Columns />
      </>
    )
  }
  return (
    <>
      <Facts />
      <Fields />
      <div className="batch-grid">
        {soon && (
          <DataGrid<BatchRow>
            label="Preview"
            columns={shown}
            source={batchSource}
            rowId={({ id }) => id}
            layout={plainLayout}
            onLayout={() => {}}
            selecting={{
              // Before anything is to change, nothing of it is chosen.
              selection: summary.edits === 0 ? nothingSelected : picked,
              onSelection: pick,
              // What cannot be saved is not ticked, and is ticked as soon as it is mended.
              selectable: ({ path, problem, kept }) => path !== undefined && problem === undefined && !kept,
            }}
            editing={{
              text: (row) =>
                row.typed ??
                (row.path === undefined
                  ? ''
                  : displayValue(row.path, (row.kept ? row.old : row.new) ?? null)),
              commit: (row, _, text) => {
                void fixRow(row, text)
                return undefined
              },
            }}
            rowLook={({ problem, unread }) => (problem === undefined || unread ? undefined : 'refused')}
            memory={batchGridMemory}
            empty={
              <Empty icon={CircleCheck} title={problemsOnly ? 'No problems' : 'Nothing would change'}>
                {problemsOnly
                  ? 'Every row can be saved.'
                  : summary.kind === 'import'
                    ? 'No cell of the file asks for another value than its user has.'
                    : 'No user would get another value.'}
              </Empty>
            }
            failed={<SourceFailed source={batchSource} />}
          />
        )}
      </div>
    </>
  )
}

function Facts() {
  const summary = useBatch((state) => state.summary)
  const problemsOnly = useBatch((state) => state.problemsOnly)
  // As long as nothing is asked for there is nothing that would change.
  const asks = useBatch(({ rules }) => rules.some((rule) => draftProblem(rule) === undefined && ruleOf(rule)))
  if (!summary) return null
  const { looked, users, edits, problems, unchanged, kept, unread, kind, notices, remarks } = summary
  const facts = [
    counted(looked, kind === 'import' ? 'line' : 'user'),
    kind === 'edit' && !asks
      ? 'choose what is to change'
      : `${counted(edits, 'field')} of ${counted(users, 'user')} would change`,
    unchanged > 0 && `${count(unchanged)} stay as they are`,
    kept > 0 && `${counted(kept, 'cell')} put back`,
    unread > 0 && `${counted(unread, 'user')} not read yet`,
    problems > 0 && `${counted(problems, 'row')} cannot be saved`,
  ].filter((fact) => fact !== false)
  return (
    <div className="batch-facts">
      <p className="grow" role="status" aria-label="What would change">
        {facts.join(' · ')}
      </p>
      {problems > 0 && (
        <label className="tick small">
          <input
            type="checkbox"
            checked={problemsOnly}
            onChange={(event) => showProblems(event.target.checked)}
          />
          Only what cannot be saved
        </label>
      )}
      {notices.length > 0 && (
        <div className="batch-notices">
          {notices.map((notice) => (
            <Notice key={notice} tone="warning">
              {notice}
            </Notice>
          ))}
        </div>
      )}
      <Letters />
      <Columns />
      {remarks.length > 0 && (
        <details className="batch-remarks">
          <summary>{counted(remarks.length, 'remark')} about the file</summary>
          <ul>
            {remarks.map((remark) => (
              <li key={remark}>{remark}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

/** How the letters of a file are read whose bytes do not tell. The rows below show what that makes of it. */
function Letters() {
  const reading = useBatch((state) => state.summary?.reading)
  const busy = useBatch((state) => state.work !== undefined)
  if (!reading) return null
  return (
    <label className="batch-letters small">
      Letters are read as
      <select
        className="input"
        value={reading.id}
        disabled={busy}
        onChange={(event) => void readAs(event.target.value)}
      >
        {reading.choices.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

/** The fields of the batch, each of which can be left out as a whole. */
function Fields() {
  const fields = useBatch((state) => state.summary?.fields) ?? []
  const without = useBatch((state) => state.withoutFields)
  if (fields.length < 2 && !fields.some(({ doubtful }) => doubtful)) return null
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row.
    <div role="group" aria-label="Fields to change" className="batch-fields">
      {fields.map(({ path, edits }) => (
        <label key={path} className="tick small">
          <input
            type="checkbox"
            checked={!without.has(path)}
            onChange={(event) => withField(path, event.target.checked)}
          />
          {labelOf(path)} <span className="quiet">{count(edits)}</span>
        </label>
      ))}
    </div>
  )
}
