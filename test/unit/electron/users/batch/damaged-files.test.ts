import { describe, expect, it } from 'vitest'
import { parseCsv } from '../../../../../electron/features/users/batch/csv'
import { usersCsv } from '../../../../../electron/features/users/batch/export'
import {
  doubtIn,
  likeliestReading,
  readLines,
  readSheetFile,
} from '../../../../../electron/features/users/batch/sheet-file'
import { sheetSource } from '../../../../../electron/features/users/batch/source'
import { createPause } from '../../../../../electron/platform/pause'
import { csvLine } from '../../../../../shared/csv'
import type { UserRow } from '../../../../../shared/user/shapes'
import { damages, locales } from '../../../shared/user/rendering/damages'

const names =
  'Łukasz|Müller|Jiří|O’Connor|O\'Brien|Иван|タロウ|Anne‑Marie|=SUM(A1)|-north|@desk|d’Àvila "Bo"|Nguyễn|Müller; Söhne'.split(
    '|',
  )
const awkward =
  '1/2|12-3|1E4|1.10|1,000|(12)|5%|TRUE|May-12|123456789012345678|0012|2-Jan|12:30|$5|007|10/11/12|½|Floor 2|Head, Sales|3.0'.split(
    '|',
  )
const paths = [
  'userId',
  'groupId',
  'firstName',
  'lastName',
  'title',
  'extension',
  'mobilePhoneNumber',
  'addressLocation',
  'address.zipOrPostalCode',
  'department',
]
const at = (list: readonly string[], n: number) => list[n % list.length] as string
const users: UserRow[] = Array.from({ length: 20 }, (_, n) => ({
  key: { serviceProviderId: 'acme', groupId: 'sales', userId: `u${n}@acme.example` },
  fields: {
    firstName: at(names, n),
    lastName: at(names, n * 3 + 5),
    title: at(awkward, n),
    extension: String(n * 37).padStart(4, '0'),
    mobilePhoneNumber: at(['0123456', '+49301234567', '(513) 555-1234', '+1-5135550188'], n),
    addressLocation: at(awkward, n * 7 + 3),
    'address.zipOrPostalCode': at(['00124', '1E4', '12345', '01-234'], n),
    department: {
      name: at(['Support (Tier 2)', '1-2', 'Łódź'], n),
      serviceProviderId: 'acme',
      groupId: 'sales',
    },
  },
  completeness: 'full',
  pending: {},
  state: 'clean',
}))
const rowsNamed = (ids: readonly string[]) => users.filter(({ key }) => ids.includes(key.userId))
const directory = { rowsNamed, userIds: () => [users.map(({ key }) => key.userId)] }
const work = {
  pause: createPause(() => performance.now(), 50),
  signal: new AbortController().signal,
  onProgress: () => {},
}

async function exported(): Promise<readonly (readonly string[])[]> {
  const text = [...usersCsv(paths, [users])].map((piece) => piece.text).join('')
  const lines: (readonly string[])[] = []
  await parseCsv([text.replace('\ufeff', '')], {
    ...work,
    delimiter: ',',
    onLines: (some) => lines.push(...some.map(({ cells }) => cells)),
  })
  return lines
}

/** What a file would change without asking. */
async function ticked(text: string): Promise<string[]> {
  const sheet = await readSheetFile({ name: 'users.csv', bytes: new TextEncoder().encode(text) }, work)
  if (sheet.head === undefined) throw new Error(sheet.why)
  const found = await likeliestReading(sheet, rowsNamed, work.pause)
  const lines = await readLines(sheet, found.reading, work.pause)
  const doubt = await doubtIn(sheet, found, rowsNamed, work.pause)
  const source = await sheetSource(sheet.head, lines, directory, () => undefined, work.pause, doubt)
  const changes: string[] = []
  for (let item = 0; item < source.size; item++) {
    const { user } = source.look(item, new Map())
    for (const { path, base, mine, problem, kept } of user?.edits ?? []) {
      if (problem === undefined && kept === undefined)
        changes.push(`${path}: ${JSON.stringify(base)} → ${JSON.stringify(mine)}`)
    }
  }
  return changes
}

describe.each(locales)('a file that went through a program in $id', (locale) => {
  it.each(Object.entries(damages))('with %s proposes nothing', async (_, damage) => {
    const [head = [], ...lines] = await exported()
    const damaged = lines.map(([id = '', group = '', ...cells]) => [
      id,
      group,
      ...cells.map((cell) => damage(cell, locale) ?? cell),
    ])
    expect(await ticked([head, ...damaged].map(csvLine).join(''))).toEqual([])
  })
})

it('a file in which a person changed something proposes just that', async () => {
  const [head = [], ...lines] = await exported()
  const changed = lines.map((cells, n) => (n === 7 ? cells.with(4, 'The Boss') : cells))
  expect(await ticked([head, ...changed].map(csvLine).join(''))).toEqual(['title: "TRUE" → "The Boss"'])
})

/** What happens to the cells of one line: one is lost or doubled, and those behind it stop slipping somewhere. */
const slips: Readonly<Record<string, (cells: readonly string[], from: number, to: number) => string[]>> = {
  'one missing': (cells, from, to) => [
    ...cells.slice(0, from),
    ...cells.slice(from + 1, to + 1),
    '',
    ...cells.slice(to + 1),
  ],
  'one missing, and the last of them doubled': (cells, from, to) => [
    ...cells.slice(0, from),
    ...cells.slice(from + 1, to + 1),
    cells[to] ?? '',
    ...cells.slice(to + 1),
  ],
  'one too many': (cells, from, to) => [
    ...cells.slice(0, from),
    '',
    ...cells.slice(from, to),
    ...cells.slice(to + 1),
  ],
  'one doubled': (cells, from, to) => [
    ...cells.slice(0, from),
    cells[from] ?? '',
    ...cells.slice(from, to),
    ...cells.slice(to + 1),
  ],
}

it.each(Object.entries(slips))(
  'a line of which cells slipped by one, %s, proposes nothing',
  async (_, slip) => {
    const [head = [], ...lines] = await exported()
    const wrong: string[] = []
    for (let from = 2; from < head.length - 1; from++) {
      for (let to = from + 1; to < head.length; to++) {
        const moved = lines.map((cells, n) => (n % 3 === from % 3 ? slip(cells, from, to) : cells))
        wrong.push(...(await ticked([head, ...moved].map(csvLine).join(''))))
      }
    }
    expect(wrong).toEqual([])
  },
)

it('a line of which the end is missing proposes nothing, wherever the file was cut', async () => {
  const [head = [], ...lines] = await exported()
  const wrong: string[] = []
  for (let n = 1; n <= lines.length; n++) {
    const text = [head, ...lines.slice(0, n)].map(csvLine).join('').trimEnd()
    for (let less = 0; less < 40; less++) wrong.push(...(await ticked(text.slice(0, text.length - less))))
  }
  expect(wrong).toEqual([])
})

describe('a file that was cut within a new value', () => {
  const withNew = async (value: (n: number) => string) => {
    const [head = [], ...lines] = await exported()
    const few = lines.slice(0, 8).map((cells, n) => [...cells.slice(0, 4), value(n)])
    return [head.slice(0, 5), ...few].map(csvLine).join('')
  }

  it.each<[string, string, (n: number) => string]>([
    ['a mark in front', '\ufeff', (n) => `Head ${n}`],
    ['the same value above', '', () => 'Head of Sales'],
    ['the same domain above', '', (n) => `ann.${n}@acme.example`],
    ['longer numbers above', '', (n) => `${70_000 + n * 31}`],
  ])('with %s, leaves it to a person; one that ends with a line does not', async (_, mark, value) => {
    const text = mark + (await withNew(value))
    const all = await ticked(text)
    expect(all.length).toBe(8)
    const most = value(7).includes('@') ? 9 : value(7).length
    for (let less = 1; less < most; less++) {
      expect(await ticked(text.trimEnd().slice(0, -less))).toEqual(all.slice(0, 7))
    }
  })

  it('takes the last cell as it stands where programs leave out the last line end and nothing looks cut off', async () => {
    expect((await ticked((await withNew((n) => `Head ${n}`)).trimEnd())).length).toBe(8)
  })
})

it('what people copy from one field to another on purpose is proposed', async () => {
  const [head = [], ...lines] = await exported()
  const [first, location] = [head.indexOf('First name'), head.indexOf('Location')]
  const copied = lines.map((cells) => cells.with(location, 'Headquarters').with(first, `New ${cells[first]}`))
  expect((await ticked([head, ...copied].map(csvLine).join(''))).length).toBe(2 * lines.length)
})

/** As databases write files: a backslash before what would part cells, with and without quotation marks around all. */
const escapings: Readonly<Record<string, (cell: string) => string>> = {
  'without quotation marks': (cell) => cell.replace(/[\\,"\n]/g, '\\$&'),
  'within quotation marks': (cell) => `"${cell.replace(/[\\"]/g, '\\$&')}"`,
}

describe.each(Object.entries(escapings))('backslashes before separators, %s', (_, escaped) => {
  it('are read as they are meant, wherever the file is taken apart', async () => {
    const [head = [], ...lines] = await exported()
    const written = [head, ...lines.map((cells, n) => (n === 3 ? cells.with(4, 'Head, "Sales"') : cells))]
    const text = written.map((cells) => `${cells.map(escaped).join(',')}\n`).join('')
    expect(await ticked(text)).toEqual(['title: "1.10" → "Head, \\"Sales\\""'])
    for (const size of [1, 3, 7]) {
      const read: (readonly string[])[] = []
      const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
      await parseCsv(pieces, {
        ...work,
        delimiter: ',',
        escapes: true,
        onLines: (some) => read.push(...some.map(({ cells }) => cells)),
      })
      expect(read).toEqual(written)
    }
  })

  it('are a problem of their line where elsewhere they stand for themselves', async () => {
    const [head = [], ...lines] = await exported()
    const texts = [head, ...lines.map((cells, n) => (n < 3 ? cells.with(4, 'A\\\\B') : cells))].map(csvLine)
    const broken = lines[19]?.with(4, 'Head, "Sales"').map(escaped).join(',')
    const bytes = new TextEncoder().encode([...texts.slice(0, 20), `${broken}\n`].join(''))
    const { lines: read } = await readSheetFile({ name: 'users.csv', bytes }, work)
    expect(read.map(({ problem }) => problem !== undefined)).toEqual(read.map((_, n) => n === 19))
    expect(read.at(-1)?.problem).toMatch(/backslash|quotation/)
  })
})
