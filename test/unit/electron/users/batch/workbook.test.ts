import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { readWorkbook } from '../../../../../electron/features/users/batch/workbook'
import { createPause } from '../../../../../electron/platform/pause'

const work = { pause: createPause(() => performance.now(), 8), signal: new AbortController().signal }
const first = () => true

const zipped = (parts: Record<string, string>) =>
  Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)]))

function book(rows: string, more: Record<string, string> = {}): Uint8Array {
  const parts: Record<string, string> = {
    'xl/workbook.xml':
      '<workbook xmlns:r="r"><sheets><sheet name="People" sheetId="1" r:id="rId1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
    ...more,
  }
  return zipSync(zipped(parts))
}

describe('a workbook', () => {
  it('gives texts as they were typed, in the columns where they stand', async () => {
    const rows =
      '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>Title</t></is></c></row>' +
      '<row r="3"><c r="A3" t="s"><v>1</v></c><c r="C3" t="str"><f>HYPERLINK("x")</f><v>Chief &amp; Co_x000D_</v></c></row>'
    const strings =
      '<sst><si><r><t>User </t></r><r><t>ID</t></r></si><si><t>0012</t><rPh><t>aloud</t></rPh></si></sst>'
    const { name, lines } = await readWorkbook(book(rows, { 'xl/sharedStrings.xml': strings }), first, work)
    expect([name, lines]).toEqual([
      'People',
      [
        { number: 1, cells: ['User ID', '', 'Title'] },
        { number: 3, cells: ['0012', '', 'Chief & Co\r'] },
      ],
    ])
  })

  it('shows days, times, percent and truth as a spreadsheet does, and never evaluates a formula', async () => {
    const styles =
      '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="dd/mm/yy"/></numFmts><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs>' +
      '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="9"/><xf numFmtId="20"/></cellXfs></styleSheet>'
    const rows =
      '<row><c s="1"><v>46024</v></c><c s="2"><v>0.05</v></c><c s="3"><v>0.75</v></c><c t="b"><v>1</v></c>' +
      '<c><v>417</v></c><c t="e"><v>#NAME?</v></c><c><f>1+1</f></c><c><v>1</v></c></row>'
    const { lines } = await readWorkbook(book(rows, { 'xl/styles.xml': styles }), first, work)
    expect(lines[0]?.cells).toEqual(['2026-01-02', '5%', '18:00', 'TRUE', '417', '#NAME?', '', '1'])
  })

  const sheet = (...rows: string[][]) =>
    `<worksheet><sheetData>${rows.map((cells) => `<row>${cells.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('')}</row>`).join('')}</sheetData></worksheet>`
  const people = sheet(['User ID', 'Title'], ['a@x', 'Böss'])
  const cellsOf = async (bytes: Uint8Array) =>
    (await readWorkbook(bytes, first, work)).lines.map(({ cells }) => cells)

  it.each([
    [
      'parts that only the relationships name',
      {
        '_rels/.rels':
          '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="/Xl/workbook2.xml"/></Relationships>',
        'Xl/workbook2.xml': '<workbook xmlns:r="r"><sheets><sheet name="P" r:id="b"/></sheets></workbook>',
        'xl/_rels/Workbook2.xml.rels':
          '<Relationships><Relationship Id="b" Type="x/worksheet" Target="../xl/Sheets/P.xml"/></Relationships>',
        'xl/sheets/p.xml': people,
      },
    ],
    [
      'backslashes in names',
      {
        'xl\\workbook.xml': '<workbook xmlns:r="r"><sheets><sheet name="P" r:id="b"/></sheets></workbook>',
        'xl\\_rels\\workbook.xml.rels':
          '<Relationships><Relationship Id="b" Target="worksheets\\p.xml"/></Relationships>',
        'xl\\worksheets\\p.xml': people,
      },
    ],
    [
      'a prefix before every name',
      {
        'xl/worksheets/sheet1.xml': people
          .replace(/<(\/?)/g, '<$1x:')
          .replace('<x:worksheet', '<x:worksheet xmlns:x="y"'),
      },
    ],
    ['a mark of UTF-8', { 'xl/worksheets/sheet1.xml': `\ufeff<?xml version="1.0"?>${people}` }],
  ])('of another program, with %s, is read', async (_, parts) => {
    const whole = 'xl/worksheets/sheet1.xml' in parts ? book('', parts) : zipSync(zipped(parts))
    expect(await cellsOf(whole)).toEqual([
      ['User ID', 'Title'],
      ['a@x', 'Böss'],
    ])
  })

  it('in UTF-16 is read', async () => {
    const wide = Buffer.from(`\ufeff${people}`, 'utf16le')
    const parts = zipped({
      'xl/workbook.xml': '<workbook xmlns:r="r"><sheets><sheet name="P" r:id="b"/></sheets></workbook>',
      'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="b" Target="p.xml"/></Relationships>',
    })
    expect(await cellsOf(zipSync({ ...parts, 'xl/p.xml': wide }))).toContainEqual(['a@x', 'Böss'])
  })

  it('is read in the first sheet that is shown and accepted; others that would be are named', async () => {
    const names = ['Old', 'About', 'A', 'B']
    const parts = {
      'xl/workbook.xml': `<workbook xmlns:r="r"><sheets>${names.map((name, at) => `<sheet name="${name}" r:id="r${at}"${name === 'Old' ? ' state="hidden"' : ''}/>`).join('')}</sheets></workbook>`,
      'xl/_rels/workbook.xml.rels': `<Relationships>${names.map((name, at) => `<Relationship Id="r${at}" Target="${name}.xml"/>`).join('')}</Relationships>`,
      'xl/Old.xml': sheet(['User ID'], ['old']),
      'xl/About.xml': sheet(['Read this']),
      'xl/A.xml': sheet(['User ID'], ['a']),
      'xl/B.xml': sheet(['User ID'], ['b']),
    }
    const accepts = (top: readonly { cells: readonly string[] }[]) =>
      top.some(({ cells }) => cells[0] === 'User ID')
    const { name, others, lines } = await readWorkbook(zipSync(zipped(parts)), accepts, work)
    expect([name, others, lines[1]?.cells]).toEqual(['A', ['B'], ['a']])
  })

  it('tells what it does not show: lines that are hidden, and formulas without a result', async () => {
    const rows =
      '<row><c><v>1</v></c></row><row hidden="1"><c><v>2</v></c></row><row><c><v>3</v></c><c><f>A1</f></c></row>'
    expect(await readWorkbook(book(rows), first, work)).toMatchObject({ hidden: 1, withoutResult: 1 })
  })

  it('shows the zeros and signs that a format gives to numbers, and days that count from 1904', async () => {
    const codes = ['0000', '&quot;+&quot;0', '\\+#', '(0)', '0.00', 'General', 'yyyy\\-mm\\-dd']
    const styles = `<styleSheet><numFmts>${codes.map((code, at) => `<numFmt numFmtId="${170 + at}" formatCode="${code}"/>`).join('')}</numFmts><cellXfs>${codes.map((_, at) => `<xf numFmtId="${170 + at}"/>`).join('')}</cellXfs></styleSheet>`
    const cells = codes.map((_, at) => `<c s="${at}"><v>417</v></c>`).join('')
    const rows = `<row>${cells}<c t="d"><v>2026-01-02T00:00:00</v></c></row>`
    const shown = ['0417', '+417', '+417', '(417)', '417', '417', '1901-02-20', '2026-01-02']
    expect(await cellsOf(book(rows, { 'xl/styles.xml': styles }))).toEqual([shown])
    const mac = {
      'xl/styles.xml': styles,
      'xl/workbook.xml':
        '<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="People" sheetId="1" r:id="rId1"/></sheets></workbook>',
    }
    expect((await cellsOf(book(rows, mac)))[0]?.[6]).toBe('1905-02-21')
  })

  it('of which a cell cannot be told has a problem in that line, and no blank in its place', async () => {
    const text = (at: string, index: string) => `<c r="${at}" t="s"><v>${index}</v></c>`
    const rows =
      `<row r="1">${text('A1', '0')}${text('B1', '1')}</row>` +
      `<row r="2">${text('A2', '1')}${text('B2', '7')}</row>` +
      `<row r="3">${text('A3', 'x')}</row>` +
      `<row r="4">${text('A4', '-1')}</row>` +
      `<row r="5">${text('A5', '1')}${text('B5', '0')}${text('B5', '1')}</row>` +
      `<row r="6">${text('B6', '1')}${text('A6', '0')}<c r="C6" t="s"/><c r="D6" t="b"/></row>`
    const strings = '<sst><si><t>one</t></si><si><t>two</t></si></sst>'
    const { lines } = await readWorkbook(book(rows, { 'xl/sharedStrings.xml': strings }), first, work)
    expect(lines.map(({ number, problem }) => [number, problem?.slice(0, 30)])).toEqual([
      [1, undefined],
      [2, 'The workbook does not have the'],
      [3, 'The workbook does not have the'],
      [4, 'The workbook does not have the'],
      [5, 'Two cells of the workbook stan'],
      [6, undefined],
    ])
    expect(lines[5]?.cells).toEqual(['one', 'two', '', ''])
  })

  it('of which a byte was changed on the way is damaged', async () => {
    const parts = { 'xl/worksheets/sheet1.xml': people }
    const whole = zipSync(
      {
        ...zipped({
          'xl/workbook.xml': '<workbook xmlns:r="r"><sheets><sheet name="P" r:id="b"/></sheets></workbook>',
        }),
        ...zipped(parts),
        ...zipped({
          'xl/_rels/workbook.xml.rels':
            '<Relationships><Relationship Id="b" Target="worksheets/sheet1.xml"/></Relationships>',
        }),
      },
      { level: 0 },
    )
    expect(await cellsOf(whole)).toContainEqual(['a@x', 'Böss'])
    const at = Buffer.from(whole).indexOf('a@x')
    await expect(readWorkbook(whole.with(at, 'b'.charCodeAt(0)), first, work)).rejects.toThrow('damaged')
  })

  it('tells of columns that take no room, and of cells whose format shows nothing', async () => {
    const codes = [';;;', ';;;@', '0', '0;-0;;@', '&quot;;&quot;0']
    const styles = `<styleSheet><numFmts>${codes.map((code, at) => `<numFmt numFmtId="${170 + at}" formatCode="${code}"/>`).join('')}</numFmts><cellXfs>${codes.map((_, at) => `<xf numFmtId="${170 + at}"/>`).join('')}</cellXfs></styleSheet>`
    const numbers = codes.map((_, at) => `<c s="${at}"><v>4</v></c>`).join('')
    const texts = codes.map((_, at) => `<c s="${at}" t="inlineStr"><is><t>x</t></is></c>`).join('')
    const sheetXml = `<worksheet><cols><col min="2" max="3" hidden="1"/><col min="5" max="16384" width="0"/></cols><sheetData><row>${numbers}</row><row ht="0">${texts}</row></sheetData></worksheet>`
    const whole = book('', { 'xl/styles.xml': styles, 'xl/worksheets/sheet1.xml': sheetXml })
    const { hidden, hiddenColumns, unseen, lines } = await readWorkbook(whole, first, work)
    expect({ hidden, unseen, columns: hiddenColumns.slice(0, 4) }).toEqual({
      hidden: 1,
      unseen: 3,
      columns: [1, 2, 4, 5],
    })
    expect(lines.map(({ cells }) => cells[0])).toEqual(['4', 'x'])
  })

  it('with more rows than a spreadsheet has is not read to its end, blank or not', async () => {
    const stop = 'more than 1,048,576 lines'
    await expect(readWorkbook(book('<row r="1048577"/>'), first, work)).rejects.toThrow(stop)
    await expect(readWorkbook(book('<row r="9"/>'.repeat(1_048_577)), first, work)).rejects.toThrow(stop)
  })

  it('with few parts that are far apart is bounded, too', async () => {
    const far = Array.from({ length: 31_000 }, (_, at) => `<row><c r="BXX1"><v>${at}</v></c></row>`).join('')
    await expect(readWorkbook(book(far), first, work)).rejects.toThrow('more than 60,000,000 cells')
  })

  it('that would fill the memory is refused before it is unpacked', async () => {
    const bomb = book(' '.repeat(30_000_000))
    expect(bomb.length).toBeLessThan(60_000)
    await expect(readWorkbook(bomb, first, work)).rejects.toThrow('unpacks to more than 400 times its size')
    const many = Object.fromEntries(Array.from({ length: 2_001 }, (_, at) => [`x${at}`, '']))
    await expect(readWorkbook(book('', many), first, work)).rejects.toThrow('parts')
  })

  it('that is cut, or has more columns than any list, is refused in words', async () => {
    await expect(readWorkbook(book('').subarray(0, 300), first, work)).rejects.toThrow('damaged')
    await expect(readWorkbook(book('<row><c>'), first, work)).rejects.toThrow('damaged')
    const wide = book('<row r="1"><c r="XFD1"><v>1</v></c></row>')
    await expect(readWorkbook(wide, first, work)).rejects.toThrow('more than 2,000 cells')
  })

  it('does not follow what a type declaration says', async () => {
    const strings = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><sst><si><t>&b;</t></si></sst>'
    await expect(readWorkbook(book('', { 'xl/sharedStrings.xml': strings }), first, work)).rejects.toThrow(
      'damaged',
    )
  })
})
