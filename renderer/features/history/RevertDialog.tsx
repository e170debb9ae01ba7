import { labelOf } from '../../../shared/user/catalogue'
import type { FieldValue } from '../../../shared/user/types'
import { displayValue, nameAndId } from '../../../shared/user/value'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { TextField } from '../../ui/Field'
import { Refusal } from '../../ui/Refusal'
import { Said } from '../../ui/Said'
import { counted } from '../../ui/words'
import { editKey, revertChanges } from './plan'
import { closeRevert, saveRevert, toggleEdit, useReverting } from './reverting'

/** Rows drawn in the plan; a larger one is carried out whole, but nobody reads on. */
const most = 300

/** What would be put back, what would not and why, before anything is. */
export function RevertDialog() {
  const { plan, without, reason, busy, error } = useReverting()
  if (!plan) return null
  const changes = revertChanges(plan, without)
  const takenOut = plan.takenOut ?? []
  const fields = changes.reduce((sum, change) => sum + change.edits.length, takenOut.length)
  const users = new Set([...changes, ...takenOut].map(({ user }) => user.userId)).size
  return (
    <Dialog
      wide
      open
      title="Revert changes"
      onClose={closeRevert}
      footer={
        <>
          <span className="grow small quiet">
            {fields > 0 && `${counted(fields, 'field')} of ${counted(users, 'user')}`}
          </span>
          <Button onPress={closeRevert}>Cancel</Button>
          <Button look="primary" isDisabled={fields === 0} isPending={busy} onPress={() => void saveRevert()}>
            {fields === 0 ? 'Revert' : `Revert ${counted(fields, 'field')}`}
          </Button>
        </>
      }
    >
      {error && <Refusal error={error} />}
      {plan.changes.length > 0 && <Plan />}
      {plan.changes.length + takenOut.length === 0 && !error && <p>Nothing here can be put back.</p>}
      <TakenOut />
      <LeftOut />
      {plan.changes.length > 0 && (
        <TextField
          label="Reason"
          description="Optional, kept in history: a ticket number, or why."
          value={reason}
          onChange={(next) => useReverting.setState({ reason: next })}
        />
      )}
    </Dialog>
  )
}

const words = (path: string, value: FieldValue) => <Said text={displayValue(path, value)} />

function Plan() {
  const { plan, without } = useReverting()
  const rows = (plan?.changes ?? []).flatMap((change) => change.edits.map((edit) => ({ change, edit })))
  return (
    <>
      <table className="change-fields plan selectable">
        <caption className="hidden-text">What would be put back</caption>
        <thead>
          <tr>
            <th scope="col">User and field</th>
            <th scope="col">Now</th>
            <th scope="col">Would become</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, most).map(({ change, edit }) => {
            const key = editKey(change, edit.path)
            return (
              <tr key={key}>
                <th scope="row">
                  <label className="tick plan-tick">
                    <input
                      type="checkbox"
                      checked={!without.has(key)}
                      onChange={(event) => toggleEdit(key, event.target.checked)}
                    />
                    <span>
                      <bdi>{nameAndId(change.userName, change.user.userId)}</bdi>
                      <span className="quiet small plan-field">{labelOf(edit.path)}</span>
                    </span>
                  </label>
                </th>
                <td>{words(edit.path, edit.base)}</td>
                <td>{words(edit.path, edit.mine)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {rows.length > most && <p className="small quiet">and {counted(rows.length - most, 'more field')}</p>}
    </>
  )
}

function TakenOut() {
  const takenOut = useReverting((state) => state.plan?.takenOut) ?? []
  if (takenOut.length === 0) return null
  return (
    <section className="taken-out">
      <p>Taken out again before anything is sent. What the server has was never seen, and stays as it is:</p>
      <ul>
        {takenOut.slice(0, most).map(({ entry, user, userName, path, mine }) => (
          <li key={`${entry} ${path}`}>
            <bdi>{nameAndId(userName, user.userId)}</bdi>, {labelOf(path)}: {words(path, mine)}
          </li>
        ))}
      </ul>
    </section>
  )
}

function LeftOut() {
  const leftOut = useReverting((state) => state.plan?.leftOut) ?? []
  if (leftOut.length === 0) return null
  return (
    <details className="left-out" open={leftOut.length < 6}>
      <summary>
        {counted(leftOut.length, 'change')} left as {leftOut.length === 1 ? 'it is' : 'they are'}
      </summary>
      <ul>
        {leftOut.slice(0, most).map((each) => (
          <li key={`${each.id} ${each.path}`}>
            <bdi>{nameAndId(each.userName, each.user.userId)}</bdi>
            {each.path && `, ${labelOf(each.path)}`}: <span className="quiet">{each.why}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}
