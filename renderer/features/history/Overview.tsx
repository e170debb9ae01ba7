import { StateBadge } from '../../ui/StateBadge'
import { count, counted } from '../../ui/words'
import { heatWeeks } from './heat'
import { setHistorySearch, useHistory } from './store'
import { outcomeLook, withCondition } from './words'

const weeks = 26

/** How many changes by day and by outcome, of what the search finds. Choosing one narrows the search to it. */
export function Overview() {
  const summary = useHistory((state) => state.summary)
  const search = useHistory((state) => state.search)
  if (!summary || summary.total === 0) return null
  const choose = (name: string, value: string) => setHistorySearch(withCondition(search, name, value))
  return (
    <section className="overview" aria-label="Overview">
      <Outcomes choose={choose} />
      <figure className="heat">
        <figcaption className="small quiet">Changes by day, last {weeks} weeks</figcaption>
        <Calendar choose={choose} />
      </figure>
      <Days choose={choose} />
    </section>
  )
}

interface Chooser {
  readonly choose: (name: string, value: string) => void
}

function Outcomes({ choose }: Chooser) {
  const outcomes = useHistory((state) => state.summary?.outcomes) ?? []
  return (
    <ul className="outcomes" aria-label="Changes by outcome">
      {outcomes.map(({ outcome, label, entries }) => (
        <li key={outcome}>
          <button type="button" className="outcome" onClick={() => choose('outcome', outcome)}>
            <StateBadge look={outcomeLook(outcome)}>{label}</StateBadge>
            <span className="tabular">{count(entries)}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

/** The picture, for the eye and the pointer; the list beside it says the same. */
function Calendar({ choose }: Chooser) {
  const days = useHistory((state) => state.summary?.days) ?? []
  return (
    <div className="heat-weeks" aria-hidden>
      {heatWeeks(days, weeks).map((week) => (
        <div key={week[0]?.day} className="heat-week">
          {week.map(({ day, entries, failed, level }) => (
            // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the list of days does the same for keys.
            <span
              key={day}
              className="heat-day"
              data-level={level}
              data-failed={failed > 0 || undefined}
              title={
                entries > 0
                  ? `${day}: ${counted(entries, 'change')}${failed > 0 ? `, ${count(failed)} failed` : ''}`
                  : day
              }
              onClick={() => entries > 0 && choose('when', day)}
            />
          ))}
        </div>
      ))}
    </div>
  )
}

function Days({ choose }: Chooser) {
  const days = useHistory((state) => state.summary?.days) ?? []
  const newest = days.slice(-60).reverse()
  return (
    <details className="heat-list">
      <summary>As a list</summary>
      <ul>
        {newest.map(({ day, entries, failed }) => (
          <li key={day}>
            <button type="button" className="outcome" onClick={() => choose('when', day)}>
              <span className="tabular">{day}</span>
              <span className="tabular quiet">
                {counted(entries, 'change')}
                {failed > 0 && `, ${count(failed)} failed`}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  )
}
