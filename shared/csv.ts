/** Without it, spreadsheets take UTF-8 for something else. */
export const byteOrderMark = '\ufeff'

/**
 * A cell of a CSV file. In quotation marks also when it holds what only other countries part cells by: a spreadsheet
 * there opens the file by its own rules.
 */
export const csvCell = (text: string): string =>
  /[",;|\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

/** A line of a CSV file, with CRLF at its end as RFC 4180 has it. */
export const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`

const formula = '[=+\\-@＝＋－＠]'
const laterStart = new RegExp(`(?<=[,;|\\t\\r\\n])(?='*[ \\u00a0"]*${formula})`, 'g')
const laterMark = new RegExp(`(?<=[,;|\\t\\r\\n])'(?='*[ \\u00a0"]*${formula})`, 'g')
const maybeLater = /[,;|\t\r\n]/

/**
 * With an apostrophe in front of what a spreadsheet would take for a formula if it took a comma, semicolon, tab, bar or
 * line break within the text for the end of a cell.
 */
export const laterMarked = (text: string): string =>
  maybeLater.test(text) ? text.replace(laterStart, "'") : text

/** Takes off what {@link laterMarked} put in. */
export const laterUnmarked = (text: string): string =>
  maybeLater.test(text) ? text.replace(laterMark, '') : text
