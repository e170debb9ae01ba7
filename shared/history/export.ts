import { byteOrderMark, csvLine } from '../csv'
import { labelOf } from '../user/catalogue'
import { marked } from '../user/cell'
import type { FieldPath, FieldValue } from '../user/types'
import { recordedValue } from '../user/value'
import { difference } from './difference'
import { isOutcome, outcomeWords } from './outcomes'
import { publicEntry } from './public'
import type { HistoryEntry } from './shapes'

export type ExportFormat = 'csv' | 'jsonl' | 'html'

/** What a report says about itself. */
export interface ExportFacts {
  /** The search that found the entries, as it was typed. */
  readonly search: string
  readonly entries: number
  /** Wall ms. */
  readonly madeAt: number
}

/** The history as text, piece by piece, so that a long one is never in memory as a whole. Holds no secret. */
export function* exportHistory(
  format: ExportFormat,
  portions: Iterable<readonly HistoryEntry[]>,
  facts: ExportFacts,
): Generator<string> {
  const writer = writers[format]
  yield writer.head(facts)
  for (const portion of portions) yield portion.map((entry) => writer.entry(publicEntry(entry))).join('')
  yield writer.tail
}

interface Writer {
  readonly head: (facts: ExportFacts) => string
  readonly entry: (entry: HistoryEntry) => string
  readonly tail: string
}

export const isoTime = (wall: number): string => new Date(wall).toISOString()

export const outcomeText = (entry: Pick<HistoryEntry, 'outcome'>): string =>
  isOutcome(entry.outcome) ? outcomeWords[entry.outcome] : entry.outcome

/** A value in words; undefined when it is not known, which is not the same as empty. */
const valueText = (
  values: Readonly<Record<FieldPath, FieldValue>> | undefined,
  path: FieldPath,
): string | undefined =>
  values !== undefined && Object.hasOwn(values, path) ? recordedValue(path, values[path] ?? null) : undefined

/** Stands in a cell for a value that is not known. */
const unknownWord = '<not known>'

// --- CSV ---------------------------------------------------------------------------------------------------

/** One line for each field of each entry. */
const csvColumns: readonly [
  name: string,
  of: (entry: HistoryEntry, path: FieldPath) => string | number | undefined,
][] = [
  ['Time (UTC)', ({ startedWall }) => isoTime(startedWall)],
  ['Service provider', ({ user }) => user.serviceProviderId],
  ['Group', ({ user }) => user.groupId],
  ['User ID', ({ user }) => user.userId],
  ['User', ({ userName }) => userName],
  ['Action', ({ action }) => action],
  ['Field', (_, path) => labelOf(path)],
  ['Path', (_, path) => path],
  ['Before', ({ before }, path) => valueText(before, path) ?? unknownWord],
  ['Asked', ({ asked }, path) => valueText(asked, path) ?? unknownWord],
  ['After', ({ after }, path) => valueText(after, path) ?? unknownWord],
  ['Outcome', outcomeText],
  ['Details', ({ words }) => words],
  ['Account', ({ account }) => account],
  ['Server', ({ origin }) => origin],
  ['Reason', ({ reason }) => reason],
  ['Batch', ({ batchId }) => batchId],
  ['Status', ({ status }) => status],
  ['Error', ({ errorCode }) => errorCode],
  ['Duration (ms)', ({ durationMs }) => rounded(durationMs)],
  ['Unguarded (ms)', ({ unguardedMs }) => rounded(unguardedMs)],
  ['Puts back', ({ reverts }) => reverts],
  ['Put back by', ({ revertedBy }) => revertedBy],
  ['Number', ({ seq }) => seq],
  ['ID', ({ id }) => id],
]

const rounded = (ms: number | undefined): number | undefined =>
  ms === undefined ? undefined : Math.round(ms)

/** A cell of a CSV file. A text that a spreadsheet would take for a formula gets an apostrophe in front. */
const written = (value: string | number | undefined): string =>
  value === undefined ? '' : typeof value === 'number' ? String(value) : marked(value)

const csv: Writer = {
  // Excel takes a file without this mark for one of the old code pages.
  head: () => byteOrderMark + csvLine(csvColumns.map(([name]) => name)),
  entry: (entry) =>
    entry.fields.map((path) => csvLine(csvColumns.map(([, of]) => written(of(entry, path))))).join(''),
  tail: '',
}

// --- JSON Lines --------------------------------------------------------------------------------------------

const jsonLines: Writer = {
  head: () => '',
  entry: (entry) => `${JSON.stringify({ ...entry, startedAt: isoTime(entry.startedWall) })}\n`,
  tail: '',
}

// --- HTML --------------------------------------------------------------------------------------------------

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what HTML forbids, even as a reference
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]/g

export function escapeHtml(text: string): string {
  return text
    .replace(unprintable, '\ufffd')
    .replace(/[&<>"']/g, (character) => escapes[character] ?? character)
}

const style = `
:root { color-scheme: light dark; }
body { font: 14px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
article { border-top: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: 0.75rem 0; }
h2 { font-size: 1rem; margin: 0; }
p { margin: 0.25rem 0; }
table { border-collapse: collapse; margin-top: 0.25rem; }
th, td { text-align: start; vertical-align: top; padding: 0.125rem 1rem 0.125rem 0; overflow-wrap: anywhere; }
th { font-weight: 600; white-space: nowrap; }
del { color: light-dark(#a40000, #ff9b9b); }
ins { color: light-dark(#0b5c1e, #8fe0a3); text-decoration: underline; }
.quiet { opacity: 0.75; }
`

const marks = { removed: 'del', added: 'ins', same: undefined } as const

/** A row of a table: the field, and what it was and was to become. */
export function differenceHtml(
  entry: Pick<HistoryEntry, 'before' | 'asked' | 'after'>,
  path: FieldPath,
): string {
  const before = Object.hasOwn(entry.before, path) ? (entry.before[path] ?? null) : null
  const asked = Object.hasOwn(entry.asked, path) ? (entry.asked[path] ?? null) : null
  const pieces = difference(path, before, asked)
  const unknown = Object.hasOwn(entry.before, path) ? '' : '<span class="quiet">not known</span> → '
  const shown = pieces.map(({ kind, text }) => {
    const tag = marks[kind]
    return tag === undefined ? escapeHtml(text) : `<${tag}>${escapeHtml(text)}</${tag}>`
  })
  const isList = Array.isArray(before) || Array.isArray(asked)
  // The parts of a text bring their own blanks; an old and a new text do not.
  const separator = isList ? ', ' : pieces.some(({ kind }) => kind === 'same') ? '' : ' '
  const after = valueText(entry.after, path)
  const became =
    after !== undefined && after !== recordedValue(path, asked)
      ? ` <span class="quiet">(then on the server: ${after === '' ? 'empty' : escapeHtml(after)})</span>`
      : ''
  return `<tr><th scope="row">${escapeHtml(labelOf(path))}</th><td>${unknown}${shown.join(separator) || 'empty'}${became}</td></tr>`
}

function entryHtml(entry: HistoryEntry): string {
  const facts = [
    entry.account === '' ? undefined : `by ${entry.account}`,
    `on ${entry.origin}`,
    entry.reason === undefined ? undefined : `reason: ${entry.reason}`,
    entry.batchId === undefined ? undefined : `batch: ${entry.batchId}`,
    entry.unguardedMs === undefined ? undefined : `unguarded for ${Math.round(entry.unguardedMs)} ms`,
  ].filter((fact) => fact !== undefined)
  const time = isoTime(entry.startedWall)
  return `<article id="entry-${entry.seq}">
<h2>${escapeHtml(entry.userName)} <span class="quiet">${escapeHtml(entry.user.userId)}</span></h2>
<p><time datetime="${time}">${time.replace('T', ' ').slice(0, 19)} UTC</time>: <strong>${escapeHtml(outcomeText(entry))}.</strong> ${escapeHtml(entry.words)}</p>
<p class="quiet">${escapeHtml(facts.join(' · '))}</p>
<table><tbody>${entry.fields.map((path) => differenceHtml(entry, path)).join('')}</tbody></table>
</article>
`
}

const html: Writer = {
  head: ({ search, entries, madeAt }) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Gungnir history</title>
<style>${style}</style>
</head>
<body>
<h1>History</h1>
<p>${entries} ${entries === 1 ? 'change' : 'changes'}${search.trim() === '' ? '' : ` found by “${escapeHtml(search)}”`}, newest first. Made ${isoTime(madeAt).replace('T', ' ').slice(0, 19)} UTC.</p>
`,
  entry: entryHtml,
  tail: '</body>\n</html>\n',
}

const writers: Readonly<Record<ExportFormat, Writer>> = { csv, jsonl: jsonLines, html }
