import { strFromU8, unzipSync } from 'fflate'
import Papa from 'papaparse'
import { afterEach, describe, expect, it } from 'vitest'
import { createCallHandling } from '../../../../../electron/features/call-handling/call-handling'
import { createCallCopies } from '../../../../../electron/features/call-handling/copies'
import type { ToSave } from '../../../../../electron/features/outbox/incoming'
import { type BatchesDeps, createBatches } from '../../../../../electron/features/users/batch/batches'
import { createColumnNames } from '../../../../../electron/features/users/batch/columns'
import { createDirectory } from '../../../../../electron/features/users/directory'
import { createReading } from '../../../../../electron/features/users/reading'
import type { OpenedFile } from '../../../../../electron/platform/file-sink'
import { systemRandom } from '../../../../../electron/platform/random'
import { openMemoryStore } from '../../../../../electron/store/store'
import { callFields, keyOf, type ServiceId, serviceOf } from '../../../../../shared/calls/catalogue'
import { csvLine } from '../../../../../shared/csv'
import type { UsersQuery } from '../../../../../shared/ipc/contract'
import type { Json, JsonObject } from '../../../../../shared/json'
import { codePages, encoded } from '../../../../../shared/user/rendering/codepages'
import { fakeServer, oops, person, testClock } from '../fake'

const everyone = () => [
  ...Array.from({ length: 12 }, (_, n) =>
    person('acme', 'sales', `s${n}@acme.example`, {
      firstName: `Sam ${n}`,
      lastName: `Seller ${n}`,
      extension: `${1000 + n}`,
    }),
  ),
  person('beta', 'main', 'zoe@beta.example', { firstName: 'Zoë', lastName: 'Ødegård', extension: '0042' }),
]

const query = (search = ''): UsersQuery => ({
  search,
  scope: {},
  sort: [{ path: 'userId', direction: 'ascending' }],
})
const everybody = { all: true as const, except: [] as string[] }
const allRows = { rows: { all: true as const, except: [] }, withoutFields: [] }
const some = (...ids: string[]) => ({ all: false as const, ids })

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

async function setUp(
  locked: Record<string, string> = {},
  people = everyone(),
  workbook = false,
  given?: BatchesDeps['callHandling'] | 'real',
) {
  const { server, client } = fakeServer(people)
  const { clock } = testClock()
  const store = openMemoryStore()
  createReading(store).choose('c1', 'nothing')
  const directory = createDirectory({
    store,
    clock,
    random: systemRandom(clock),
    log: { info: () => {}, warn: () => {}, error: () => {} },
    emit: () => {},
    locale: 'en',
    readCalls: async () => undefined,
  })
  open.push(() => directory.stop())
  await directory.show({ id: 'c1', demo: false, callsPerSecond: 5 })
  directory.attach(client)
  while (directory.summary().users < people.length || directory.progress().running) {
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  const saved: { input: ToSave; batchId: string }[] = []
  const written: string[] = []
  let writtenBytes: Uint8Array = new Uint8Array(0)
  let file: OpenedFile | undefined
  let names: Json | undefined
  const as = { connectionId: 'c1', origin: 'https://odin.example', account: 'admin' }
  const callHandling =
    given === 'real'
      ? createCallHandling({
          copies: createCallCopies({
            store,
            clock,
            onStored: (connectionId, users) => directory.callsStored(connectionId, users),
          }),
          clock,
          present: () => ({ identity: as, client }),
          waitingFor: () => [],
        })
      : given
  const batches = createBatches({
    directory,
    callHandling: callHandling ?? {
      lay: (_, rows) => [...rows],
      readServices: async () => 'No services here.',
      callsFor: () => 0,
    },
    noDepartment: async (_user, department) =>
      (department as { name: string }).name.startsWith('Support')
        ? undefined
        : `There is no department “${(department as { name: string }).name}” in group sales.`,
    clock,
    random: systemRandom(clock),
    openFile: async () => file,
    saveFile: async ({ name, extension, others }) => {
      const end = workbook ? extension : (others?.[0]?.extension ?? extension)
      const bytes: Uint8Array[] = []
      let text = ''
      return {
        path: `/tmp/${name}.${end}`,
        write: async (more) => {
          if (typeof more === 'string') text += more
          else bytes.push(more)
        },
        finish: async () => {
          if (text !== '') written.push(text)
          else writtenBytes = Buffer.concat(bytes)
        },
        discard: async () => {},
      }
    },
    save: (input, batchId) => {
      saved.push({ input, batchId })
      return { saved: input.changes.length, message: 'Saved. Sending…', entries: [] }
    },
    identity: () => callHandling && as,
    locked: () => locked,
    columnNames: createColumnNames({
      read: () => names,
      write(value) {
        names = value
      },
    }),
    onProgress: () => {},
  })
  const give = (text: string, name = 'users.csv') => {
    file = { name, bytes: new TextEncoder().encode(text) }
  }
  const giveBytes = (bytes: Uint8Array) => {
    file = { name: 'users.csv', bytes }
  }
  return { server, batches, directory, saved, written, give, giveBytes, workbookBytes: () => writtenBytes }
}

describe('rules for many users', () => {
  it('are shown for every user before anything is saved, in the order of the list', async () => {
    const { batches, saved } = await setUp()
    const summary = await batches.edit(query('sam'), everybody, [
      { act: 'build', path: 'emailAddress', template: '{{first|plain}}.{{seq:01}}@acme.example' },
    ])
    expect(summary).toMatchObject({ looked: 12, users: 12, edits: 12, problems: 0, unread: 0 })
    const { rows, total } = batches.window(summary.id, false, 0, 3)
    expect(total).toBe(12)
    expect(rows.map(({ old, new: to }) => [old, to])).toEqual([
      [null, 'sam0.01@acme.example'],
      [null, 'sam1.02@acme.example'],
      [null, 'sam2.03@acme.example'],
    ])
    expect(saved).toEqual([])

    const result = await batches.save(
      summary.id,
      { rows: { all: true, except: [rows[1]?.id ?? ''] }, withoutFields: [] },
      'T-1',
    )
    expect(result).toMatchObject({ saved: 11, summary: { edits: 1 } })
    expect(saved).toHaveLength(1)
    expect(saved[0]?.input.reason).toBe('T-1')
    expect(saved[0]?.input.changes[0]).toEqual({
      user: { serviceProviderId: 'acme', groupId: 'sales', userId: 's0@acme.example' },
      edits: [{ path: 'emailAddress', base: null, mine: 'sam0.01@acme.example' }],
    })
  })

  it('are not needed to see who is chosen', async () => {
    const { batches } = await setUp()
    const summary = await batches.edit(query('sam'), some('s0@acme.example', 's1@acme.example'), [])
    expect(summary).toMatchObject({ looked: 2, users: 0, edits: 0, problems: 0, unchanged: 0 })
    const { rows, total } = batches.window(summary.id, false, 0, 9)
    expect(total).toBe(2)
    expect(rows.map(({ user, path }) => [user.userId, path])).toEqual([
      ['s0@acme.example', undefined],
      ['s1@acme.example', undefined],
    ])
  })

  it('leave out whole fields and what would stay as it is', async () => {
    const { batches, saved } = await setUp()
    const summary = await batches.edit(query('sam'), some('s0@acme.example', 'zoe@beta.example'), [
      { act: 'set', path: 'lastName', value: 'Ødegård' },
      { act: 'replace', path: 'firstName', find: 'sam', by: 'Kim $1', pattern: false, matchCase: false },
    ])
    // Zoë is not found by the search, but she was chosen.
    expect(summary).toMatchObject({ looked: 2, users: 1, edits: 2, unchanged: 1 })
    expect(await batches.count(summary.id, allRows)).toEqual({ users: 1, edits: 2 })
    await batches.save(summary.id, { ...allRows, withoutFields: ['lastName'] }, undefined)
    expect(saved[0]?.input.changes.map(({ edits }) => edits)).toEqual([
      [{ path: 'firstName', base: 'Sam 0', mine: 'Kim $1 0' }],
    ])
  })

  it('refuse a number for two users, or one that somebody else has', async () => {
    const { batches } = await setUp()
    const same = await batches.edit(query(), some('s0@acme.example', 's1@acme.example'), [
      { act: 'set', path: 'extension', value: '2000' },
    ])
    expect(same).toMatchObject({ edits: 0, problems: 2 })
    expect(batches.window(same.id, true, 0, 1).rows[0]?.problem).toBe(
      '2000 would also be given to Sam 1 Seller 1.',
    )

    const taken = await batches.edit(query(), some('s0@acme.example'), [
      { act: 'set', path: 'extension', value: '1005' },
    ])
    expect(batches.window(taken.id, false, 0, 1).rows[0]?.problem).toBe(
      '1005 is taken by Sam 5 Seller 5 (s5@acme.example).',
    )

    // Everyone moves up by one hundred: each gives up what the next could want.
    const moved = await batches.edit(query('sam'), everybody, [
      { act: 'build', path: 'extension', template: '{{seq:1005}}' },
    ])
    expect(moved).toMatchObject({ problems: 0 })
  })

  it('say what is not known, and read it when asked', async () => {
    const { batches, server } = await setUp()
    const before = await batches.edit(query('sam'), everybody, [{ act: 'clear', path: 'title' }])
    // Nothing is wrong with any of them; one call reads their group, at 5 calls a second.
    expect(before).toMatchObject({ edits: 0, problems: 0, unread: 12, readSeconds: 0.2 })
    const { rows, total } = batches.window(before.id, false, 0, 1)
    expect(total).toBe(12)
    expect(rows[0]).toMatchObject({ path: 'title', unread: true })
    expect(rows[0]).not.toHaveProperty('old')
    expect(batches.window(before.id, true, 0, 1).total).toBe(0)
    expect(await batches.count(before.id, allRows)).toEqual({ users: 0, edits: 0 })
    server.calls.length = 0
    const { summary, why } = await batches.compare(before.id, 'unread')
    expect(why).toBeUndefined()
    expect(server.calls).toEqual(['details acme/sales'])
    expect(summary).toMatchObject({ edits: 12, problems: 0, unread: 0 })
    expect(batches.window(before.id, false, 0, 1).rows[0]).toMatchObject({ old: 'Known', new: null })
  })

  it('tell before an export of how many users something in it was not read, and read only those', async () => {
    const { batches, server } = await setUp()
    const input = { query: query(), selection: everybody, paths: ['lastName', 'title'] }
    expect(await batches.unread(input)).toEqual({ users: 13, unread: 13, groups: 2, seconds: 0.4 })
    // What the list tells is known.
    expect(await batches.unread({ ...input, paths: ['lastName', 'extension'] })).toMatchObject({ unread: 0 })
    expect(await batches.unread({ ...input, selection: some('zoe@beta.example') })).toMatchObject({
      users: 1,
      unread: 1,
      groups: 1,
    })
    server.calls.length = 0
    expect(await batches.readUnread(input)).toEqual({})
    expect([...server.calls].sort()).toEqual(['details acme/sales', 'user zoe@beta.example'])
    expect(await batches.unread({ ...input, paths: ['title'] })).toMatchObject({ unread: 0 })
    server.calls.length = 0
    expect(await batches.readUnread(input)).toEqual({})
    expect(server.calls).toEqual([])
  })

  it('bound the time of a pattern, name its mistakes, and respect what the sign-in may do', async () => {
    const { batches } = await setUp({ title: 'Only for others.' })
    const slow = await batches.edit(query(), some('zoe@beta.example'), [
      { act: 'set', path: 'title', value: 'x' },
      { act: 'replace', path: 'lastName', find: '(', by: '', pattern: true, matchCase: true },
    ])
    expect(slow.ruleProblems).toEqual({ lastName: expect.stringContaining('no pattern') })
    expect(batches.window(slow.id, false, 0, 1).rows[0]?.problem).toBe('Only for others.')
  })
})

describe('find and replace', () => {
  const replace = (path: string, find: string, by: string, pattern = false) =>
    ({ act: 'replace', path, find, by, pattern, matchCase: false }) as const

  it('of a plain text takes everything as it stands, however a letter is composed', async () => {
    const { batches } = await setUp({}, [
      person('acme', 'sales', 'a@x', { lastName: 'Mu\u0308ller (aus $&)', extension: '1' }),
      person('acme', 'sales', 'b@x', { lastName: 'Müller MÜLLER', extension: '2' }),
      person('acme', 'sales', 'c@x', { lastName: '👨‍👩‍👧 👨', extension: '3' }),
    ])
    const news = async (find: string, by: string) => {
      const { id } = await batches.edit(query(), everybody, [replace('lastName', find, by)])
      return batches.window(id, false, 0, 9).rows.map((row) => row.new)
    }
    expect(await news('müller', '$1Maier')).toEqual(['$1Maier (aus $&)', '$1Maier $1Maier'])
    expect(await news('(aus $&)', 'x')).toEqual(['Müller x'])
    expect(await news('👨', 'x')).toEqual(['👨‍👩‍👧 x'])
    expect(await news('u', 'x')).toEqual(['Müller (axs $&)'])
  })

  it('by a pattern that takes too long is given up after some values, and said once', async () => {
    const many = Array.from({ length: 60 }, (_, n) =>
      person('acme', 'sales', `u${n}@x`, { lastName: `${'a'.repeat(28)}!`, firstName: 'Ana' }),
    )
    const { batches } = await setUp({}, many)
    const summary = await batches.edit(query(), everybody, [
      replace('lastName', '^(a+)+$', 'b', true),
      { act: 'set', path: 'title', value: 'Agent' },
    ])
    expect(summary.ruleProblems).toEqual({ lastName: expect.stringContaining('given up after 10 values') })
    expect(summary).toMatchObject({ edits: 0, unread: 60, fields: [{ path: 'title', problems: 0 }] })
  })
})

describe('a template', () => {
  const build = (path: string, template: string) => ({ act: 'build', path, template }) as const

  it('that is blank, or gives blanks, clears nothing', async () => {
    const { batches } = await setUp()
    for (const blank of ['  ', '\u200b', '\u00a0\t']) {
      const { edits, ruleProblems } = await batches.edit(query(), everybody, [build('emailAddress', blank)])
      expect(edits).toBe(0)
      expect(ruleProblems).toEqual({ emailAddress: expect.stringContaining('blank') })
    }
    const { id, edits } = await batches.edit(query(), some('s1@acme.example'), [
      build('firstName', '{{firstName|first4|last1}}'),
    ])
    expect(edits).toBe(0)
    expect(batches.window(id, false, 0, 1).rows[0]?.problem).toContain('nothing but blanks')
  })

  it('that gives several users one alias or line/port is a problem of each of them', async () => {
    const people = ['a', 'b', 'c'].map((name) =>
      person('acme', 'sales', `${name}@x`, { lastName: name, aliases: [], extension: '1' }),
    )
    const { batches } = await setUp({}, people)
    const aliases = await batches.edit(query(), everybody, [build('aliases', 'desk@corp.example')])
    await batches.compare(aliases.id)
    const { rows } = batches.window(aliases.id, true, 0, 9)
    expect(rows.map(({ problem }) => problem)).toEqual([
      'desk@corp.example would also be given to b, c.',
      'desk@corp.example would also be given to a, c.',
      'desk@corp.example would also be given to a, b.',
    ])
    const ports = await batches.edit(query(), everybody, [
      { act: 'set', path: 'accessDeviceEndpoint.linePort', value: 'Desk@x' },
    ])
    await batches.compare(ports.id)
    expect(batches.window(ports.id, true, 0, 9).rows[0]?.problem).toContain('Desk@x would also be given to')
  })
})

describe('a file', () => {
  it('that was exported changes nothing when it comes back', async () => {
    const { batches, written, give } = await setUp()
    expect(await batches.exportUsers(query(), everybody, undefined)).toMatchObject({ users: 13 })
    const [text = ''] = written
    expect(text.startsWith('\ufeffUser ID,Group,Service provider,First name')).toBe(true)
    give(text)
    expect(await batches.import()).toMatchObject({ looked: 13, edits: 0, problems: 0, unchanged: 13 })
    // As a spreadsheet in another country writes it, without the zeros.
    give(text.replace('0042', '42'))
    expect(await batches.import()).toMatchObject({ edits: 0, problems: 0 })
  })

  it('is a difference: what can be done is done, the rest is named and can be mended', async () => {
    const { batches, give, saved, written } = await setUp()
    give(
      [
        'Group;City;last name;User ID;Extension;Shoe size',
        'sales;;Ny;s0@acme.example;;47',
        'other;;Ny;s1@acme.example;;',
        ';;;nobody@acme.example;;',
        ';;;s4@acme.example;1999;',
        ';;<clear>;s2@acme.example;12x4;',
        ';Bonn;;s3@acme.example;;',
        ';;;stranger@acme.example;;',
        ';;;s4@acme.example;;;;Ph.D.',
      ].join('\r\n'),
    )
    const summary = await batches.import()
    if (summary === undefined) throw new Error('no file')
    expect(summary).toMatchObject({
      name: 'users.csv',
      looked: 8,
      users: 1,
      edits: 1,
      problems: 7,
      unread: 1,
    })
    expect(summary.remarks).toEqual(['Column “Shoe size” is not a field of a user and is passed over.'])
    const problems = batches.window(summary.id, true, 0, 10).rows
    expect(problems.map(({ line, problem }) => [line, problem?.split('.')[0]])).toEqual([
      [3, 'Group is “other” in the file and “sales” here'],
      [4, 'No such user is loaded here'],
      [5, 'This user is in line 9 as well'],
      [6, 'Last name cannot be empty'],
      [6, 'Extension must be 2 to 20 digits; “12x4” has a letter'],
      [8, 'No such user is loaded here'],
      [9, expect.stringMatching(/^The line has more cells than the first line names \(“Ph$/)],
    ])
    const extension = problems.find(({ path }) => path === 'extension')
    const fixed = await batches.fix(summary.id, extension?.id ?? '', '1234')
    expect(fixed).toMatchObject({ edits: 2, problems: 6 })

    expect(await batches.save(summary.id, allRows, undefined)).toMatchObject({ saved: 2 })
    expect(saved[0]?.input.changes.flatMap(({ edits }) => edits)).toEqual([
      { path: 'lastName', base: 'Seller 0', mine: 'Ny' },
      { path: 'extension', base: '1002', mine: '1234' },
    ])
    // What is left can be tried again alone.
    const { summary: compared } = await batches.compare(summary.id)
    expect(compared).toMatchObject({ edits: 1, problems: 6 })
    expect(await batches.save(summary.id, allRows, undefined)).toMatchObject({ saved: 1 })
    expect(saved[1]?.input.changes.flatMap(({ edits }) => edits)).toEqual([
      { path: 'address.city', base: null, mine: 'Bonn' },
    ])

    expect(await batches.result(summary.id)).toMatchObject({ lines: 9 })
    expect(written[0]).toContain('2,s0@acme.example,Last name,Seller 0,Ny,saved,')
    expect(written[0]).toContain('6,s2@acme.example,Last name,Seller 2,<clear>,not saved,')
  })

  it('with blank cells where the users have something says that they clear nothing, and what does', async () => {
    const { batches, give } = await setUp()
    const blanks = async (...lines: string[]) => {
      give(['User ID,First name,Extension,Title', ...lines].join('\r\n'))
      return (await batches.import())?.notices
    }
    // Nobody has a title; a line that is cut short has blank cells, too.
    expect(await blanks('s0@acme.example,,1000,', 's1@acme.example,Ann', 's2@acme.example, ,1002,')).toEqual([
      '3 blank cells were passed over although the users have a value there: a blank cell changes nothing. To clear a field, write <clear> into its cell.',
    ])
    expect(await blanks('s0@acme.example,,1000,')).toEqual([
      expect.stringMatching(/^1 blank cell was passed over although the user has a value there: /),
    ])
    expect(await blanks('s0@acme.example,Sam 0,<clear>,', 'nobody@acme.example,,,')).toEqual([])
  })

  it('and what may not be changed does not speak of clearing it', async () => {
    const { batches, give } = await setUp({ firstName: 'Your sign-in may not change it.' })
    give('User ID,First name,Extension\r\ns0@acme.example,,')
    expect((await batches.import())?.notices).toEqual([expect.stringMatching(/^1 blank cell /)])
  })

  it('that names no user is refused with the reason', async () => {
    const { batches, give } = await setUp()
    give('some words\r\n', 'wrong.csv')
    await expect(batches.import()).rejects.toThrow('wrong.csv: No column is called “User ID”')
    give('')
    await expect(batches.import()).rejects.toThrow('wrong.csv'.slice(5))
  })

  it('with names that nobody knows is read by the columns that a person tells, and the next one by itself', async () => {
    const { batches, give } = await setUp()
    const text =
      'version:v1.0\r\nuserPrincipalName;Ext.;Extension;Given\r\n' +
      'S1@acme.example;x;1001;Samuel\r\ns2@acme.example;y;1002;Sam 2\r\n'
    give(text)
    const asked = await batches.import()
    expect(asked).toMatchObject({ looked: 0, edits: 0, problems: 0 })
    expect(asked?.columns).toMatchObject({
      why: expect.stringContaining('The first line is “version:v1.0”; line 2 looks like'),
      line: 2,
      // Users of here stand in it.
      paths: ['userId', 'extension', 'extension', null],
      top: [
        { number: 1, cells: ['version:v1.0'] },
        { number: 2, cells: ['userPrincipalName', 'Ext.', 'Extension', 'Given'] },
        { number: 3, cells: ['S1@acme.example', 'x', '1001', 'Samuel'] },
        { number: 4, cells: ['s2@acme.example', 'y', '1002', 'Sam 2'] },
      ],
    })
    const id = asked?.id ?? ''
    await expect(batches.mapColumns(id, 2, ['userId', 'extension', 'extension', null])).rejects.toThrow(
      'are both Extension',
    )
    await expect(batches.mapColumns(id, 2, [null, null, 'extension', null])).rejects.toThrow('User ID')
    await expect(batches.mapColumns(id, 99, ['userId'])).rejects.toThrow()

    const paths = ['userId', null, 'extension', 'firstName']
    const told = await batches.mapColumns(id, 2, paths)
    expect(told).toMatchObject({ looked: 2, edits: 1, problems: 0 })
    expect(told.columns?.why).toBeUndefined()
    expect(batches.window(told.id, false, 0, 9).rows).toMatchObject([
      { line: 3, path: 'firstName', old: 'Sam 1', new: 'Samuel' },
    ])

    give(text.replaceAll(';', ','))
    const next = await batches.import()
    expect(next).toMatchObject({ looked: 2, edits: 1, problems: 0, columns: { line: 2, paths } })
    expect(next?.remarks).toContain('Column “userPrincipalName” is read as User ID, as chosen under Columns.')
    expect(next?.remarks).toContain('Column “Ext.” is passed over, as chosen under Columns.')

    // What was chosen is taken back in the same way.
    await batches.mapColumns(next?.id ?? '', 2, ['userId', null, null, null])
    expect((await batches.import())?.edits).toBe(0)
  })

  it('that names a field twice is told which of them is meant', async () => {
    const { batches, give } = await setUp()
    give('User ID,First name,firstName\r\ns1@acme.example,Anna,Berta\r\n')
    const asked = await batches.import()
    expect(asked?.columns?.why).toContain('are both First name')
    const told = await batches.mapColumns(asked?.id ?? '', 1, ['userId', null, 'firstName'])
    expect(batches.window(told.id, false, 0, 9).rows.map((row) => row.new)).toEqual(['Berta'])
  })

  it('finds users whose ids spreadsheets and people write in other ways', async () => {
    const ids = [
      '+14165550123@acme.example',
      '@desk@acme.example',
      "'tis@acme.example",
      '0012',
      '12',
      '00077',
    ]
    const { batches, give, written } = await setUp(
      {},
      ids.map((id) => person('=ent', '-north', id, { firstName: 'Ana', lastName: 'Bo' })),
    )
    await batches.exportUsers(query(), everybody, ['lastName'])
    const [text = ''] = written
    give(text)
    expect(await batches.import()).toMatchObject({ looked: 6, edits: 0, problems: 0, kept: 0 })
    give(
      text
        .replace(/(desk@acme.*),Bo/i, '$1,Ny')
        .toUpperCase()
        .replace(',NY', ',Ny'),
    )
    const one = await batches.import()
    const rows = batches.window(one?.id ?? '', false, 0, 20).rows
    expect(rows.filter(({ user }) => user.userId.startsWith('@desk')).map(({ new: to }) => to)).toEqual([
      'Ny',
    ])
    give('User ID,Last name,Group\r\n12,One,\r\n77,Two,-NORTH\r\n')
    const two = await batches.import()
    expect(
      batches
        .window(two?.id ?? '', false, 0, 9)
        .rows.map(({ user, new: to, problem }) => [user.userId, to, problem]),
    ).toEqual([
      ['12', undefined, expect.stringContaining('0012')],
      ['00077', 'Two', undefined],
    ])
    expect(two?.notices).toEqual([expect.stringContaining('1 cell')])
  })

  it('with a value that stands in two cells, or with more cells than names, is a problem of that line alone', async () => {
    const { batches, give } = await setUp({}, [
      person('acme', 'sales', 'a@x', {
        lastName: 'Berg',
        title: 'Head, Sales',
        firstName: 'Jo',
        extension: '1',
      }),
      person('acme', 'sales', 'b@x', {
        lastName: 'Ny',
        title: 'Anna Maria',
        firstName: 'Maria',
        extension: '2',
      }),
      person('acme', 'sales', 'c@x', { lastName: 'Oe', title: 'Chief', firstName: 'Jo', extension: '3' }),
    ])
    const problems = async (text: string) => {
      give(text)
      const { id } = (await batches.import()) as { id: string }
      return batches
        .window(id, false, 0, 9)
        .rows.map(({ user, new: to, problem }) => [user.userId, problem?.slice(0, 42) ?? to])
    }
    // Somebody split the column; whoever takes a part off a title that stands beside it anyway has meant it.
    expect(
      await problems(
        'User ID,Last name,Title,First name\na@x,Berg,Head,Sales\nb@x,Ny,Anna,Maria\nc@x,Oe,Boss,Kim\n',
      ),
    ).toEqual([
      ['a@x', 'Title “Head, Sales” stands in more than on'],
      ['b@x', 'Anna'],
      ['c@x', 'Boss'],
      ['c@x', 'Kim'],
    ])
    // The last cell is blank, so only the count tells.
    const lines = [
      'User ID,Title,First name,Last name',
      'a@x,Boss, Sales,,',
      'b@x,Anna Maria,Maria,Ny',
      'c@x,Boss,,Oe',
    ]
    expect(await problems(lines.join('\n'))).toEqual([
      ['a@x', 'The line has more cells than the first lin'],
      ['c@x', 'Boss'],
    ])
    // A program that ends each line with a separator says nothing.
    const ended = ['User ID,Title', 'a@x,"Head, Sales",', 'b@x,Anna Maria,', 'c@x,Boss,']
    expect(await problems(ended.join('\n'))).toEqual([['c@x', 'Boss']])
  })

  it('of our own comes back unchanged with what spreadsheets put in front, twice over, and without zeros of keys', async () => {
    const departments = [
      { name: 'Support', serviceProviderId: 'ent', groupId: 'grp (x)' },
      { name: 'Support (Tier 2)', serviceProviderId: 'ent', groupId: 'grp (x)' },
      { name: 'Support', serviceProviderId: 'ent' },
      { name: 'Sales \\ Inside', serviceProviderId: 'ent', groupId: 'grp (x)' },
    ]
    const { batches, give, written } = await setUp({}, [
      ...departments.map((department, n) =>
        person('ent', 'grp (x)', `d${n}@x`, { lastName: 'Bo', department, phoneNumber: `+1-513555010${n}` }),
      ),
      person('ent', '007', 'bond@x', { lastName: 'Bo', phoneNumber: '+1-5135550107' }),
    ])
    const paths = ['lastName', 'department', 'phoneNumber']
    await batches.exportUsers(query(), everybody, ['groupId', ...paths])
    const [text = ''] = written
    const bare = text.replace('\ufeff', '')
    for (const [file, kept] of [
      [text, 0],
      [`sep=,\r\n${bare}`, 0],
      [`\ufeffsep=,\r\n${bare}`, 0],
      [bare.replace('007', '7'), 0],
      // Each of the numbers stays, and is noted.
      [bare.replaceAll("'+", "\u00a0'+"), 5],
      [bare.replaceAll("'+", "\ufeff'+"), 5],
    ] as const) {
      give(file)
      expect(await batches.import()).toMatchObject({ looked: 5, edits: 0, problems: 0, kept })
    }
    // One behind the other: the second names are passed over, and each user stands twice.
    give(text + bare)
    expect(await batches.import()).toMatchObject({
      edits: 0,
      problems: 10,
      remarks: [expect.stringMatching(/^Line 7 names the columns again/)],
    })
  })

  it('with two columns exchanged for one user alone proposes neither', async () => {
    const { batches, give } = await setUp({}, [
      person('acme', 'sales', 'a@x', {
        firstName: 'Ana',
        lastName: 'Berg',
        title: 'Chief',
        extension: '0417',
      }),
      person('acme', 'sales', 'b@x', { firstName: 'Bo', lastName: 'Ny', extension: '2' }),
    ])
    const rows = async (text: string) => {
      give(text)
      const { id } = (await batches.import()) as { id: string }
      const shown = batches.window(id, false, 0, 9).rows
      return {
        id,
        shown,
        said: shown.map(({ path, new: to, problem }) => [path, problem?.slice(0, 33) ?? to]),
      }
    }
    const names = await rows('User ID,First name,Last name\na@x,Berg,Ana\nb@x,Bo,Nyman\n')
    expect(names.said).toEqual([
      ['firstName', 'It is what Last name has here, as'],
      ['lastName', 'It is what First name has here, a'],
      ['lastName', 'Nyman'],
    ])
    // Whoever means it types it, and one half is then no longer explained by the other.
    const summary = await batches.fix(names.id, names.shown[0]?.id ?? '', 'Berg')
    expect(summary).toMatchObject({ edits: 3, problems: 0 })
    // One of them cannot even be a value of its field, and a program has taken the zero off the other.
    expect((await rows('User ID,Title,Extension\na@x,417,Chief\n')).said).toEqual([
      ['title', 'It is what Extension has here, as'],
      ['extension', expect.any(String)],
    ])
    // The first name has left its cell for the next one, as when a cell was put in before it.
    const moved = await rows('User ID,First name,Title\na@x,Berg,Ana\nb@x,Ny,\n')
    expect(moved.said).toEqual([
      ['firstName', 'The cells of this line seem to ha'],
      ['title', 'The cells of this line seem to ha'],
      ['firstName', 'Ny'],
    ])
    expect(await batches.fix(moved.id, moved.shown[1]?.id ?? '', 'Ana')).toMatchObject({
      edits: 3,
      problems: 0,
    })
  })

  it('with a column that was sorted by itself leaves it unticked, whatever it holds', async () => {
    const titles = ['Clerk', 'Agent', 'Lead', 'Boss']
    const people = Array.from({ length: 12 }, (_, n) =>
      person('acme', 'sales', `s${String(n).padStart(2, '0')}@x`, { title: titles[n % 4] ?? '' }),
    )
    const { batches, give } = await setUp({}, people)
    const sorted = people.map(({ fields }) => String(fields.title)).sort()
    give(
      `User ID,Title,Last name\n${people.map(({ key }, n) => `${key.userId},${sorted[n]},Name ${n}`).join('\n')}\n`,
    )
    const summary = await batches.import()
    expect(summary?.fields).toEqual([
      { path: 'title', edits: 8, problems: 0, doubtful: true },
      { path: 'lastName', edits: 12, problems: 0 },
    ])
    expect(summary?.notices).toEqual([expect.stringMatching(/^Title: 8 of 8 .*It is not ticked/)])
  })

  it('is about one user once, however its lines spell it', async () => {
    const { batches, give } = await setUp()
    give('User ID,Last name\r\nS1@Acme.Example,Boss\r\ns2@acme.example,Lead\r\nS2@ACME.EXAMPLE,Lead 2\r\n')
    const summary = await batches.import()
    expect(
      batches
        .window(summary?.id ?? '', false, 0, 9)
        .rows.map(({ user, problem, new: to }) => [user.userId, problem ?? to]),
    ).toEqual([
      ['s1@acme.example', 'Boss'],
      ['s2@acme.example', expect.stringContaining('line 4')],
      ['S2@ACME.EXAMPLE', expect.stringContaining('line 3')],
    ])
  })
  it('that was exported as a workbook changes nothing when it comes back, whatever it holds', async () => {
    const odd = ["'=1+1", '=1+1', '<clear>', "'tis", '_x000D_', 'a<b>&"c"', '0012', '1/2', ' Ä\u0001ł ']
    const { batches, giveBytes, workbookBytes } = await setUp(
      {},
      [
        person('=ent', '-north', '+14165550123@acme.example', { title: 'Chief', extension: '0417' }),
        ...odd.map((lastName, n) =>
          person('acme', 'sales', `p${n}@acme.example`, { lastName, firstName: '+1' }),
        ),
        person('acme', 'sales', '0012', { lastName: 'Twelve' }),
        person('acme', 'sales', '12', { lastName: 'Dozen' }),
      ],
      true,
    )
    expect((await batches.exportUsers(query(), everybody, undefined)).path).toMatch(/users\.xlsx$/)
    giveBytes(workbookBytes())
    const looked = odd.length + 3
    expect(await batches.import()).toMatchObject({
      looked,
      edits: 0,
      problems: 0,
      kept: 0,
      unchanged: looked,
    })
  })

  it.each([
    ['windows-1250', '\r\n', ['Żółkiewski', 'Wiśniewski', 'Dvořák', 'Müller', 'Kovač'], 'Łucja', 'Čapek'],
    ['windows-1251', '\n', ['Иванов', 'Щукин', 'Смирнова', 'Ёлкин', 'Чехов'], 'Анна', 'Жуков'],
    ['macintosh', '\r', ['Müller', 'Zoë', 'Ødegård', 'Núñez', 'Groß'], 'Jürgen', 'Müßig'],
  ])(
    'in %s changes only what a person changed, and can be read in another',
    async (id, end, names, firstName, anew) => {
      const { batches, giveBytes } = await setUp(
        {},
        names.map((lastName, n) => person('acme', 'sales', `p${n}@acme.example`, { lastName, firstName })),
      )
      const page = codePages.find((each) => each.id === id) as (typeof codePages)[number]
      const lines = names.map((name, n) => `p${n}@acme.example;${n === 4 ? anew : name};${firstName}`)
      const text = ['User ID;Last name;First name', ...lines].join(end)
      giveBytes(Uint8Array.from(encoded(text, page), (letter) => letter.charCodeAt(0)))
      const summary = await batches.import()
      expect(summary).toMatchObject({ edits: 1, problems: 0, kept: 0, reading: { id } })
      expect(summary?.notices).toEqual([expect.stringContaining(page.name)])
      const { rows } = batches.window(summary?.id ?? '', false, 0, 1)
      expect(rows[0]).toMatchObject({ old: names[4], new: anew })

      const other = await batches.readAs(summary?.id ?? '', 'windows-1252')
      expect(other).toMatchObject({ reading: { id: 'windows-1252' } })
      expect(other.kept).toBeGreaterThan(5)
      expect((await batches.readAs(other.id, id)).kept).toBe(0)
    },
  )

  it('in a code page that is not known here is in doubt wherever the users have another letter', async () => {
    const names = ['Άννα', 'Ζωή', 'Άρης', 'Ωνάσης']
    const { batches, giveBytes } = await setUp(
      {},
      names.map((lastName, n) =>
        person('acme', 'sales', `p${n}@acme.example`, { lastName, firstName: 'Ζωή' }),
      ),
    )
    // ISO-8859-7 differs from the Greek page of Windows in one capital letter.
    const page = codePages.find(({ id }) => id === 'windows-1253') as (typeof codePages)[number]
    const lines = names.map((name, n) => `p${n}@acme.example,${name},${n === 3 ? 'Άννα' : 'Ζωή'}`)
    const text = encoded(['User ID,Last name,First name', ...lines].join('\n'), page).replaceAll(
      '\xa2',
      '\xb6',
    )
    giveBytes(Uint8Array.from(text, (letter) => letter.charCodeAt(0)))
    const summary = await batches.import()
    expect(summary).toMatchObject({ edits: 0, problems: 3, reading: { id: 'windows-1253' } })
    for (const { problem } of batches.window(summary?.id ?? '', true, 0, 9).rows)
      expect(problem).toContain('“Ά')
  })

  it('in an old code page that nothing here confirms is no change until a person says how it is read', async () => {
    const { batches, giveBytes } = await setUp({}, [
      person('acme', 'sales', 'a@acme.example', { lastName: 'A', title: 'Clerk' }),
    ])
    const page = codePages.find(({ id }) => id === 'windows-1250') as (typeof codePages)[number]
    const text = encoded('User ID,Last name,Title\na@acme.example,Łódź,Chief\n', page)
    giveBytes(Uint8Array.from(text, (letter) => letter.charCodeAt(0)))
    const summary = await batches.import()
    expect(summary).toMatchObject({ edits: 1, problems: 1 })
    const { rows } = batches.window(summary?.id ?? '', true, 0, 1)
    expect(rows[0]).toMatchObject({ path: 'lastName', problem: expect.stringContaining('“Łódź”') })
    const chosen = await batches.readAs(summary?.id ?? '', 'windows-1250')
    expect(chosen).toMatchObject({ edits: 2, problems: 0 })
    expect(batches.window(chosen.id, false, 0, 1).rows[0]).toMatchObject({ new: 'Łódź' })
  })
})

describe('departments of a file', () => {
  it('are those that are named so, brackets and all; one that the server does not have is a problem', async () => {
    const { batches, saved, give } = await setUp()
    give(
      'User ID,Department\ns1@acme.example,Support (Tier 2)\ns2@acme.example,Nowhere (Tier 2)\ns3@acme.example,Support (acme)\n',
    )
    const { id } = (await batches.import()) as { id: string }
    const { summary } = await batches.compare(id)
    expect(summary).toMatchObject({ problems: 1, edits: 2 })
    expect(batches.window(summary.id, true, 0, 5).rows).toMatchObject([
      { line: 3, problem: 'There is no department “Nowhere (Tier 2)” in group sales.' },
    ])
    await batches.save(summary.id, { rows: { all: true, except: [] }, withoutFields: [] }, undefined)
    expect(saved.flatMap(({ input }) => input.changes.map(({ edits }) => edits[0]?.mine))).toEqual([
      { name: 'Support (Tier 2)', serviceProviderId: 'acme', groupId: 'sales' },
      { name: 'Support', serviceProviderId: 'acme' },
    ])
  })

  it('are no others where only blanks were lost, whatever the server’s list says', async () => {
    // No list says anything against a department whose name begins so.
    const department = { name: 'Support (Tier 2)', serviceProviderId: 'acme', groupId: 'sales' }
    const { batches, give } = await setUp({}, [person('acme', 'sales', 'a@x', { department })])
    const problems = async (cell: string) => {
      give(`User ID,Department\na@x,${cell}\n`)
      const { id, edits } = (await batches.import()) as { id: string; edits: number }
      return [edits, ...batches.window(id, false, 0, 5).rows.map(({ problem }) => problem)]
    }
    const blanks = expect.stringContaining('still: only blanks differ')
    expect(await problems('Support(Tier 2)')).toEqual([0, blanks])
    expect(await problems('Support(Tier2)(sales)')).toEqual([0, blanks])
    expect(await problems('Support (Tier 2)(sales)')).toEqual([0])
    expect(await problems('Support (Tier 3)')).toEqual([1, undefined])
  })
})

describe('rules about services', () => {
  const services = () => {
    const known = new Map<string, Record<string, Json>>()
    const lacking = new Set<string>()
    const read: string[][] = []
    const callHandling: NonNullable<BatchesDeps['callHandling']> = {
      callsFor: (users) => users.length,
      lay: (_, rows) =>
        rows.map((row) => ({
          ...row,
          fields: { ...row.fields, ...known.get(row.key.userId) },
          lacks: lacking.has(row.key.userId) ? ['callForwardingAlways'] : [],
          read:
            lacking.has(row.key.userId) || known.has(row.key.userId)
              ? ['callForwardingAlways', 'doNotDisturb']
              : [],
        })),
      async readServices(users, wanted, { onRead }) {
        read.push([...wanted])
        for (const { userId } of users) {
          if (userId.startsWith('s3@')) lacking.add(userId)
          else {
            known.set(userId, {
              'callForwardingAlways.isActive': userId.startsWith('s1'),
              'callForwardingAlways.forwardToPhoneNumber': userId.startsWith('s1') ? '4711' : null,
            })
          }
        }
        onRead(users)
        return undefined
      },
    }
    return { callHandling, read }
  }
  it('replace nothing that was not read, read the services alone, and say who does not have one', async () => {
    const { callHandling, read } = services()
    const { batches, saved } = await setUp({}, everyone(), false, callHandling)
    const off = { path: 'callForwardingAlways.isActive', act: 'set', value: 'No' } as const
    const before = await batches.edit(query(), everybody, [off])
    expect(before).toMatchObject({ unread: 13, edits: 0 })
    const { summary } = await batches.compare(before.id, 'unread')
    expect(read).toEqual([['callForwardingAlways']])
    // s1, s10 and s11 had it on; s3 does not have it at all.
    expect(summary).toMatchObject({ unread: 0, edits: 3, problems: 1 })
    const rows = batches.window(summary.id, true, 0, 10).rows
    expect(rows.map(({ problem }) => problem)).toEqual(['This user does not have call forwarding always.'])
    await batches.save(summary.id, allRows, 'Back from leave')
    expect(
      saved
        .flatMap(({ input }) => input.changes)
        .map(({ user, edits }) => [user.userId, edits])
        .sort(),
    ).toEqual(
      ['s10', 's11', 's1'].map((name) => [
        `${name}@acme.example`,
        [{ path: 'callForwardingAlways.isActive', base: true, mine: false }],
      ]),
    )
  })

  it('a switch without its number is a problem, with it there is none', async () => {
    const { callHandling } = services()
    const { batches } = await setUp({}, everyone(), false, callHandling)
    const on = { path: 'callForwardingAlways.isActive', act: 'set', value: 'Yes' } as const
    const to = {
      path: 'callForwardingAlways.forwardToPhoneNumber',
      act: 'build',
      template: '*55{{extension}}',
    } as const
    const alone = await batches.edit(query('Seller'), everybody, [on])
    await batches.compare(alone.id, 'unread')
    expect(batches.window(alone.id, true, 0, 20).rows[0]?.problem).toContain('Forward always to is empty')
    const both = await batches.edit(query('Seller'), everybody, [on, to])
    expect(batches.window(both.id, true, 0, 20).rows.map(({ problem }) => problem)).toEqual([
      'This user does not have call forwarding always.',
      'This user does not have call forwarding always.',
    ])
  })

  it('a template builds a number of a service from the user', async () => {
    const { callHandling } = services()
    const people = everyone().map((one, n) => ({
      ...one,
      fields: { ...one.fields, phoneNumber: `+1-513555${2000 + n}` },
    }))
    const { batches } = await setUp({}, people, false, callHandling)
    const to = 'callForwardingAlways.forwardToPhoneNumber'
    const made = await batches.edit(query('Seller'), some('s1@acme.example', 's2@acme.example'), [
      { path: to, act: 'build', template: '{{dn}}' },
    ])
    await batches.compare(made.id, 'unread')
    const { rows } = batches.window(made.id, false, 0, 20)
    expect(rows.map(({ user, path, new: now, problem }) => [user.userId, path, now ?? problem])).toEqual([
      ['s1@acme.example', to, '5135552001'],
      ['s2@acme.example', to, '5135552002'],
    ])
  })

  it('a column of a file is one of a service by its label or path', async () => {
    const { callHandling, read } = services()
    const { batches, give } = await setUp({}, everyone(), false, callHandling)
    give(
      [
        'User ID,Forward always,callForwardingAlways.forwardToPhoneNumber',
        's0@acme.example,Yes,+1 513 555 0100',
        's1@acme.example,Yes,4711',
        's2@acme.example,yes,',
        's3@acme.example,No,',
        's10@acme.example,No,4711',
      ].join('\r\n'),
    )
    const before = await batches.import()
    expect(before).toMatchObject({ edits: 0, unread: 5 })
    const { summary } = await batches.compare(before?.id ?? '', 'unread')
    expect(read).toEqual([['callForwardingAlways']])
    const rows = batches.window(summary.id, false, 0, 20).rows
    expect(
      rows.map(({ user, path, new: to, problem }) => [
        user.userId.split('@')[0],
        path?.split('.')[1],
        to ?? problem,
      ]),
    ).toEqual([
      ['s0', 'isActive', true],
      ['s0', 'forwardToPhoneNumber', '+15135550100'],
      ['s2', 'isActive', 'Forward always to is empty.'],
      ['s3', 'isActive', 'This user does not have call forwarding always.'],
      ['s10', 'isActive', false],
    ])
  })
})

describe('a file about calls', () => {
  const objects: Partial<Record<ServiceId, JsonObject>> = {
    callForwardingAlways: { isActive: true, forwardToPhoneNumber: '+15135550123', isRingSplashActive: false },
    callForwardingBusy: { isActive: false, forwardToPhoneNumber: 4711 },
    callForwardingNoAnswer: { isActive: true, forwardToPhoneNumber: '0042', numberOfRings: 3 },
    callForwardingNotReachable: { isActive: false },
    doNotDisturb: { isActive: true, ringSplash: false },
    voiceMessaging: {
      ...Object.fromEntries(
        serviceOf('voiceMessaging')
          .fields.filter(({ kind }) => kind === 'boolean')
          .map(({ path }) => [keyOf(path), false]),
      ),
      isActive: true,
      processing: 'Deliver To Email Address Only',
      voiceMessageDeliveryEmailAddress: '-ana@acme.example',
    },
    hotelingGuest: {
      isActive: true,
      enableAssociationLimit: true,
      associationLimitHours: 12,
      hostUserId: '=host@acme.example',
    },
  }
  const callColumns = ['calls.forwardedTo', 'calls.doNotDisturb', 'calls.voiceMail', 'calls.remoteOffice']
  const paths = [...callColumns, ...callFields.map(({ path }) => path)]
  const input = { query: query(), selection: everybody, paths }

  const known = async (workbook = false) => {
    const all = await setUp({}, everyone(), workbook, 'real')
    for (const { key } of all.server.people) all.server.services.set(key.userId, objects)
    // Half of what every answer has says nothing of the rest.
    all.server.services.set('s3@acme.example', { ...objects, callForwardingNoAnswer: { isActive: false } })
    all.server.services.set('s4@acme.example', {})
    return all
  }

  it('says what was not read and who does not have a service, reads it when asked, and changes nothing when it comes back', async () => {
    const { batches, server, written, give } = await known()
    await batches.exportUsers(query(), everybody, paths)
    const cellsOf = (text: string) => {
      const [head = [], ...lines] = Papa.parse<string[]>(text.replace('\ufeff', '').trim()).data
      return (user: string, column: string) =>
        lines.find(([id]) => id === `${user}@acme.example`)?.[head.indexOf(column)]
    }
    const before = cellsOf(written[0] ?? '')
    for (const column of [
      'Forwarded to',
      'Do not disturb',
      'Voice mail',
      'Remote office',
      'Forward always to',
    ])
      expect(before('s1', column), column).toBe('<not read>')
    give(written[0] ?? '')
    expect(await batches.import()).toMatchObject({ looked: 13, edits: 0, problems: 0, unread: 0 })

    const facts = await batches.unread(input)
    expect(facts).toMatchObject({ users: 13, unread: 13, groups: 2 })
    expect(facts.seconds).toBeGreaterThan(0)
    expect(await batches.readUnread(input)).toEqual({})
    expect(server.calls.filter((call) => call.startsWith('bulk callForwardingAlways'))).toHaveLength(1)
    expect(await batches.unread(input)).toEqual({ users: 13, unread: 0, groups: 0, seconds: 0 })

    await batches.exportUsers(query(), everybody, paths)
    const text = written[1] ?? ''
    const after = cellsOf(text)
    expect(after('s1', 'Forwarded to')).toBe("'+15135550123; 0042 (no answer)")
    expect(after('s1', 'Do not disturb')).toBe('Yes')
    expect(after('s1', 'Remote office')).toBe('<not assigned>')
    expect(after('s1', 'Forward when busy to')).toBe('4711')
    expect(after('s1', 'Forward when not reachable to')).toBe('')
    expect(after('s3', 'Rings before no answer')).toBe('<not read>')
    expect(after('s4', 'Forwarded to')).toBe('Call forwarding off')
    expect(after('s4', 'Voice mail')).toBe('<not assigned>')
    give(text)
    expect(await batches.import()).toMatchObject({ looked: 13, edits: 0, problems: 0, kept: 0, unread: 0 })
    // What is changed in it is a change, of exactly that.
    give(text.replace('4711', '4712'))
    expect(await batches.import()).toMatchObject({
      edits: 1,
      problems: 0,
      fields: [{ path: 'callForwardingBusy.forwardToPhoneNumber', edits: 1 }],
    })
  })

  it('is the same as a workbook', async () => {
    const { batches, giveBytes, workbookBytes } = await known(true)
    await batches.exportUsers(query(), everybody, paths)
    expect(strFromU8(unzipSync(workbookBytes())['xl/worksheets/sheet1.xml'] as Uint8Array)).toContain(
      '&lt;not read&gt;',
    )
    await batches.readUnread(input)
    await batches.exportUsers(query(), everybody, paths)
    giveBytes(workbookBytes())
    expect(await batches.import()).toMatchObject({ looked: 13, edits: 0, problems: 0, kept: 0, unread: 0 })
  })

  it('who cannot be read does not keep the others from being read', async () => {
    const { batches, server } = await known()
    server.failures.set('services s1@acme.example', oops('not-found', 'There is no such user.'))
    expect(await batches.readUnread(input)).toEqual({ why: 'There is no such user.' })
    expect(await batches.unread(input)).toMatchObject({ unread: 1 })
  })
})

describe('a file that gives users what others have', () => {
  const columns =
    'User ID|First name|Last name|E-mail|Extension|Mobile number|Title|Location|Time zone|Language|Calling line ID number'
  const paths =
    'firstName|lastName|emailAddress|extension|mobilePhoneNumber|title|addressLocation|timeZone|language|callingLineIdPhoneNumber'.split(
      '|',
    )
  const names = 'Ana Bo Cy Dan Eve Fay Gus Hal Ida Jon Kim Lea Max Nia Oda Pia Rex Sue Tom Uma'.split(' ')
  const ranks = ['Agent', 'Clerk', 'Lead', 'Boss', 'Agent']
  const users = names.map((name, n) =>
    person('acme', 'sales', `u${String(n).padStart(2, '0')}@x`, {
      firstName: name,
      lastName: `${names[(n * 7 + 3) % 20]}sen`,
      emailAddress: `${name.toLowerCase()}@acme.example`,
      extension: `${1000 + n}`,
      mobilePhoneNumber: `+4930123${(n * 37 + 11) % 100}${n + 10}`,
      title: ranks[n % 5] ?? '',
      addressLocation: `Floor ${n % 3}`,
      timeZone: 'Europe/Berlin',
      language: 'English',
      callingLineIdPhoneNumber: `+493055500${n + 10}`,
    }),
  )
  const cellsOf = ({ key, fields }: (typeof users)[0]) => [
    key.userId,
    ...paths.map((path) => String(fields[path] ?? '')),
  ]
  const table = users.map(cellsOf)
  const at = (path: string) => paths.indexOf(path) + 1

  async function imported(lines: readonly (readonly string[])[], people = users) {
    const { batches, give } = await setUp({}, people)
    give([columns.split('|'), ...lines].map(csvLine).join(''))
    const summary = await batches.import()
    const doubtful = new Set(summary?.fields.flatMap(({ path, doubtful }) => (doubtful ? [path] : [])))
    const { rows } = batches.window(summary?.id ?? '', false, 0, 500)
    return {
      ticked: rows
        .filter(({ problem, path = '', kept }) => problem === undefined && !kept && !doubtful.has(path))
        .map(({ user, path }) => `${user.userId} ${path}`),
      problems: rows.flatMap(({ problem }) => (problem === undefined ? [] : [problem])),
      notices: summary?.notices ?? [],
    }
  }
  const own = 'firstName|lastName|emailAddress|extension|mobilePhoneNumber'.split('|')

  it.each(own.flatMap((path) => [1, 2, 7, 15].map((many) => [path, many] as const)))(
    'by filling %s of one into %i others ticks nothing',
    async (path, many) => {
      for (const down of [true, false]) {
        const lines = table.map((cells, n) => {
          const filled = down ? n > 2 && n <= 2 + many : n >= 17 - many && n < 17
          return filled ? cells.with(at(path), table[down ? 2 : 17]?.[at(path)] ?? '') : cells
        })
        expect((await imported(lines)).ticked).toEqual([])
      }
    },
  )

  it.each(own.flatMap((path) => [2, 3, 8].map((many) => [path, many] as const)))(
    'by moving %s of %i lines up, down or elsewhere ticks nothing',
    async (path, many) => {
      for (const by of [-1, 1, 4]) {
        const lines = table.map((cells, n) =>
          n >= 6 && n < 6 + many ? cells.with(at(path), table[n + by]?.[at(path)] ?? '') : cells,
        )
        expect((await imported(lines)).ticked).toEqual([])
      }
    },
  )

  it('by exchanging a value of two of them, or sorting some, ticks nothing', async () => {
    for (const path of own) {
      const swapped = table.map((cells, n) =>
        n === 4 || n === 13 ? cells.with(at(path), table[17 - n]?.[at(path)] ?? '') : cells,
      )
      expect((await imported(swapped)).ticked).toEqual([])
      const some = table.slice(5, 9).map((cells) => cells[at(path)] ?? '')
      const sorted = [...some].sort((a, b) => b.localeCompare(a))
      const lines = table.map((cells, n) =>
        n >= 5 && n < 9 ? cells.with(at(path), sorted[n - 5] ?? '') : cells,
      )
      expect((await imported(lines)).ticked).toEqual([])
    }
  })

  it('by pasting the cells of one over those of another ticks nothing of that line, whether the one is in the file or not', async () => {
    for (const without of [false, true]) {
      for (const [from, to] of [
        [1, 10],
        [1, 4],
        [2, 4],
        [6, 10],
      ] as const) {
        const other = table[11] as string[]
        const lines = table.flatMap((cells, n) => {
          if (n === 11 && without) return []
          return [n === 3 ? cells.map((cell, c) => (c >= from && c <= to ? (other[c] ?? '') : cell)) : cells]
        })
        const { ticked } = await imported(lines)
        // Of what belongs to nobody it cannot be told.
        if (from < 6) expect(ticked).toEqual([])
      }
    }
  })

  it.each<[string, string, (n: number) => string]>([
    ['extensions from one of the users on', 'extension', (n) => `${1028 + n - 4}`],
    ['extensions', 'extension', (n) => `${5000 + n}`],
    ['extensions that count down', 'extension', (n) => `${5000 - n}`],
    ['names', 'firstName', (n) => `Ana ${n}`],
    ['e-mail addresses', 'emailAddress', (n) => `ana${n}@acme.example`],
    ['locations', 'addressLocation', (n) => `Floor ${n}`],
    ['mobile numbers', 'mobilePhoneNumber', (n) => `+49301230${n + 10}`],
  ])('%s that a spreadsheet counted on are not ticked, and can be by a person', async (_, path, value) => {
    const mixed = table.map((cells, n) => cells.with(at('extension'), `${1000 + ((n * 7) % 20)}`))
    const people = users.map((user, n) =>
      person('acme', 'sales', user.key.userId, { ...user.fields, extension: `${1000 + ((n * 7) % 20)}` }),
    )
    const lines = mixed.map((cells, n) => (n > 4 && n < 11 ? cells.with(at(path), value(n)) : cells))
    const { ticked, problems, notices } = await imported(lines, people)
    expect(ticked).toEqual([])
    if (path !== 'extension') expect(problems).toEqual([])
    expect(notices.filter((notice) => notice.includes('count on')).length).toBe(1)
  })

  it.each(['emailAddress', 'mobilePhoneNumber'])(
    'by one %s of somebody far off, who keeps it, ticks nothing',
    async (path) => {
      const lines = table.map((cells, n) =>
        n === 3 ? cells.with(at(path), table[15]?.[at(path)] ?? '') : cells,
      )
      const { ticked, problems } = await imported(lines)
      expect([ticked, problems.length]).toEqual([[], 1])
    },
  )

  it.each<[string, (cells: readonly string[], n: number) => readonly string[], number]>([
    ['one location', (cells) => cells.with(at('addressLocation'), 'Annex'), 20],
    ['one time zone', (cells) => cells.with(at('timeZone'), 'Europe/Oslo'), 20],
    ['one language', (cells) => cells.with(at('language'), 'German'), 20],
    ['the number of the group', (cells) => cells.with(at('callingLineIdPhoneNumber'), '+49305550010'), 19],
    ['the title of a part', (cells, n) => (n > 4 && n < 12 ? cells.with(at('title'), 'Lead') : cells), 6],
    ['new extensions', (cells, n) => cells.with(at('extension'), `${2000 + n}`), 20],
    ['addresses of another domain', (cells) => cells.with(at('emailAddress'), `${cells[1]}@new.example`), 20],
    [
      'new names for two',
      (cells, n) => (n === 4 || n === 9 ? cells.with(at('lastName'), `Neu${n}`) : cells),
      2,
    ],
    [
      'the name of somebody else far off',
      (cells, n) => (n === 4 ? cells.with(at('firstName'), 'Uma') : cells),
      1,
    ],
    [
      'a whole new person',
      (cells, n) =>
        n === 4
          ? [cells[0] ?? '', 'Zoe', 'Zed', 'zoe@acme.example', '3000', '+4930999', ...cells.slice(6)]
          : cells,
      5,
    ],
  ])('is not suspected for %s', async (_, change, count) => {
    const { ticked, problems } = await imported(table.map(change))
    expect([ticked.length, problems]).toEqual([count, []])
  })
})
