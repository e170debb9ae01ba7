import { useId, useState } from 'react'
import type { BatchSummary } from '../../../../shared/ipc/contract'
import { editable, fields } from '../../../../shared/user/catalogue'
import { fieldNamed, keyPaths } from '../../../../shared/user/sheet'
import { Button } from '../../../ui/Button'
import { Notice } from '../../../ui/Notice'
import { counted } from '../../../ui/words'
import { mapColumns, useBatch } from './store'

type Shown = NonNullable<BatchSummary['columns']>

const keys: readonly string[] = keyPaths
const choices = fields.filter((field) => keys.includes(field.path) || editable(field))
const sections = [...new Set(choices.map(({ section }) => section))]

/** What the columns of the file are: shown in place of the rows while nobody knows, and one click away after that. */
export function Columns() {
  const columns = useBatch((state) => state.summary?.columns)
  const id = useBatch((state) => state.summary?.id)
  const [opened, setOpened] = useState(false)
  if (!columns) return null
  const { why, line, paths } = columns
  if (why !== undefined) {
    return (
      <>
        <Notice tone="warning" announce next="Say which column is the user id, and what the others are.">
          {why}
        </Notice>
        <Mapping key={id} columns={columns} />
      </>
    )
  }
  const used = paths.filter((path) => path !== null).length
  return (
    <details className="batch-remarks" onToggle={() => setOpened(true)}>
      <summary>
        Columns: {used} of {counted(paths.length, 'column')} are read, named in line {line}
      </summary>
      {/* Every field is a choice of every column: drawn before anybody looks, that would keep the page. */}
      {opened && <Mapping key={id} columns={columns} />}
    </details>
  )
}

function Mapping({ columns }: { columns: Shown }) {
  const [line, setLine] = useState(columns.line)
  const [paths, setPaths] = useState(columns.paths)
  const busy = useBatch((state) => state.work !== undefined)
  const note = useId()
  const names = columns.top.find(({ number }) => number === line)?.cells ?? []
  const below = columns.top.filter(({ number }) => number > line)
  const problem = problemOf(paths)
  return (
    <div className="batch-columns">
      <label className="batch-letters small">
        The columns are named in
        <select
          className="input"
          value={line}
          onChange={(event) => {
            const next = Number(event.target.value)
            const cells = columns.top.find(({ number }) => number === next)?.cells ?? []
            setLine(next)
            setPaths(next === columns.line ? columns.paths : cells.map((cell) => fieldNamed(cell) ?? null))
          }}
        >
          {columns.top.map(({ number, cells }) => (
            <option key={number} value={number}>
              line {number}: {cells.join(', ').slice(0, 80)}
            </option>
          ))}
        </select>
      </label>
      <ul className="batch-column-list">
        {names.map((name, at) => (
          <li key={at}>
            <label>
              <bdi className="batch-column-name">{name || `Column ${at + 1}`}</bdi>
              <bdi className="quiet small batch-column-name">
                {below.map(({ cells }) => cells[at] ?? '').find((cell) => cell !== '')}
              </bdi>
              <select
                className="input"
                aria-label={`${name || `Column ${at + 1}`} is`}
                value={paths[at] ?? ''}
                onChange={(event) => {
                  const path = event.target.value || null
                  setPaths(names.map((_, each) => (each === at ? path : (paths[each] ?? null))))
                }}
              >
                <option value="">Passed over</option>
                {sections.map((section) => (
                  <optgroup key={section} label={section}>
                    {choices
                      .filter((field) => field.section === section)
                      .map(({ path, label }) => (
                        <option key={path} value={path}>
                          {label}
                        </option>
                      ))}
                  </optgroup>
                ))}
              </select>
            </label>
          </li>
        ))}
      </ul>
      <div className="batch-letters">
        <Button
          isDisabled={busy || problem !== undefined}
          aria-describedby={note}
          onPress={() => void mapColumns(line, paths)}
        >
          Use these columns
        </Button>
        <span id={note} className="small quiet">
          {problem ?? 'They are remembered for the next file with these names.'}
        </span>
      </div>
    </div>
  )
}

function problemOf(paths: readonly (string | null)[]): string | undefined {
  const chosen = paths.filter((path) => path !== null)
  if (!chosen.includes('userId')) return 'Say first which column is the user id.'
  const twice = chosen.find((path, at) => chosen.indexOf(path) !== at)
  if (twice === undefined) return undefined
  return `${fields.find(({ path }) => path === twice)?.label ?? twice} is chosen twice. Leave one of them out.`
}
