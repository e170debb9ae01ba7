import { describe, expect, it } from 'vitest'
import { linesOf, searchColumns } from '../../../../shared/query/columns'
import { foundOutOfSight, isExact, matches, type Searched } from '../../../../shared/query/match'
import {
  callExamples,
  completionsFor,
  correctionsOf,
  nearestNames,
  type UserStateName,
} from '../../../../shared/query/names'
import { parseQuery } from '../../../../shared/query/parse'
import { understood } from '../../../../shared/query/words'
import type { UserRecord } from '../../../../shared/user/types'

const user = (
  fields: UserRecord['fields'],
  more: { userId?: string; groupId?: string; groupName?: string; states?: UserStateName[] } = {},
): Searched => ({
  record: {
    key: {
      serviceProviderId: 'acme',
      groupId: more.groupId ?? 'grp 1',
      userId: more.userId ?? 'hmuller@corp.example',
    },
    completeness: 'full',
    fields,
    extra: {},
  },
  states: new Set(more.states ?? []),
  around: more.groupName === undefined ? {} : { groupName: more.groupName },
})

const hans = user({
  firstName: 'Hans',
  lastName: 'Müller',
  phoneNumber: '+49-8912345678',
  mobilePhoneNumber: '0171 / 555 66-77',
  extension: '1234',
  emailAddress: 'hans@corp.example',
  department: { name: 'Sales', serviceProviderId: 'acme', groupId: 'grp 1' },
  'address.city': 'München',
  aliases: ['chief@corp.example'],
  'accessDeviceEndpoint.accessDevice.macAddress': '0004F2ABCDEF',
  passwordExpiresDays: 42,
})

const finds = (search: string, who: Searched = hans): boolean => matches(parseQuery(search), who)
const problems = (search: string) => parseQuery(search).problems

describe('a number that details tell without its country code', () => {
  const asListed = user({ phoneNumber: '+1-5135551245', countryCode: '1' })
  const asInDetails = user({ phoneNumber: '5135551245', countryCode: '1' })

  it.each([
    '5135551245',
    '+1-5135551245',
    '+15135551245',
    '+1 (513) 555-1245',
    '0015135551245',
    '+1-513*',
    'phone:5135551245',
    'phone:+1-5135551245',
  ])('is found by %s, in whatever form the server told it last', (search) => {
    expect(finds(search, asListed)).toBe(true)
    expect(finds(search, asInDetails)).toBe(true)
  })

  it('is sorted as the same number, and not found under another country', () => {
    const [column] = searchColumns.filter(({ path }) => path === 'phoneNumber')
    if (!column) throw new Error('no such column')
    expect(linesOf(column, asInDetails.record)).toEqual(linesOf(column, asListed.record))
    expect(finds('+49-5135551245', asInDetails)).toBe(false)
    expect(finds('+15135551245', user({ phoneNumber: '5135551245' }))).toBe(false)
  })
})

describe('a mobile number that is kept without its country', () => {
  const german = user({ mobilePhoneNumber: '0171 / 555 66-77', countryCode: '49' })
  const american = user({ mobilePhoneNumber: '2125550188', countryCode: '1' })
  it('is found with the country of its user, and with no other', () => {
    for (const search of ['+1 (212) 555-0188', '0012125550188', 'tel:+1-212-555-0188', 'mobile:+12125550188'])
      expect([search, finds(search, american)]).toEqual([search, true])
    for (const search of ['+49 171 5556677', '+49 (0)171 5556677', '0171-5556677', '00491715556677'])
      expect([search, finds(search, german)]).toEqual([search, true])
    expect(finds('+49 212 5550188', american)).toBe(false)
    expect(finds('+1 171 5556677', german)).toBe(false)
  })
})

describe('words', () => {
  it.each([
    'hans',
    'MULLER',
    'müller hans',
    'han mül',
    'chief',
    '1234',
    'munchen',
    'hmuller@corp.example',
    '@corp',
    'grp',
    'sales hans 1234',
    '"hans müller"',
    '"müller hans"',
    '"ns mu"',
    'mül*',
    '*ller',
    'h*s',
    '0004f2',
    '00:04:f2:ab',
    '',
    '   ',
    '-',
    '+',
    '""',
  ])('%s finds him', (search) => {
    expect(problems(search)).toEqual([])
    expect(finds(search)).toBe(true)
  })

  it.each([
    'schmidt',
    'hans schmidt',
    '-hans',
    '"hans  schmidt"',
    'uller*',
    '*mull',
    '42',
    'true',
    '"mul hans"',
  ])('%s does not', (search) => {
    expect(finds(search)).toBe(false)
  })

  it('of a group find it by name too', () => {
    const inGroup = user({}, { groupId: 'g-17', groupName: 'Århus office' })
    expect(finds('arhus', inGroup)).toBe(true)
    expect(finds('group:office', inGroup)).toBe(true)
    expect(finds('group:"g-17"', inGroup)).toBe(true)
  })
})

describe('what programs put into words', () => {
  const people = user({ firstName: 'Anne‑Marie', lastName: 'O’Brian', title: 'Schiff\u00adfahrt' })
  it.each([
    "o'brian",
    'o’brian',
    'oʼbrian',
    'o`brian',
    'anne-marie',
    'anne–marie',
    '"anne-marie o\'brian"',
    "last:o'brian",
    'last:"O´Brian"',
    'schifffahrt',
    'schiff\u200bfahrt',
  ])('%s finds her', (search) => {
    expect(problems(search)).toEqual([])
    expect(finds(search, people)).toBe(true)
  })

  it('are found with a straight key, too, whoever typed them', () => {
    const straight = user({ firstName: 'Anne-Marie', lastName: "O'Brian" })
    for (const search of ['o’brian', 'anne‑marie', 'last:O´Brian']) expect(finds(search, straight)).toBe(true)
  })
})

describe('numbers in any written form', () => {
  it.each([
    '+49-8912345678',
    '+49 89 12345678',
    '+49 (0)89 1234 5678',
    '+49(0)89/12345678',
    '0049 89 12345678',
    '004989123',
    '011498912345678',
    '089 12345678',
    '089/1234-5678',
    '(089)12345678',
    '8912345678',
    '345678',
    '12.34.56.78',
    '01715556677',
    '0171-555-6677',
    '+4989*',
    '089–1234–5678',
    '089‑1234‑5678',
    '\u202a+49 89 12345678\u202c',
    '+٤٩٨٩١٢٣٤٥٦٧٨',
    '＋４９８９１２３４５６７８',
    '<+498912345678>',
    '[+49 89 12345678]',
    '+498912345678,',
    '49,89,12345678',
    'tel:+49-89-12345678',
    'tel:+498912345678;phone-context=x',
    'callto:+498912345678',
    'sip:hmuller@corp.example',
    'sip:hmuller@corp.example;user=phone',
    '<mailto:hans@corp.example>',
  ])('%s finds him', (search) => {
    expect(problems(search)).toEqual([])
    expect(finds(search)).toBe(true)
  })

  it.each(['+8912345678', '+1 89 12345678', '99999', '+49 89 12345679'])('%s does not', (search) => {
    expect(finds(search)).toBe(false)
  })
})

describe('fields', () => {
  it.each([
    'ext:1234',
    'ext:12*',
    'dn:+49*',
    'dn:8912345678',
    'dn:"089 12345678"',
    'number:1234',
    'mobile:01715556677',
    'group:"grp 1"',
    'group:grp',
    'city:munchen',
    'CITY:"München"',
    'email:@corp',
    'email:*.example',
    'dept:sales',
    'dept:"sales"',
    '-dept:support',
    'has:alias',
    '-has:title',
    'lastname:müll',
    'lastName:müll',
    'address.city:mün',
    'sp:acme',
    'id:hmuller',
    'mac:00:04:f2',
    'city:*',
    'name:hans',
  ])('%s finds him', (search) => {
    expect(problems(search)).toEqual([])
    expect(finds(search)).toBe(true)
  })

  it.each([
    'ext:123',
    'ext:12345',
    'dn:8912345',
    'dn:+1513*',
    'group:"grp"',
    'city:"mun"',
    'email:@other',
    '-dept:sales',
    '-has:alias',
    'has:title',
    'title:*',
    'dept:acme',
    'is:changed',
    'is:gone',
  ])('%s does not', (search) => {
    expect(problems(search)).toEqual([])
    expect(finds(search)).toBe(false)
  })

  it('take the department of a list row, with and without its group', () => {
    const row = user({ departmentFullPath: 'Sales (grp 1)' })
    expect(finds('dept:sales', row)).toBe(true)
    expect(finds('dept:"sales"', row)).toBe(true)
    expect(finds('dept:"sales (grp 1)"', row)).toBe(true)
    expect(finds('dept:"sal"', row)).toBe(false)
  })

  it('know the states', () => {
    const changed = user({}, { states: ['changed', 'conflict'] })
    expect(finds('is:changed', changed)).toBe(true)
    expect(finds('is:conflict', changed)).toBe(true)
    expect(finds('-is:conflict', changed)).toBe(false)
    expect(finds('is:gone', changed)).toBe(false)
  })
})

describe('mistakes', () => {
  it.each([
    ['is:lost hans', /is: can be changed/],
    ['ext: hans', /ext: needs/],
    ['ext:abc hans', /digits/],
    ['has: hans', /has:alias/],
    ['has:nothing hans', /no field called “nothing”/],
    ['"hans', /quotation mark/],
  ])('%s says so and still searches the rest', (search, words) => {
    expect(problems(search)).toHaveLength(1)
    expect(problems(search)[0]).toMatch(words)
    expect(finds(search)).toBe(true)
    expect(finds(`${search.replace('hans', '')} schmidt`)).toBe(false)
  })

  it.each([
    ['emial:@corp', /no field called “emial”.*email.*looked for as text/],
    ['foo:bar', /no field called “foo”.*looked for as text/],
  ])('%s is looked for as it stands, and says so', (search, words) => {
    expect(problems(search)).toHaveLength(1)
    expect(problems(search)[0]).toMatch(words)
    expect(finds(search)).toBe(false)
    expect(finds(search, user({ title: `x ${search}` }))).toBe(true)
  })

  it('are none in a picture, which is looked for like a word', () => {
    expect(finds('😀')).toBe(false)
    expect(finds('😀 hans')).toBe(false)
    expect(finds('😀', user({ title: 'Chief 😀' }))).toBe(true)
    expect(finds('🇩🇪', user({ title: 'Chief 🇫🇷' }))).toBe(false)
    // What only parts words says nothing.
    expect(finds('hans - &')).toBe(true)
  })

  it('are none in a label that has a hyphen', () => {
    for (const search of ['e-mail:hans@corp', 'E-Mail:hans@corp', 'email:hans@corp']) {
      expect(problems(search)).toEqual([])
      expect(finds(search)).toBe(true)
      expect(finds(search.replace('hans', 'nobody'))).toBe(false)
    }
  })

  it('are none where a colon belongs to the text', () => {
    expect(problems('c:\\sales')).toEqual([])
    expect(finds('c:\\sales')).toBe(false)
    expect(finds('c:\\sales', user({}, { userId: 'C:\\Sales' }))).toBe(true)
  })

  it('do not come from hostile text', () => {
    for (const search of [
      '__proto__:x',
      'constructor:x',
      'has:__proto__',
      'is:__proto__',
      '\\',
      '(',
      '['.repeat(900),
    ]) {
      expect(() => matches(parseQuery(search), hans)).not.toThrow()
    }
  })
})

describe('exact hits', () => {
  it.each([
    'hmuller@corp.example',
    'HMULLER',
    '1234',
    '+49 8912345678',
    '089/12345678',
    '089 1234 5678',
    '01715556677',
    'id:hmuller',
    'ext:1234',
  ])('%s is him', (search) => {
    expect(isExact(parseQuery(search), hans)).toBe(true)
  })

  it.each(['hans', 'hmull', '123', '12345678', '-1234', 'chief@corp.example', 'hm*'])(
    '%s is not',
    (search) => {
      expect(isExact(parseQuery(search), hans)).toBe(false)
    },
  )
})

describe('marks', () => {
  it('are the folded words that are looked for', () => {
    expect(parseQuery('Müller -not city:"São Paulo" ext:12* is:gone').marks).toEqual([
      'muller',
      'sao paulo',
      '12',
    ])
  })
})

describe('a name that is no field', () => {
  it.each([
    ['emial', 'email'],
    ['titel', 'title'],
    ['departement', 'department'],
    ['exten', 'ext'],
    ['adress', 'address'],
    ['mobil', 'mobile'],
    ['confict', undefined],
    ['x', undefined],
    ['nobody', undefined],
  ])('%s is nearest to %s', (written, name) => {
    expect(nearestNames(written)[0]?.name).toBe(name)
  })

  it('is offered the nearest ones, in place and as whole searches', () => {
    expect(completionsFor('anna -emial:@corp').map(({ text }) => text)).toContain('-email:@corp')
    expect(correctionsOf('anna -emial:"x y" titel:z')[0]).toEqual({
      name: 'email',
      label: 'E-mail',
      search: 'anna -email:"x y" titel:z',
    })
    expect(correctionsOf('title:x c:\\sales http://host 12:30 has:mobile')).toEqual([])
    expect(completionsFor('title:x')).toEqual([])
    expect(completionsFor('foo:bar')).toEqual([])
  })
})

describe('how a search was understood', () => {
  it.each([
    ['nowak sales', []],
    ['nowak dept:sales', ['“nowak” anywhere', 'Department has “sales”']],
    ['-title:intern last:"Nowak"', ['Title has no “intern”', 'Last name is “Nowak”']],
    ['ext:1234 ext:12*', ['Extension is “1234”', 'Extension is like “12*”']],
    ['-has:email has:mobile', ['E-mail is empty', 'Mobile number is not empty']],
    ['is:conflict -nowak', ['“Has a conflict to decide”', 'not “nowak” anywhere']],
    ['foo:bar', ['“foo:bar” anywhere']],
    ['title:', []],
  ])('%s', (search, parts) => {
    expect(understood(search)).toEqual(parts)
  })
})

describe('completions', () => {
  it('offer names, states and fields for the last word', () => {
    expect(completionsFor('hans ci').map(({ text }) => text)).toEqual(['city:'])
    expect(completionsFor('-de').map(({ text }) => text)).toEqual(['-dept:', '-device:'])
    expect(completionsFor('is:c').map(({ text }) => text)).toEqual(['is:changed', 'is:conflict'])
    expect(completionsFor('has:al').map(({ text }) => text)).toEqual(['has:alias'])
    expect(completionsFor('hans ')).toEqual([])
    expect(completionsFor('"ci')).toEqual([])
  })
})

describe('where somebody was found by what is not seen', () => {
  const inSight = new Set(['lastName', 'firstName', 'userId', 'phoneNumber'])
  const found = (search: string, seen: ReadonlySet<string> = inSight) =>
    foundOutOfSight(parseQuery(search), hans, (path) => seen.has(path))

  it.each<[search: string, paths: string[]]>([
    ['muller', []],
    ['sales', ['department']],
    ['muller sales munchen', ['department', 'address.city']],
    ['dept:sales', ['department']],
    ['chief', ['aliases']],
    ['0171 555', ['mobilePhoneNumber']],
    ['89 123 456', []],
    ['"hans muller"', []],
    ['has:mobile', ['mobilePhoneNumber']],
    ['has:phone', []],
    ['-title:nurse', []],
    ['is:full', []],
    ['nobody', []],
  ])('%s', (search, paths) => {
    expect(found(search)).toEqual(paths)
  })

  it('of a department is its path, where its name does not say it', () => {
    const inside = { departmentFullPath: 'Sales \\ East (grp 1)' }
    const full = user({
      ...inside,
      department: { name: 'East', serviceProviderId: 'acme', groupId: 'grp 1' },
    })
    const where = (who: Searched, seen: string[]) =>
      foundOutOfSight(parseQuery('dept:sales'), who, (path) => seen.includes(path))
    expect(where(full, ['department'])).toEqual(['departmentFullPath'])
    expect(where(user(inside), ['department'])).toEqual([])
    expect(where(user(inside), [])).toEqual(['department'])
  })

  it('is nowhere else while every field is in sight', () => {
    const all = new Set(searchColumns.map(({ path }) => path))
    for (const search of ['sales', 'chief', '0171 555', 'has:mobile', 'corp.example']) {
      expect(finds(search)).toBe(true)
      expect(found(search, all)).toEqual([])
    }
  })

  it('is said of everybody who is found and on whom no word is seen', () => {
    for (const { path } of searchColumns) {
      const only = user({ [path]: path === 'extension' ? '5678' : 'zebra' })
      const search = path === 'extension' ? '5678' : 'zebra'
      if (!finds(search, only)) continue
      expect(foundOutOfSight(parseQuery(search), only, () => false)).toHaveLength(1)
    }
  })
})

describe('what happens to calls', () => {
  it('is asked for in these ways only, as the reference says', () => {
    for (const { text } of callExamples) {
      expect(parseQuery(text), text).toMatchObject({ problems: [], clauses: [{ negate: false }] })
      expect(understood(text), text).toHaveLength(1)
    }
    expect(callExamples.map(({ text }) => text)).toContain('forwarded:outside')
    expect(parseQuery('forwarded:perhaps').problems).toEqual([
      'forwarded: can be yes, no, inside, outside, unclear, or a number, such as forwarded:+1513*.',
    ])
    expect(parseQuery('dnd:4500').problems).toEqual(['dnd: can be on, off, none.'])
    expect(parseQuery('Do-Not-Disturb:on').clauses).toEqual(parseQuery('dnd:on').clauses)
  })

  it('is offered as it is typed', () => {
    expect(completionsFor('vm:o').map(({ text }) => text)).toEqual(['vm:on', 'vm:off'])
    expect(completionsFor('sales -forwarded:out')).toEqual([
      expect.objectContaining({ text: '-forwarded:outside' }),
    ])
  })
})
