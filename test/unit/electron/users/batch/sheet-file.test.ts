import { describe, expect, it } from 'vitest'
import { likelyUserId, readSheetFile } from '../../../../../electron/features/users/batch/sheet-file'
import { createPause } from '../../../../../electron/platform/pause'

const pause = createPause(() => performance.now(), 8)
const read = (text: string) =>
  readSheetFile(
    { name: 'users.csv', bytes: new TextEncoder().encode(text) },
    { pause, signal: new AbortController().signal, onProgress: () => {} },
  )
const rows = async (text: string) =>
  (await read(text)).lines.map(({ number, cells }) => [number, cells[0], cells[1]])

describe('a column that is called something else', () => {
  it.each([
    ['as the server spells them', 'Anna.Öst@x.example', 'Bo@x.example'],
    ['in small letters', 'anna.öst@x.example', 'bo@x.example'],
    ['in capital letters', 'ANNA.ÖST@X.EXAMPLE', 'BO@X.EXAMPLE'],
    ['of 300 letters', `${'a'.repeat(300)}@X.example`, 'bo@x.example'],
  ])('is seen to name users, %s', async (_, one, other) => {
    const sheet = await read(`City,Account\nBonn,${one}\nUlm,${other}\n`)
    const known = ['Anna.Öst@x.example', 'Bo@x.example', `${'A'.repeat(300)}@x.example`]
    expect(await likelyUserId(sheet, [known], pause)).toBe(1)
  })
})

describe('where the columns are named', () => {
  it.each([
    ['User ID;City\na@x;Bonn\n', 2],
    ['sep=;\r\nUser ID;City\r\na@x;Bonn\r\n', 3],
    ['\ufeffSEP=\t\nUser ID\tCity\na@x\tBonn\n', 3],
    ['"sep=;"\nUser ID;City\na@x;Bonn\n', 3],
    ['sep=|\nUser ID|City\na@x|Bonn\n', 3],
    ['sep=,\nUser ID,City\na@x,Bonn\n', 3],
    ['sep=;\nUser ID,City\na@x,Bonn\n', 3],
    ['\r\n\r\nUser ID,City\r\na@x,Bonn\r\n', 4],
    ['version:v1.0\nUser ID,City\na@x,Bonn\n', 3],
    ['Users of Acme, all;;\n\nUser ID;City\na@x;Bonn\n', 4],
    ['User\u00a0ID\u200b,\ufeffCi\u00adty\na@x,Bonn\n', 2],
    ['User ID,City,"a;b;c;d"\na@x,Bonn\n', 2],
  ])('is found in %j', async (text, number) => {
    expect(await rows(text)).toEqual([[number, 'a@x', 'Bonn']])
  })

  it('is asked for in words that quote the first line and offer the one that looks like names', async () => {
    const asked = async (text: string) => {
      const { why, head, lines, columns } = await read(text)
      expect(head).toBeUndefined()
      expect(lines).toEqual([])
      return [why, columns.line]
    }
    const no = 'No column is called “User ID”, so it is not clear which user a line is about.'
    expect(await asked('version:v1.0\nName;Town\nx@y;Bonn\n')).toEqual([
      `${no} The first line is “version:v1.0”; line 2 looks like the names of the columns: “Name, Town”.`,
      2,
    ])
    expect(await asked('userPrincipalName,Extension,Office\na@x,0417,Bonn\n')).toEqual([
      `${no} The first line is “userPrincipalName, Extension, Office”.`,
      1,
    ])
    expect(await asked('Report of 2026-11-29\n\nLogin\tExt\tCity\na@x\t12\tBonn\n')).toMatchObject([
      expect.stringContaining('line 3 looks like'),
      3,
    ])
    expect(await asked('User ID,City,Town,City\na@x,1,2,3\n')).toMatchObject([
      expect.stringContaining('are both City'),
      1,
    ])
    await expect(read('just\nsome\nwords\n')).rejects.toThrow(
      'users.csv: No column is called “User ID”. The first line is “just”',
    )
  })

  it('is read when it is all that there is', async () => {
    expect(await read('User ID,City')).toMatchObject({ head: { userId: 0 }, lines: [] })
    await expect(read('Name;Town')).resolves.toMatchObject({ why: expect.stringContaining('“Name, Town”') })
    await expect(read('words')).rejects.toThrow('The first line is “words”')
  })

  it('a second time, with other names, ends what is read: the lines below are about other columns', async () => {
    const { lines, remarks } = await read('User ID,City\na@x,Bonn\nUser ID,Title\nb@x,Chief\nc@x,Boss\n')
    expect(lines.map(({ number, problem }) => [number, problem?.includes('line 3') ?? false])).toEqual([
      [2, false],
      [4, true],
      [5, true],
    ])
    expect(remarks.at(-1)).toContain('Line 3')
  })

  it('has as many cells as it names: text below a column without a name was pushed out of its own', async () => {
    expect((await read('User ID,First name,Title,,\na@x,Ann, Ph.D.,Chief,\n')).head?.width).toBe(3)
    expect((await read('User ID,,Title\na@x,,Chief\n')).head?.width).toBe(3)
  })

  it('a second time is passed over, and a title is told', async () => {
    const sheet = await read('All users\nUser ID,City\na@x,Bonn\nUser ID,City\nb@x,Köln\n')
    expect(sheet.lines).toHaveLength(2)
    expect(sheet.remarks).toEqual([expect.stringContaining('All users'), expect.stringContaining('Line 4')])
  })
})

describe('a file that is no list of users by its size', () => {
  it('is refused by what is too much of it, and where', async () => {
    const columns = Array.from({ length: 1_000_000 }, (_, n) => `c${n}`).join(',')
    await expect(read(`User ID,${columns}\n`)).rejects.toThrow('Line 1 has more than 2,000 cells')
    await expect(read(`User ID,City\na@x,${'y'.repeat(16_000_000)}\n`)).rejects.toThrow(
      'A cell in line 2 has more than 20,000 characters',
    )
    await expect(read(`User ID,City\na@x,Bonn\nb@x,"K\n${'c@x,Ulm\n'.repeat(100_000)}`)).rejects.toThrow(
      'A quotation mark opens in line 3 and does not close',
    )
    await expect(read(`User ID,"City\n${'c@x,Ulm\n'.repeat(100_000)}`)).rejects.toThrow(
      'A quotation mark opens in line 1 and does not close',
    )
    await expect(read(`User ID\n${'a@x\n'.repeat(2_000_001)}`)).rejects.toThrow('more than 2,000,000 lines')
  })
})

describe('a file of users', () => {
  it('that is something else is refused by its name', async () => {
    await expect(read('')).rejects.toThrow('users.csv is empty')
    await expect(read('<html>User ID')).rejects.toThrow('users.csv is a web page')
  })

  it('ends where an old editor marks the end', async () => {
    expect((await read('User ID,City\na@x,Bonn\n\x1a')).lines).toHaveLength(1)
  })

  it('that was cut off says so in its last line', async () => {
    const { lines } = await read('User ID,City,Title\na@x,Bonn,Chief\nb@x,Kö')
    expect(lines.map(({ problem }) => problem !== undefined)).toEqual([false, true])
    const whole = await read('User ID,City,Title\na@x,Bonn,Chief\nb@x,Köln,Boss')
    expect(whole.lines.every(({ problem }) => problem === undefined)).toBe(true)
  })
})
