import type { UnsentPlan, UnsentResult } from '../../../shared/ipc/contract'
import { labelOf } from '../../../shared/user/catalogue'
import type { FieldValue } from '../../../shared/user/types'
import { displayValue } from '../../../shared/user/value'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { Notice } from '../../ui/Notice'
import { Refusal } from '../../ui/Refusal'
import { Said } from '../../ui/Said'
import { Time } from '../../ui/Time'
import { counted } from '../../ui/words'
import '../history/history.css'
import {
  changesToSave,
  closeImport,
  fieldKey,
  saveImport,
  takeField,
  useImporting,
  wantChange,
} from './importing'

/** A file of unsent changes: who made it, what it would change and what else waits here, before anything is saved. */
export function ImportDialog() {
  const importing = useImporting()
  const { plan, busy, error, result } = importing
  if (!plan) return null
  const changes = changesToSave(importing)
  return (
    <Dialog
      wide
      open
      title="Import unsent changes"
      onClose={closeImport}
      footer={
        result ? (
          <Button look="primary" onPress={closeImport}>
            Close
          </Button>
        ) : (
          <>
            <span className="grow small quiet">{busy && 'Saving…'}</span>
            <Button isDisabled={busy} onPress={closeImport}>
              Cancel
            </Button>
            <Button
              look="primary"
              isDisabled={changes === 0}
              isPending={busy}
              onPress={() => void saveImport()}
            >
              {changes === 0 ? 'Import' : `Import ${counted(changes, 'change')}`}
            </Button>
          </>
        )
      }
    >
      {error && <Refusal error={error} />}
      {result ? <Result result={result} /> : <Plan plan={plan} />}
    </Dialog>
  )
}

const words = (path: string, value: FieldValue | undefined) => (
  <Said text={value === undefined ? undefined : displayValue(path, value)} />
)

function Plan({ plan }: { plan: UnsentPlan }) {
  const listed = plan.first.reduce((sum, { edits }) => sum + edits.length, 0)
  const listedClashes = plan.first.flatMap(({ edits }) => edits).filter(({ here }) => here).length
  return (
    <>
      <p>
        {plan.aside ? `The database ${plan.name} was put aside` : `${plan.name} was made`}{' '}
        <Time at={plan.madeAt} />
        {plan.madeBy === undefined ? '' : ` by ${plan.madeBy}`}
        {plan.aside ? '. Its changes were made ' : ', '}signed in as {plan.account} on {plan.origin}. Nothing
        is saved or sent before you import it.
      </p>
      {plan.clashes > 0 && (
        <Notice tone="warning">
          {plan.clashes === 1
            ? 'For one field another value waits here. It stays unless you choose the one of the file.'
            : `For ${counted(plan.clashes, 'field')} other values wait here. They stay unless you choose those of the file.`}
        </Notice>
      )}
      {plan.first.length > 0 ? (
        <table className="change-fields plan selectable">
          <caption className="hidden-text">What would be saved</caption>
          <thead>
            <tr>
              <th scope="col">User and field</th>
              <th scope="col">It was</th>
              <th scope="col">{plan.aside ? 'In the database' : 'In the file'}</th>
              <th scope="col">Waits here</th>
            </tr>
          </thead>
          <tbody>
            {plan.first.map((change) => (
              <Change key={change.at} change={change} />
            ))}
          </tbody>
        </table>
      ) : (
        <p>The file holds nothing that could be sent.</p>
      )}
      {plan.fields > listed && (
        <p className="small quiet">and {counted(plan.fields - listed, 'more field')}</p>
      )}
      {plan.clashes > listedClashes && (
        <p className="small quiet">
          What waits here stays for {counted(plan.clashes - listedClashes, 'field')} not listed. Import the
          file again to see those.
        </p>
      )}
      <LeftOut of={plan} title={`${counted(plan.leftOut, 'change')} left out`} />
    </>
  )
}

function Change({ change }: { change: UnsentPlan['first'][number] }) {
  const { without, take } = useImporting()
  const { at, user, userName, madeAt, edits } = change
  const wanted = !without.has(at)
  return edits.map(({ path, base, mine, here }, index) => {
    const key = fieldKey(at, path)
    const name = userName || user.userId
    return (
      <tr key={key}>
        <th scope="row">
          {index === 0 ? (
            <label className="tick plan-tick">
              <input
                type="checkbox"
                checked={wanted}
                onChange={(event) => wantChange(at, event.target.checked)}
              />
              <span>
                <bdi>{name}</bdi>
                {name !== user.userId && <span className="quiet small plan-field">{user.userId}</span>}
                <span className="quiet small plan-field">
                  {labelOf(path)}
                  {madeAt !== undefined && (
                    <>
                      , <Time at={madeAt} />
                    </>
                  )}
                </span>
              </span>
            </label>
          ) : (
            <span className="quiet small plan-field">{labelOf(path)}</span>
          )}
        </th>
        <td>{words(path, base)}</td>
        <td>{words(path, mine)}</td>
        <td>
          {here && (
            <>
              {words(path, here.mine)}
              <span className="quiet small plan-field">
                <Time at={here.since} />
              </span>
              <label className="tick plan-tick">
                <input
                  type="checkbox"
                  disabled={!wanted}
                  checked={wanted && take.has(key)}
                  onChange={(event) => takeField(key, event.target.checked)}
                  aria-label={`Replace it by the file's, ${labelOf(path)} of ${name}`}
                />
                <span>Replace it by the file's</span>
              </label>
            </>
          )}
        </td>
      </tr>
    )
  })
}

function Result({ result }: { result: UnsentResult }) {
  const { saved, of, message, stopped, leftOut } = result
  return (
    <>
      <Notice tone={saved === of ? 'info' : 'warning'} announce>
        {saved} of {counted(of, 'change')} {saved === 1 ? 'was' : 'were'} saved. {saved > 0 && message}
      </Notice>
      {stopped !== undefined && <p>The rest was not tried: {stopped}</p>}
      <LeftOut of={result} title={`${counted(leftOut, 'change')} not saved`} />
    </>
  )
}

function LeftOut({ of, title }: { of: Pick<UnsentPlan, 'leftOut' | 'firstLeftOut'>; title: string }) {
  const { leftOut, firstLeftOut } = of
  if (leftOut === 0) return null
  return (
    <details className="left-out" open={leftOut < 6}>
      <summary>{title}</summary>
      <ul>
        {firstLeftOut.map((each, at) => (
          <li key={at}>
            {each.who}: <span className="quiet">{each.why}</span>
          </li>
        ))}
      </ul>
      {leftOut > firstLeftOut.length && (
        <p className="small quiet">and {counted(leftOut - firstLeftOut.length, 'more change')}</p>
      )}
    </details>
  )
}
