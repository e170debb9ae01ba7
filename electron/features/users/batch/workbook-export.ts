import { strToU8, Zip, ZipDeflate } from 'fflate'
import { editable, type Field, fieldAt } from '../../../../shared/user/catalogue'
import { clearWord, isOwnWord, lackedWord, marked, unreadWord } from '../../../../shared/user/cell'
import { keyPaths } from '../../../../shared/user/sheet'
import type { FieldPath } from '../../../../shared/user/types'
import { Refusal } from '../../../ipc/refusal'
import { savedOf } from '../saved'
import { exportedCell, headingOf } from './export'
import type { RuledRow } from './source'

/** Lines of a sheet below its first, as Excel has them. */
const mostUsers = 1_048_575

/** What XML cannot carry, and what would be taken for the way in which it is written then. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const unwritable = /[\0-\x08\x0b-\x1f\ufffe\uffff]|\p{Cs}|_(?=x[0-9a-fA-F]{4}_)/gu
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const escaped = (text: string): string =>
  text
    .replace(unwritable, (odd) => `_x${odd.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
    .replace(/[&<>"]/g, (sign) => entities[sign] ?? sign)

function columnName(at: number): string {
  let name = ''
  for (let left = at + 1; left > 0; left = Math.floor((left - 1) / 26)) {
    name = String.fromCharCode(65 + ((left - 1) % 26)) + name
  }
  return name
}

/** Nothing in a workbook is taken for a formula; only our own words and marks have to be told from texts. */
const written = (text: string) => (text.startsWith("'") || isOwnWord(text) ? marked(text) : text)

const style = { free: 1, key: 2, head: 3 } as const

function line(number: number, cells: readonly string[], styleOf: (at: number) => number): string {
  const parts = cells.map((text, at) =>
    text === ''
      ? ''
      : `<c r="${columnName(at)}${number}" s="${styleOf(at)}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`,
  )
  return `<row r="${number}">${parts.join('')}</row>`
}

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const inPackage = 'http://schemas.openxmlformats.org/package/2006'
const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

const fixedParts: Readonly<Record<string, string>> = {
  '[Content_Types].xml': `<Types xmlns="${inPackage}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${type}.worksheet+xml"/><Override PartName="/xl/worksheets/sheet2.xml" ContentType="${type}.worksheet+xml"/></Types>`,
  '_rels/.rels': `<Relationships xmlns="${inPackage}/relationships"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="Users" sheetId="1" r:id="rId1"/><sheet name="Fields" sheetId="2" r:id="rId2"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${inPackage}/relationships"><Relationship Id="rId1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${relations}/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="${relations}/styles" Target="styles.xml"/></Relationships>`,
  // 49 is the format of text: what is typed stays as it is typed.
  'xl/styles.xml': `<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFEDEDED"/></patternFill></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/><xf numFmtId="49" applyNumberFormat="1" applyProtection="1"><protection locked="0"/></xf><xf numFmtId="49" fillId="2" applyNumberFormat="1" applyFill="1"/><xf numFmtId="49" fontId="1" fillId="2" applyNumberFormat="1" applyFont="1" applyFill="1"/></cellXfs></styleSheet>`,
}

const isKey = (path: FieldPath) => (keyPaths as readonly string[]).includes(path)
const isFree = (path: FieldPath) => {
  const field = fieldAt(path)
  return field !== undefined && editable(field) && !isKey(path)
}

/** The words that explain a field. */
function explainedIn(path: FieldPath, field: Field | undefined): string[] {
  const { max, unit = 'characters', items, choices, kind } = field ?? {}
  const limit =
    max === undefined
      ? ''
      : kind === 'integer'
        ? `at most ${max}`
        : `at most ${max.toLocaleString('en')} ${unit}`
  const many = items === undefined ? '' : `up to ${items} in a cell, one in a line`
  const one = choices?.map(({ label }) => label).join(', ') ?? (kind === 'boolean' ? 'Yes, No' : '')
  return [
    headingOf(path),
    isKey(path) ? 'Says who a line is about; not changed' : isFree(path) ? 'Can be changed' : 'Only shown',
    [limit, many].filter((text) => text !== '').join('; '),
    one,
  ]
}

function fieldsSheet(paths: readonly FieldPath[]): string {
  const lines = [
    ['Field', 'In this file', 'Limits', 'One of'],
    ...paths.map((path) => explainedIn(path, fieldAt(path))),
    [],
    ['A blank cell changes nothing.'],
    [`A cell with ${clearWord} clears the field.`],
    [
      `${unreadWord}: the server was not asked for it yet. ${lackedWord}: the user does not have the service. Both change nothing.`,
    ],
    ['Keep the cells as text: a spreadsheet drops zeros and plus signs of numbers.'],
  ]
  const rows = lines.map((cells, at) => line(at + 1, cells, () => (at === 0 ? style.head : style.key)))
  return `<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="4" width="36" customWidth="1"/></cols><sheetData>${rows.join('')}</sheetData></worksheet>`
}

function sheetHead(paths: readonly FieldPath[]): string {
  const columns = paths.map((path, at) => {
    const look = isFree(path) ? style.free : style.key
    return `<col min="${at + 1}" max="${at + 1}" width="${isKey(path) ? 28 : 18}" style="${look}" customWidth="1"/>`
  })
  const view =
    '<sheetView tabSelected="1" workbookViewId="0"><pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/></sheetView>'
  return `<worksheet xmlns="${main}"><sheetViews>${view}</sheetViews><cols>${columns.join('')}</cols><sheetData>${line(1, paths.map(headingOf), () => style.head)}`
}

// Against a slip, not against anybody: there is no password.
const sheetEnd =
  '</sheetData><sheetProtection sheet="1" formatColumns="0" formatRows="0" sort="0" autoFilter="0"/></worksheet>'

/**
 * Users as an Excel workbook, portion by portion: every cell is text, the columns that say who a line is about are
 * locked, and a second sheet explains the fields. What is not known says so, see {@link exportedCell}.
 */
export function* usersWorkbook(
  paths: readonly FieldPath[],
  portions: Iterable<readonly RuledRow[]>,
): Generator<{ readonly text: Uint8Array; readonly users: number }> {
  let pieces: Uint8Array[] = []
  const zip = new Zip((error, piece) => {
    if (error) throw error
    pieces.push(piece)
  })
  const taken = function* (users: number) {
    for (const text of pieces) yield { text, users: 0 }
    pieces = []
    yield { text: new Uint8Array(0), users }
  }
  const add = (name: string) => {
    const part = new ZipDeflate(name, { level: 6 })
    zip.add(part)
    return part
  }
  for (const [name, text] of Object.entries(fixedParts)) add(name).push(strToU8(declaration + text), true)
  add('xl/worksheets/sheet2.xml').push(strToU8(declaration + fieldsSheet(paths)), true)
  const sheet = add('xl/worksheets/sheet1.xml')
  sheet.push(strToU8(declaration + sheetHead(paths)))
  let number = 1
  for (const rows of portions) {
    const lines = rows.map((row) => {
      const saved = savedOf(row)
      const cells = paths.map((path) => exportedCell(saved, path, written))
      if (++number > mostUsers + 1) {
        throw new Refusal('file', `A workbook holds at most ${mostUsers.toLocaleString('en')} users.`, {
          next: 'Export a CSV file, or fewer users.',
        })
      }
      return line(number, cells, (at) => (isFree(paths[at] as FieldPath) ? style.free : style.key))
    })
    sheet.push(strToU8(lines.join('')))
    yield* taken(rows.length)
  }
  sheet.push(strToU8(sheetEnd), true)
  zip.end()
  yield* taken(0)
}
