import type { OutboxBatch } from '../../../shared/ipc/contract'
import { labelOf } from '../../../shared/user/catalogue'
import type { FieldPath } from '../../../shared/user/types'
import { displayValue } from '../../../shared/user/value'
import { Button } from '../../ui/Button'
import { Progress } from '../../ui/Progress'
import { count, counted } from '../../ui/words'
import { showHistory } from '../history/store'
import { outboxSource } from './store'

/** Most lines at once: more batches than these are seen in the list below. */
const most = 3

/** "Title → Clerk", or the field alone where its new value differs from user to user. */
function changeOf(path: FieldPath, values: OutboxBatch['values']): string {
  const value = values.find((one) => one.path === path)
  return value === undefined ? labelOf(path) : `${labelOf(path)} → ${displayValue(path, value.mine)}`
}

/** Each batch under way as one line that counts down; how it ended is said among the messages. */
export function Batches() {
  const batches = outboxSource.latest()?.batches ?? []
  if (batches.length === 0) return null
  return (
    <ul className="outbox-batches" aria-label="Batches under way">
      {batches.slice(0, most).map(({ id, reason, fields, values, of, left, troubled }) => {
        const what = `${fields.map((path) => changeOf(path, values)).join(', ')} of ${counted(of, 'user')}`
        const name = reason === undefined ? what : `${reason} · ${what}`
        return (
          <li key={id}>
            <span className="grow">
              <bdi>{name}</bdi>
            </span>
            {troubled > 0 && (
              <span className="small">{`${counted(troubled, 'change')} need${troubled === 1 ? 's' : ''} you`}</span>
            )}
            <Progress
              label={name}
              done={of - left}
              of={of}
              words={`${count(of - left)} of ${count(of)} done`}
            />
            {of > left && (
              <Button look="quiet" onPress={() => showHistory(`batch:${id}`)}>
                Show in History
              </Button>
            )}
          </li>
        )
      })}
      {batches.length > most && <li className="small quiet">{`and ${count(batches.length - most)} more`}</li>}
    </ul>
  )
}
