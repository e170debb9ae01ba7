import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { readWorkbook } from '../../../../../electron/features/users/batch/workbook'
import { createPause } from '../../../../../electron/platform/pause'

const work = { pause: createPause(() => performance.now(), 8), signal: new AbortController().signal }
const first = () => true

function book(rows: string, more: Record<string, string> = {}): Uint8Array {
  const parts: Record<string, string> = {
    'xl/workbook.xml':
      '<workbook xmlns:r="r"><sheets><sheet name="People" sheetId="1" r:id="rId1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
    ...more,
  }
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])))
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
