import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { columnsOf, usersCsv } from '../../electron/features/users/batch/export'
import {
  doubtIn,
  likeliestReading,
  readLines,
  readSheetFile,
} from '../../electron/features/users/batch/sheet-file'
import { sheetSource } from '../../electron/features/users/batch/source'
import { usersWorkbook } from '../../electron/features/users/batch/workbook-export'
import { createPause } from '../../electron/platform/pause'
import type { UserRow } from '../../shared/user/shapes'
import { displayValue } from '../../shared/user/value'

// npm run roundtrip: users are exported, opened and saved by LibreOffice, and imported. Nobody changed anything, so
// every proposed change is a wrong one.

const names = (
  'Łukasz Żółkiewski|Ana Müller|Jiří Dvořák|Søren Ødegård|Zoë Brontë|O’Connor|Иван Щукин|タロウ 山田|Şahin Yıldız|' +
  'Παπαδόπουλος Γ|Μaria-José Núñez|Nguyễn Ánh|=SUM(A1)|-north|@desk|Anne‑Marie Ryan|Müller; Söhne|d’Àvila "Bo"'
).split('|')
const awkward = (
  '1/2|12-3|1E4|1.10|1,000|(12)|5%|TRUE|May-12|123456789012345678|0012|+49 30 1234|00001000000000000017|1.5|2-Jan|' +
  '12:30|$5|1 000|007|10/11/12|wahr|0x1F|-5|+7|1e400|½|#N/A|3.0|2026-01-02|00|Floor 2|12. Mrz|Jan 5|100%|.5|5.|1-1-1'
).split('|')
const at = <T>(list: readonly T[], n: number): T => list[n % list.length] as T

const users: UserRow[] = Array.from({ length: 1_000 }, (_, n) => {
  const [first = '', ...last] = at(names, n).split(' ')
  const userId = n % 10 === 0 ? `+1513555${String(1000 + n)}@acme.example` : `u${n}@acme.example`
  return {
    key: { serviceProviderId: 'acme', groupId: n % 7 === 0 ? '007' : 'sales', userId },
    fields: {
      firstName: first,
      lastName: last.join(' ') || at(names, n + 5),
      title: at(awkward, n),
      extension: String(n).padStart(4, '0'),
      phoneNumber: `+1513555${String(1000 + n)}`,
      mobilePhoneNumber: at(['0123456', '+49301234567', '5135551234'], n),
      addressLocation: at(awkward, n * 7 + 3),
      'address.addressLine1': `${at(awkward, n * 3)}`,
      'address.zipOrPostalCode': at(['00124', '1E4', '12345', '01-234'], n),
      'address.city': at(names, n * 5),
      emailAddress: `u${n}@mail.example`,
      pagerPhoneNumber: String(10 ** 9 + n),
    },
    completeness: 'full',
    pending: {},
    state: 'clean',
  }
})
const byId = new Map(users.map((user) => [user.key.userId, user]))
const pause = createPause(() => performance.now(), 50)

const rowsNamed = (ids: readonly string[]) => ids.flatMap((id) => byId.get(id) ?? [])

async function imported(path: string): Promise<{ wrong: string[]; noted: number; stopped: string[] }> {
  const bytes = readFileSync(path)
  const signal = new AbortController().signal
  const sheet = await readSheetFile({ name: path, bytes }, { pause, signal, onProgress: () => {} })
  const found = await likeliestReading(sheet, rowsNamed, pause)
  const directory = {
    rowsNamed,
    userIds: () => [[...byId.keys()]],
  }
  const lines = await readLines(sheet, found.reading, pause)
  if (sheet.head === undefined) throw new Error(sheet.why)
  const doubt = await doubtIn(sheet, found, rowsNamed, pause)
  const source = await sheetSource(sheet.head, lines, directory, () => undefined, pause, doubt)
  const wrong: string[] = []
  const stopped: string[] = []
  let noted = 0
  for (let item = 0; item < source.size; item++) {
    const { user } = source.look(item, new Map())
    if (user?.problem !== undefined) stopped.push(`${user.user.userId}: ${user.problem}`)
    for (const { path: field, base = null, mine = null, problem, kept, typed } of user?.edits ?? []) {
      const what = `${user?.user.userId} ${field}: ${displayValue(field, base)} → ${typed ?? displayValue(field, mine)}`
      if (kept !== undefined) noted++
      else if (problem !== undefined) stopped.push(`${what} (${problem})`)
      else wrong.push(what)
    }
  }
  if (source.size < users.length) stopped.push(`${users.length - source.size} lines are missing`)
  return { wrong, noted, stopped }
}

const folder = mkdtempSync(join(tmpdir(), 'gungnir-roundtrip-'))
const convert = (file: string, to: string, ...more: string[]) => {
  const out = mkdtempSync(join(folder, 'out-'))
  const profile = `-env:UserInstallation=file://${join(folder, 'office')}`
  const args = [profile, '--headless', ...more, '--convert-to', to, '--outdir', out, file]
  execFileSync('soffice', args, { stdio: 'ignore' })
  return join(out, `users.${to.split(':')[0]}`)
}

try {
  execFileSync('soffice', ['--version'], { stdio: 'ignore' })
} catch {
  console.log('LibreOffice is not installed (Debian: libreoffice-calc), so nothing was tried.')
  process.exit(0)
}
try {
  mkdirSync(join(folder, 'own'))
  const csv = join(folder, 'own', 'users.csv')
  const book = join(folder, 'own', 'users.xlsx')
  const paths = columnsOf(undefined)
  writeFileSync(csv, [...usersCsv(paths, [users])].map(({ text }) => text).join(''))
  writeFileSync(book, Buffer.concat([...usersWorkbook(paths, [users])].map(({ text }) => text)))
  const filter = (encoding: number) => `csv:Text - txt - csv (StarCalc):44,34,${encoding},1`
  const read = '--infilter=CSV:44,34,76,1'
  const encodings = { 'UTF-8': 76, 'UTF-16': 65_535, 'Windows-1252': 1, 'Windows-1250': 33 }
  const tried: [string, () => string][] = [
    ['our own CSV', () => csv],
    ['our own workbook', () => book],
    ...Object.entries(encodings).flatMap(([name, encoding]): [string, () => string][] => [
      [`CSV → LibreOffice → CSV in ${name}`, () => convert(csv, filter(encoding), read)],
      [`workbook → LibreOffice → CSV in ${name}`, () => convert(book, filter(encoding))],
    ]),
    ['CSV → LibreOffice → .xlsx', () => convert(csv, 'xlsx:Calc MS Excel 2007 XML', read)],
    ['workbook → LibreOffice → .xlsx', () => convert(book, 'xlsx:Calc MS Excel 2007 XML')],
    ['CSV → .ods → CSV', () => convert(convert(csv, 'ods', read), filter(76))],
    ['workbook → .ods → CSV', () => convert(convert(book, 'ods'), filter(76))],
  ]
  let wrongs = 0
  for (const [name, made] of tried) {
    const { wrong, noted, stopped } = await imported(made())
    wrongs += wrong.length
    console.log(
      `${name}: ${wrong.length} wrong changes, ${noted} put back and noted, ${stopped.length} for a person`,
    )
    for (const line of [...wrong, ...stopped].slice(0, 5)) console.log(`  ${line}`)
  }
  console.log(`${wrongs} silent wrong changes of ${users.length} users in ${tried.length} round trips`)
  process.exitCode = wrongs === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
