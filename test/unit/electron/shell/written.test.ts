import { expect, it } from 'vitest'
import { rememberWritten } from '../../../../electron/shell/written'

const suggestion = { name: 'users', extension: 'csv', kind: 'CSV file' }

it('shows the folder of a file that was written, and of no other', async () => {
  const shown: string[] = []
  let path = '/home/ana/users.csv'
  const sink = () => ({ path, write: async () => {}, finish: async () => {}, discard: async () => {} })
  const files = rememberWritten(
    async () => sink(),
    (each) => shown.push(each),
  )

  const file = await files.saveFile(suggestion)
  // What is not there yet is not shown, nor what was given up.
  expect(() => files.showInFolder(path)).toThrow('did not write this file')
  await file?.discard()
  expect(() => files.showInFolder(path)).toThrow('did not write this file')

  await (await files.saveFile(suggestion))?.finish()
  files.showInFolder(path)
  expect(shown).toEqual([path])
  expect(() => files.showInFolder('/etc/passwd')).toThrow('did not write this file')

  const first = path
  for (let n = 0; n < 100; n++) {
    path = `/home/ana/${n}.csv`
    await (await files.saveFile(suggestion))?.finish()
  }
  expect(() => files.showInFolder(first)).toThrow('did not write this file')
  files.showInFolder('/home/ana/99.csv')
})
