import { StateBadge } from '../../ui/StateBadge'
import { count, counted } from '../../ui/words'
import { heatWeeks, monthColumns } from './heat'
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

const named = (day: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(undefined, { ...options, timeZone: 'UTC' }).format(Date.parse(day))

/** The picture, for the eye and the pointer; the list beside it says the same. */
function Calendar({ choose }: Chooser) {
  const days = useHistory((state) => state.summary?.days) ?? []
  const calendar = heatWeeks(days, weeks)
  const most = Math.max(0, ...calendar.flat().map(({ entries }) => entries))
  const failed = calendar.flat().some((day) => day.failed > 0)
  return (
    <div className="heat-map" aria-hidden>
      <div className="heat-months">
        {monthColumns(calendar).map(({ at, month }) => (
          <span key={month} style={{ gridColumnStart: at + 1 }}>
            {named(`${month}-01`, { month: 'short' })}
          </span>
        ))}
      </div>
      <div className="heat-weekdays">
        {calendar[0]?.map(({ day }, at) => (
          <span key={day}>{at % 2 === 0 && named(day, { weekday: 'short' })}</span>
        ))}
      </div>
      <div className="heat-weeks">
        {calendar.map((week) => (
          <div key={week[0]?.day} className="heat-week">
            {week.map((day) => (
              // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the list of days does the same for keys.
              <span
                key={day.day}
                className="heat-day"
                data-level={day.level}
                data-failed={day.failed > 0 || undefined}
                title={
                  day.entries > 0
                    ? `${day.day}: ${counted(day.entries, 'change')}${day.failed > 0 ? `, ${count(day.failed)} failed` : ''}`
                    : day.day
                }
                onClick={() => day.entries > 0 && choose('when', day.day)}
              />
            ))}
          </div>
        ))}
      </div>
      <p className="heat-legend">
        none
        {[0, 1, 2, 3, 4].map((level) => (
          <span key={level} className="heat-day" data-level={level} />
        ))}
        {counted(most, 'change')} a day
        {failed && (
          <>
            <span className="heat-day heat-apart" data-level={2} data-failed />
            some failed
          </>
        )}
      </p>
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
