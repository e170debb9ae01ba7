import { labelOf } from '../../../shared/user/catalogue'
import { Button } from '../../ui/Button'
import { Progress } from '../../ui/Progress'
import { count, counted } from '../../ui/words'
import { showHistory } from '../history/store'
import { outboxSource } from './store'

/** Most lines at once: more batches than these are seen in the list below. */
const most = 3

/** Each batch under way as one line that counts down; how it ended is said among the messages. */
export function Batches() {
  const batches = outboxSource.latest()?.batches ?? []
  if (batches.length === 0) return null
  return (
    <ul className="outbox-batches" aria-label="Batches under way">
      {batches.slice(0, most).map(({ id, reason, fields, of, left, troubled }) => {
        const what = `${fields.map(labelOf).join(', ')} of ${counted(of, 'user')}`
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
