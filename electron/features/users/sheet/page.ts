import { services } from '../../../../shared/calls/catalogue'
import { whatHappens } from '../../../../shared/calls/sentence'
import { differenceHtml, escapeHtml, isoTime, outcomeText } from '../../../../shared/history/export'
import { publicEntry } from '../../../../shared/history/public'
import type { HistoryEntry } from '../../../../shared/history/shapes'
import type { CallHandling, Sighting, UserDetails } from '../../../../shared/ipc/contract'
import type { Field } from '../../../../shared/user/catalogue'
import { shownFields, shownSections } from '../../../../shared/user/rooms'
import type { FieldPath, FieldValue } from '../../../../shared/user/types'
import { displayName, displayValue, drawn, fieldValue, isEmptyValue } from '../../../../shared/user/value'

/** Everything that is told of one user, as it is on this computer. */
export interface SheetFacts {
  readonly details: UserDetails
  readonly calls: CallHandling
  /** Newest first; those that did not fit are counted. */
  readonly history: { readonly items: readonly SheetItem[]; readonly total: number }
  /** Where it was read, and by whom. */
  readonly origin: string
  readonly account: string
  /** Wall ms. */
  readonly madeAt: number
}

/** A change that was sent from here, or one that a read has shown. */
export type SheetItem = HistoryEntry | Sighting

type Shown = Pick<UserDetails, 'fields' | 'key' | 'completeness' | 'pending'>

/** One user as a page to read and to print. It needs nothing but itself, runs nothing, and holds no secret. */
export function sheetPage(facts: SheetFacts): string {
  const { details, calls, history, origin, account, madeAt } = facts
  const name = displayName({
    firstName: fieldValue(details, 'firstName') ?? null,
    lastName: fieldValue(details, 'lastName') ?? null,
  })
  const { userId, groupId, serviceProviderId } = details.key
  const waiting = Object.keys({ ...details.pending, ...calls.pending }).length
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(drawn(name === '' || name === userId ? userId : `${name} (${userId})`))}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${text(name || userId)}</h1>
<p class="ids">${[userId, groupId, serviceProviderId].map(text).join(' · ')}</p>
<p>${details.completeness === 'row' ? 'Read in part' : 'Read'} ${time(details.readAt)} by ${text(account)} from ${text(origin)}. Made ${time(madeAt)}.</p>
${details.state === 'gone' ? '<p><strong>This user is no longer on the server. Here is the last copy.</strong></p>' : ''}
${waiting === 0 ? '' : `<p><span class="waiting">${waiting} ${waiting === 1 ? 'change is' : 'changes are'} waiting</span>: saved here, and not known to be on the server.</p>`}
</header>
<main>
<h2>Options</h2>
${shownSections.map((section) => optionsHtml(section, details)).join('')}
<h2>Calls</h2>
${callsHtml(calls)}
<h2>History</h2>
${historyHtml(history)}
</main>
</body>
</html>
`
}

/** A text of somebody else's: as it is drawn, and by itself, so that it turns nothing beside it around. */
const text = (value: string): string => `<bdi>${escapeHtml(drawn(value))}</bdi>`

const minutes = (wall: number): string => `${isoTime(wall).replace('T', ' ').slice(0, 16)} UTC`
const time = (wall: number): string => `<time datetime="${isoTime(wall)}">${minutes(wall)}</time>`

const said = (path: FieldPath, value: FieldValue | undefined): string => {
  if (value === undefined) return '<span class="quiet">not read</span>'
  return isEmptyValue(value) ? '<span class="quiet">empty</span>' : text(displayValue(path, value))
}

const pendingOf = ({ pending }: Shown, path: FieldPath) =>
  Object.hasOwn(pending, path) ? pending[path] : undefined

const optionsHtml = (section: Field['section'], details: UserDetails): string =>
  roomHtml(
    section,
    shownFields.filter((field) => field.section === section),
    details,
  )

/** What has a value stands in a table; what has none is named below it, and what was not read apart from that. */
function roomHtml(name: string, fields: readonly Field[], of: Shown): string {
  const rows: string[] = []
  const empty: string[] = []
  const unread: string[] = []
  for (const { path, label } of fields) {
    const value = fieldValue(of, path)
    const change = pendingOf(of, path)
    if (change !== undefined) {
      const why = change.trouble === undefined ? '' : `<br>${text(change.trouble.why)}`
      rows.push(
        rowHtml(
          label,
          `${said(path, value)}<br><span class="waiting">waiting</span> ${said(path, change.new)}${why}`,
        ),
      )
    } else if (value === undefined) unread.push(label)
    else if (isEmptyValue(value)) empty.push(label)
    else rows.push(rowHtml(label, said(path, value)))
  }
  const named = (word: string, labels: readonly string[]) =>
    labels.length === 0 ? '' : `<p class="quiet">${word}: ${escapeHtml(labels.join(', '))}.</p>\n`
  return `<section>
<h3>${escapeHtml(name)}</h3>
${rows.length === 0 ? '' : `<table><tbody>${rows.join('')}</tbody></table>\n`}${named('Empty', empty)}${named('Not read', unread)}</section>
`
}

const rowHtml = (label: string, value: string): string =>
  `<tr><th scope="row">${escapeHtml(label)}</th><td>${value}</td></tr>\n`

function callsHtml(calls: CallHandling): string {
  const stateOf = (id: (typeof services)[number]['id']) => calls.services[id]
  const has = (id: (typeof services)[number]['id']) => stateOf(id)?.assigned
  const now = whatHappens({ valueAt: (path) => fieldValue(calls, path), has })
  const then = whatHappens({
    valueAt: (path) => {
      const change = pendingOf(calls, path)
      return change === undefined ? fieldValue(calls, path) : change.new
    },
    has,
  })
  const times = Object.values(calls.services).map(({ readAt }) => readAt)
  const isWaiting = ({ fields }: (typeof services)[number]) =>
    fields.some(({ path }) => pendingOf(calls, path) !== undefined)
  const shown = services.filter((service) => has(service.id) === true || isWaiting(service))
  const named = (word: string, assigned: boolean | undefined) => {
    const labels = services.filter(
      (service) => has(service.id) === assigned && !(assigned === undefined && isWaiting(service)),
    )
    return labels.length === 0
      ? ''
      : `<p class="quiet">${word}: ${escapeHtml(labels.map(({ label }) => label).join(', '))}.</p>\n`
  }
  return `<p class="sentence">${text(now)}</p>
${then === now ? '' : `<p class="sentence"><span class="waiting">waiting</span> ${text(then)}</p>\n`}${times.length === 0 ? '' : `<p class="quiet">Read ${time(Math.min(...times))}.</p>\n`}${shown
  .map(({ label, fields }) => roomHtml(label, fields, calls))
  .join('')}${named('Services that this user does not have', false)}${named('Services not read', undefined)}`
}

function historyHtml({ items, total }: SheetFacts['history']): string {
  if (total === 0) return '<p class="quiet">Nothing is known to have changed.</p>\n'
  const bound =
    total > items.length
      ? `The newest ${items.length} of ${total} changes that this computer knows of.`
      : 'The changes that this computer knows of, newest first.'
  return `<p class="quiet">${bound}</p>
${items.map((item) => ('seenAt' in item ? seenHtml(item) : entryHtml(publicEntry(item)))).join('')}`
}

function entryHtml(entry: HistoryEntry): string {
  const facts = [
    entry.account === '' ? undefined : `by ${text(entry.account)}`,
    entry.reason === undefined ? undefined : `reason: ${text(entry.reason)}`,
  ].filter((fact) => fact !== undefined)
  return changeHtml(
    `${time(entry.startedWall)} · ${text(outcomeText(entry))}`,
    [text(entry.words), ...facts].join(' · '),
    entry.fields.map((path) => differenceHtml(entry, path)),
  )
}

function seenHtml({ since, seenAt, changes }: Sighting): string {
  return changeHtml(
    `${time(seenAt)} · Changed elsewhere`,
    `Between ${time(since)} and ${time(seenAt)}, not from this computer`,
    changes.map(({ path, before, after }) =>
      differenceHtml({ before: { [path]: before }, asked: { [path]: after } }, path),
    ),
  )
}

const changeHtml = (head: string, facts: string, rows: readonly string[]): string => `<article>
<h3>${head}</h3>
<p class="quiet">${facts}</p>
${rows.length === 0 ? '' : `<table><tbody>${drawn(rows.join('\n'))}</tbody></table>\n`}</article>
`

const style = `
:root { color-scheme: light; }
body { max-width: 48rem; margin: 0 auto; padding: 2rem 1.5rem; background: #fff; color: #1b1f24; font: 14px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.625rem; line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.125rem; margin: 2rem 0 0.5rem; padding-bottom: 0.25rem; border-bottom: 2px solid #1b1f24; }
h3 { font-size: 0.875rem; margin: 1rem 0 0.25rem; }
p { margin: 0.25rem 0; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th, td { padding: 0.25rem 0.5rem 0.25rem 0; border-top: 1px solid #dde1e6; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { width: 34%; font-weight: 400; color: #4b5563; }
td { white-space: pre-line; }
td bdi, td del, td ins { unicode-bidi: isolate; }
del { color: #a40000; }
ins { color: #0b5c1e; text-decoration: underline; }
.ids, .quiet { color: #57606a; }
.sentence { font-size: 1rem; }
.waiting { padding: 0 0.375rem; border: 1px solid #8a5a00; border-radius: 0.25rem; background: #fff4d6; color: #5c3b00; font-size: 0.8125rem; }
@page { margin: 16mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2, h3 { break-after: avoid; }
  tr, header { break-inside: avoid; }
  .waiting { background: none; }
}
`
