import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeAll } from '../../../../electron/platform/file-sink'
import { saveWithDialog } from '../../../../electron/shell/save-dialog'

let folder: string
let profile: string
let documents: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gungnir-save-'))
  profile = join(folder, 'profile')
  documents = join(folder, 'documents')
  for (const made of [profile, join(profile, 'index'), documents]) mkdirSync(made)
  writeFileSync(join(profile, 'gungnir.db'), 'the database')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const save = (filePath: string) =>
  saveWithDialog(
    { showSaveDialog: async () => ({ canceled: false, filePath }) },
    undefined,
    { documents, profile, now: 0 },
    { name: 'users', extension: 'csv', kind: 'CSV file' },
  )
const write = async (path: string): Promise<void> => {
  const sink = await save(path)
  if (sink !== undefined) await writeAll(sink, ['a,b\n'])
}

it('a file is suggested by the day of the person, whichever it is at Greenwich', async () => {
  const asked: (string | undefined)[] = []
  const now = Date.UTC(2026, 10, 30, 7, 30)
  const zone = process.env.TZ
  try {
    for (const there of ['America/Los_Angeles', 'Pacific/Auckland']) {
      process.env.TZ = there
      await saveWithDialog(
        {
          showSaveDialog: async (...of: unknown[]) => {
            asked.push((of.at(-1) as { defaultPath?: string }).defaultPath)
            return { canceled: true, filePath: '' }
          },
        },
        undefined,
        { documents, profile, now },
        { name: 'gungnir-users', extension: 'xlsx', kind: 'Excel workbook' },
      )
    }
  } finally {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  }
  expect(asked).toEqual(
    ['2026-11-29', '2026-11-30'].map((day) => join(documents, `gungnir-users-${day}.xlsx`)),
  )
})

describe('a file of the profile folder is never written by an export', () => {
  const ways: Record<string, () => string> = {
    'the database': () => join(profile, 'gungnir.db'),
    'a new file beside it': () => join(profile, 'users.csv'),
    'one in a folder below': () => join(profile, 'index', 'users.csv'),
    'another spelling of the path': () => `${documents}/../profile/./gungnir.db`,
    'a link to the folder': () => {
      symlinkSync(profile, join(documents, 'elsewhere'))
      return join(documents, 'elsewhere', 'gungnir.db')
    },
    'a link to the database': () => {
      symlinkSync(join(profile, 'gungnir.db'), join(documents, 'users.csv'))
      return join(documents, 'users.csv')
    },
    'a hard link to the database': () => {
      linkSync(join(profile, 'gungnir.db'), join(documents, 'users.csv'))
      return join(documents, 'users.csv')
    },
    'a profile named by a link': () => {
      symlinkSync(profile, join(folder, 'linked'))
      profile = join(folder, 'linked')
      return join(folder, 'profile', 'gungnir.db')
    },
  }
  it.each(Object.keys(ways))('%s', async (way) => {
    const path = ways[way]?.() ?? ''
    const before = readdirSync(profile)
    await expect(write(path)).rejects.toMatchObject({ kind: 'own-file' })
    expect(readFileSync(join(profile, 'gungnir.db'), 'utf8')).toBe('the database')
    expect(readdirSync(profile)).toEqual(before)
  })
})

describe('files beside the chosen one', () => {
  it('are not written through or over', async () => {
    writeFileSync(join(documents, 'mine.txt'), 'mine')
    symlinkSync(join(documents, 'mine.txt'), join(documents, 'users.csv.part'))
    await write(join(documents, 'users.csv'))
    expect(readFileSync(join(documents, 'mine.txt'), 'utf8')).toBe('mine')
    expect(readFileSync(join(documents, 'users.csv'), 'utf8')).toBe('a,b\n')
    expect(readdirSync(documents).sort()).toEqual(['mine.txt', 'users.csv', 'users.csv.part'])
  })

  it('a chosen link is replaced, what it leads to stays', async () => {
    writeFileSync(join(documents, 'mine.txt'), 'mine')
    symlinkSync(join(documents, 'mine.txt'), join(documents, 'users.csv'))
    await write(join(documents, 'users.csv'))
    expect(readFileSync(join(documents, 'mine.txt'), 'utf8')).toBe('mine')
    expect(readFileSync(join(documents, 'users.csv'), 'utf8')).toBe('a,b\n')
  })

  it('a folder that is not there is said', async () => {
    await expect(write(join(folder, 'nowhere', 'users.csv'))).rejects.toMatchObject({
      kind: 'file',
      message: expect.stringContaining('ENOENT'),
    })
  })
})
