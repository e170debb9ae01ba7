import { describe, expect, it } from 'vitest'
import { readSheetFile } from '../../../../../electron/features/users/batch/sheet-file'
import { createPause } from '../../../../../electron/platform/pause'

const pause = createPause(() => performance.now(), 8)
const read = (text: string) =>
  readSheetFile(
    { name: 'users.csv', bytes: new TextEncoder().encode(text) },
    { pause, signal: new AbortController().signal, onProgress: () => {} },
  )
const rows = async (text: string) =>
  (await read(text)).lines.map(({ number, cells }) => [number, cells[0], cells[1]])

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

  it('is asked for in words that quote the first line', async () => {
    await expect(read('version:v1.0\nName,City\nx,y\n')).rejects.toThrow(
      'users.csv: No column is called “User ID”. The first line is “version:v1.0”',
    )
  })

  it('a second time is passed over, and a title is told', async () => {
    const sheet = await read('All users\nUser ID,City\na@x,Bonn\nUser ID,City\nb@x,Köln\n')
    expect(sheet.lines).toHaveLength(2)
    expect(sheet.remarks).toEqual([expect.stringContaining('All users'), expect.stringContaining('Line 4')])
  })
})

describe('a file of users', () => {
  it('that is something else is refused by its name', async () => {
    await expect(read('')).rejects.toThrow('users.csv is empty')
    await expect(read('<html>User ID')).rejects.toThrow('users.csv is a web page')
  })

  it('that was cut off says so in its last line', async () => {
    const { lines } = await read('User ID,City,Title\na@x,Bonn,Chief\nb@x,Kö')
    expect(lines.map(({ problem }) => problem !== undefined)).toEqual([false, true])
    const whole = await read('User ID,City,Title\na@x,Bonn,Chief\nb@x,Köln,Boss')
    expect(whole.lines.every(({ problem }) => problem === undefined)).toBe(true)
  })
})
