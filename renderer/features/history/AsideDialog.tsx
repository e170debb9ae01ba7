import { useState } from 'react'
import { Form } from 'react-aria-components'
import type { AsideContent, PutAside } from '../../../shared/ipc/contract'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { TextField } from '../../ui/Field'
import { Notice } from '../../ui/Notice'
import { Refusal } from '../../ui/Refusal'
import { Time } from '../../ui/Time'
import { counted } from '../../ui/words'
import { addHistory, closeAsides, openAside, planUnsent, useAsides } from './aside'
import './history.css'

/** The databases that were put aside, and what is in the one that was opened. */
export function AsideDialog() {
  const { databases, name, content, done, busy, error } = useAsides()
  if (!databases) return null
  return (
    <Dialog
      wide
      open
      title="Databases put aside"
      onClose={closeAsides}
      footer={
        <>
          <span className="grow small quiet">{busy && 'Reading the database…'}</span>
          <Button look="primary" onPress={closeAsides}>
            Close
          </Button>
        </>
      }
    >
      <p>
        {databases.length === 0
          ? 'No database was ever put aside on this computer.'
          : 'They are kept as they were. Open one to see which unsent changes and which history are in it. Nothing is taken over or sent before you say so.'}
      </p>
      {databases.length > 0 && (
        <table className="change-fields aside-databases selectable">
          <caption className="hidden-text">Databases put aside</caption>
          <thead>
            <tr>
              <th scope="col">Put aside</th>
              <th scope="col">Why</th>
              <th scope="col" className="aside-size">
                Size
              </th>
              <th scope="col" className="aside-open">
                <span className="hidden-text">Open</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {databases.map((database) => (
              <Database key={database.name} database={database} chosen={database.name === name} busy={busy} />
            ))}
          </tbody>
        </table>
      )}
      {error && <Refusal error={error} />}
      {error?.kind === 'no-key' && name !== undefined && <AskKey key={name} name={name} busy={busy} />}
      {done !== undefined && (
        <Notice tone="good" announce>
          {done}
        </Notice>
      )}
      {content && name !== undefined && <Content name={name} content={content} busy={busy} />}
    </Dialog>
  )
}

const reasons: Readonly<Record<PutAside['why'], string>> = {
  damaged: 'It was damaged.',
  kept: 'It could not be opened, and an empty one was begun.',
  'brought-over': 'It could not be opened at first. Its changes and history were brought over since.',
  replaced: 'A back-up was restored in its place.',
}

function Database({
  database: { name, why, at, bytes },
  chosen,
  busy,
}: {
  database: PutAside
  chosen: boolean
  busy: boolean
}) {
  return (
    <tr aria-current={chosen || undefined}>
      <th scope="row">
        <Time at={at} />
        <span className="quiet small plan-field">{name}</span>
      </th>
      <td>{reasons[why]}</td>
      <td className="aside-size tabular">{sizeWords(bytes)}</td>
      <td className="aside-open">
        <Button isPending={busy} aria-label={`Open ${name}`} onPress={() => void openAside(name)}>
          Open
        </Button>
      </td>
    </tr>
  )
}

const sizeWords = (bytes: number): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`

function AskKey({ name, busy }: { name: string; busy: boolean }) {
  const [key, setKey] = useState('')
  return (
    <Form
      className="aside-key"
      onSubmit={(event) => {
        event.preventDefault()
        if (key !== '') void openAside(name, key)
      }}
    >
      <TextField label="Its key" type="password" value={key} onChange={setKey} />
      <Button type="submit" isDisabled={busy || key === ''}>
        Open with this key
      </Button>
    </Form>
  )
}

function Content({ name, content, busy }: { name: string; content: AsideContent; busy: boolean }) {
  const { unsent, history, historyMissing, lost } = content
  return (
    <section aria-label={`In ${name}`} className="aside-content">
      <h3>In {name}</h3>
      {unsent.length === 0 && <p>No unsent changes.</p>}
      {unsent.map((of) => (
        <p key={`${of.origin} ${of.account}`} className="aside-line">
          <span className="grow">
            {[
              ...(of.changes > 0 ? [counted(of.changes, 'unsent change')] : []),
              ...(of.unsaved > 0 ? [`unsaved edits of ${counted(of.unsaved, 'user')}`] : []),
            ].join(' and ')}{' '}
            made as {of.account} on {of.origin}
          </span>
          <Button isPending={busy} onPress={() => void planUnsent(name, of)}>
            Show unsent changes…
          </Button>
        </p>
      ))}
      <p className="aside-line">
        <span className="grow">
          {history === 0
            ? 'No history.'
            : historyMissing === 0
              ? `${counted(history, 'change')} in its history, all of them in the history here.`
              : `${counted(history, 'change')} in its history, ${counted(historyMissing, 'of them is', 'of them are')} not in the history here.`}
        </span>
        {historyMissing > 0 && (
          <Button isPending={busy} onPress={() => void addHistory(name)}>
            Add to the history
          </Button>
        )}
      </p>
      {lost > 0 && <p className="quiet">{counted(lost, 'row')} in it could not be read.</p>}
    </section>
  )
}
