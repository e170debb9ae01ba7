import { X } from 'lucide-react'
import type { HistoryEntry } from '../../../shared/ipc/contract'
import { labelOf } from '../../../shared/user/catalogue'
import type { FieldPath, FieldValue } from '../../../shared/user/types'
import { displayValue } from '../../../shared/user/value'
import { IconButton } from '../../ui/Button'
import { Refusal } from '../../ui/Refusal'
import { Said } from '../../ui/Said'
import { StateBadge } from '../../ui/StateBadge'
import { exactTime } from '../../ui/time'
import { count } from '../../ui/words'
import { historyGrid, openEntry, useHistory } from './store'
import { outcomeLook, outcomeWord } from './words'

/** One change in full: what was, what was asked, what it became, and what went over the wire. */
export function Change() {
  const { entry, error, open } = useHistory()
  const shown = entry?.id === open ? entry : undefined
  const close = () => {
    void openEntry(undefined)
    historyGrid.current?.focus()
  }
  return (
    <section aria-label="Change" className="details side">
      <header className="details-head">
        <div className="grow">
          <h2 className="details-name selectable">
            {shown ? shown.userName || shown.user.userId : 'Change'}
          </h2>
          {shown && (
            <p className="small quiet selectable details-facts">
              {shown.user.userId} · {shown.user.groupId}
            </p>
          )}
        </div>
        <IconButton icon={X} name="Close change" onPress={close} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached from the keyboard. */}
      <div className="side-body" tabIndex={0}>
        {error && <Refusal error={error} />}
        {shown && <Entry entry={shown} />}
      </div>
    </section>
  )
}

function Entry({ entry }: { entry: HistoryEntry }) {
  return (
    <>
      <p className="change-outcome">
        <StateBadge look={outcomeLook(entry.outcome)}>{outcomeWord(entry.outcome)}</StateBadge>
        <span className="selectable">{entry.words}</span>
      </p>
      <Fields entry={entry} />
      <Facts entry={entry} />
      <Wire title="Request" text={entry.request} />
      <Wire title="Answer" text={entry.answer ?? 'No answer was received.'} />
    </>
  )
}

function Fields({ entry }: { entry: HistoryEntry }) {
  const paths = entry.fields.length > 0 ? entry.fields : Object.keys(entry.asked)
  return (
    <table className="change-fields selectable">
      <caption className="hidden-text">Fields before and after</caption>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {paths.map((path) => (
          <tr key={path}>
            <th scope="row">{labelOf(path)}</th>
            <td>
              <Said text={words(path, entry.before)} />
            </td>
            <td>
              <Said text={entry.after && words(path, entry.after)} />
              {asOtherwise(path, entry) && (
                <span className="quiet small change-asked">
                  asked: <Said text={words(path, entry.asked)} />
                </span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

type Values = Readonly<Record<FieldPath, FieldValue>>

const words = (path: FieldPath, values: Values) =>
  Object.hasOwn(values, path) ? displayValue(path, values[path] ?? null) : ''

/** Whether the server made something else of what was asked for. */
const asOtherwise = (path: FieldPath, { asked, after }: HistoryEntry) =>
  after === undefined || words(path, asked) !== words(path, after)

function Facts({ entry }: { entry: HistoryEntry }) {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Time', exactTime(entry.startedWall)],
    ['Who', entry.account],
    ['Server', entry.origin],
    ['Reason', entry.reason],
    ['Took', ms(entry.durationMs)],
    ['Unguarded window', ms(entry.unguardedMs)],
    ['Status', entry.status === undefined ? undefined : String(entry.status)],
    ['Error', entry.errorCode],
    ['Batch', entry.batchId],
  ]
  return (
    <dl className="facts selectable">
      {facts.map(
        ([name, value]) =>
          value !== undefined &&
          value !== '' && (
            <div key={name}>
              <dt title={hints[name]}>{name}</dt>
              <dd className="tabular">{value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}

const hints: Readonly<Record<string, string>> = {
  'Unguarded window':
    'From the read before the change to its answer. What someone else wrote in between could not be seen.',
}

const ms = (time: number | undefined) => (time === undefined ? undefined : `${count(Math.round(time))} ms`)

function Wire({ title, text }: { title: string; text: string }) {
  return (
    <section className="wire">
      <h3>{title}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached from the keyboard. */}
      <pre className="selectable" tabIndex={0}>
        {pretty(text)}
      </pre>
    </section>
  )
}

/** JSON with line breaks; anything else as it came. */
function pretty(text: string): string {
  const start = text.indexOf('{')
  if (start === -1) return text
  try {
    return text.slice(0, start) + JSON.stringify(JSON.parse(text.slice(start)), null, 2)
  } catch {
    return text
  }
}
