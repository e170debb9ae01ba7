import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readPolicyFile } from '../../../../../electron/platform/policy/file'
import { policyOf } from '../../../../../electron/platform/policy/policy'
import { readManagedPreferences } from '../../../../../electron/platform/policy/preferences'
import { readAnswer, readPolicyRegistry } from '../../../../../electron/platform/policy/registry'
import { runProgram } from '../../../../../electron/platform/policy/run'

describe.skipIf(process.platform === 'win32')('the file of Linux', () => {
  let folder: string
  let place: string
  const me = process.getuid?.() ?? 0
  const write = (text: string, mode = 0o644) => {
    writeFileSync(place, text)
    chmodSync(place, mode)
  }
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'gungnir-policy-')), 'gungnir')
    mkdirSync(folder, { mode: 0o755 })
    place = join(folder, 'policy.json')
  })
  afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

  it('that is not there sets nothing', async () => {
    expect(await readPolicyFile(place, me)).toBeUndefined()
    expect(await readPolicyFile(join(folder, 'no', 'policy.json'), me)).toBeUndefined()
  })

  it('counts, also with a mark of UTF-8 before it', async () => {
    write('\ufeff{"readOnly": true}')
    expect(await readPolicyFile(place, me)).toEqual({ place, values: { readOnly: true } })
  })

  it.each([
    ['{"readOnly": true,\n"proxy"', 'It is not JSON'],
    ['', 'It is not JSON'],
    ['[]', 'It has to be one JSON object.'],
    ['null', 'It has to be one JSON object.'],
    [`"${'x'.repeat(1_000_001)}"`, 'It is larger than 1 MB.'],
  ])('that is no policy is unreadable: %#', async (text, why) => {
    write(text)
    expect(await readPolicyFile(place, me)).toEqual({ place, unreadable: expect.stringContaining(why) })
  })

  it('is not followed as a link, read as a folder, or waited for as a pipe', async () => {
    writeFileSync(join(folder, 'other.json'), '{}')
    symlinkSync(join(folder, 'other.json'), place)
    expect(await readPolicyFile(place, me)).toEqual({ place, unreadable: 'It is a link.' })
    rmSync(place)
    mkdirSync(place)
    expect(await readPolicyFile(place, me)).toEqual({ place, unreadable: 'It is no ordinary file.' })
    rmSync(place, { recursive: true })
    execFileSync('mkfifo', [place])
    expect(await readPolicyFile(place, me)).toEqual({ place, unreadable: 'It is no ordinary file.' })
  })

  it('is doubted when others can write it, or its folder', async () => {
    write('{}', 0o664)
    expect(await readPolicyFile(place, me)).toMatchObject({
      untrusted: 'Others than root can write the file.',
    })
    write('{}', 0o646)
    expect(await readPolicyFile(place, me)).toMatchObject({
      untrusted: 'Others than root can write the file.',
    })
    write('{}')
    chmodSync(folder, 0o777)
    expect(await readPolicyFile(place, me)).toMatchObject({
      untrusted: 'Others than root can write the folder of the file.',
    })
  })

  it.skipIf(me !== 0)('is doubted when somebody else than root owns it', async () => {
    write('{"readOnly": true}')
    chownSync(place, 1000, 1000)
    expect(await readPolicyFile(place)).toMatchObject({ untrusted: 'The file is not owned by root.' })
  })

  it('that nobody may read is unreadable, and locks', async () => {
    write('{}', 0o000)
    const found = await readPolicyFile(place, me)
    // Root reads every file.
    if (me === 0) expect(found?.values).toEqual({})
    else expect(policyOf(found ? [found] : []).rules.readOnly).toBe(true)
  })
})

describe('the registry of Windows', () => {
  const written = [
    '',
    'HKEY_LOCAL_MACHINE\\Software\\Policies\\Gungnir',
    '    (Standard)    REG_SZ    ',
    '    readOnly    REG_DWORD    0x1',
    '    proxy    REG_SZ    http://proxy.example.com:3128',
    '    idleLockMinutes    REG_DWORD    0xf',
    '',
    'HKEY_LOCAL_MACHINE\\Software\\Policies\\Gungnir\\connections',
    '',
    'HKEY_LOCAL_MACHINE\\Software\\Policies\\Gungnir\\connections\\10',
    '    name    REG_SZ    Zürich',
    '    baseUrl    REG_SZ    https://ten.example.com',
    '',
    'HKEY_LOCAL_MACHINE\\Software\\Policies\\Gungnir\\connections\\2',
    '    name    REG_SZ    Head  office',
    '    baseUrl    REG_SZ    https://two.example.com',
    '    callsPerSecond    REG_DWORD    0x3',
    '',
  ].join('\r\n')

  it('is read as reg.exe prints it', () => {
    expect(readAnswer(written)).toEqual({
      values: {
        readOnly: 1,
        proxy: 'http://proxy.example.com:3128',
        idleLockMinutes: 15,
        connections: [
          { name: 'Head  office', baseUrl: 'https://two.example.com', callsPerSecond: 3 },
          { name: 'Zürich', baseUrl: 'https://ten.example.com' },
        ],
      },
    })
    const { rules, problems } = policyOf([{ place: 'HKLM', ...readAnswer(written) }])
    expect(problems).toEqual([])
    expect(rules).toMatchObject({ readOnly: true, idleLockMinutes: 15, connections: [{}, {}] })
  })

  it('is asked of the computer first; a key that is not there sets nothing', async () => {
    const asked: string[] = []
    const found = await readPolicyRegistry(async (program, args) => {
      asked.push(`${program} ${args.join(' ')}`)
      if (args.join(' ').includes('"HKLM\\Software\\Policies\\Gungnir"')) return { code: 0, text: written }
      return { code: 1, text: '' }
    }, 'C:\\Windows')
    expect(found).toMatchObject([{ place: 'HKLM\\Software\\Policies\\Gungnir', values: { readOnly: 1 } }])
    expect(asked[0]).toBe(
      'C:\\Windows\\System32\\cmd.exe /d /s /c "C:\\Windows\\System32\\chcp.com 65001 >nul & "C:\\Windows\\System32\\reg.exe" query "HKLM\\Software\\Policies\\Gungnir" /s"',
    )
    const none = (text: string) =>
      readPolicyRegistry(
        async (_, args) => (args.join(' ').includes('Gungnir') ? { code: 1, text: '' } : { code: 0, text }),
        'C:\\Windows',
      )
    expect(await none('\r\nHKEY_LOCAL_MACHINE\\Software\\Policies\\Microsoft\r\n')).toEqual([])
    expect(await none('\r\nHKEY_LOCAL_MACHINE\\Software\\Policies\\Gungnir\r\n')).toMatchObject([
      { unreadable: 'The registry cannot be read with reg.exe.' },
    ])
  })

  it('that cannot be asked at all is unreadable, and locks', async () => {
    const found = await readPolicyRegistry(runProgram, '/no/such/folder')
    expect(found).toMatchObject([{ unreadable: 'The registry cannot be read with reg.exe.' }])
    expect(policyOf(found).rules.readOnly).toBe(true)
  })

  it('with letters that were lost on the way is unreadable', () => {
    expect(readAnswer(written.replace('ü', '\ufffd'))).toEqual({
      unreadable: 'It holds letters that cannot be read.',
    })
  })
})

describe('the managed preferences of macOS', () => {
  const read = (files: Record<string, { code: number; text: string }>) =>
    readManagedPreferences(
      {
        exists: async (path) => path in files,
        run: async (_, args) => files[args.at(-1) ?? ''] ?? { code: 1, text: '' },
      },
      'example.gungnir',
      'ana',
    )
  const computer = '/Library/Managed Preferences/example.gungnir.plist'
  const person = '/Library/Managed Preferences/ana/example.gungnir.plist'

  it('are those of the computer and then of the person', async () => {
    const found = await read({
      [computer]: {
        code: 0,
        text: '{"PayloadUUID":"x","readOnly":true,"connections":[{"name":"A","baseUrl":"https://a.example.com"}]}',
      },
      [person]: { code: 0, text: '{"readOnly":false,"idleLockMinutes":10}' },
    })
    expect(policyOf(found)).toMatchObject({
      rules: { readOnly: true, idleLockMinutes: 10, connections: [{ name: 'A' }] },
      setBy: { readOnly: computer, idleLockMinutes: person },
      problems: [],
    })
  })

  it('that are not there set nothing, and that cannot be read lock', async () => {
    expect(await read({})).toEqual([])
    expect(await read({ [computer]: { code: 1, text: '' } })).toMatchObject([
      { place: computer, unreadable: 'It cannot be read with plutil.' },
    ])
    expect(await read({ [computer]: { code: 0, text: '[1]' } })).toMatchObject([
      { unreadable: 'It is not a dictionary of settings.' },
    ])
  })
})
