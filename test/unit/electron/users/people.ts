import * as fc from 'fast-check'
import type { Forward, Glance } from '../../../../shared/calls/glance'
import { callColumns } from '../../../../shared/query/columns'
import { fields } from '../../../../shared/user/catalogue'
import type { UserRecord } from '../../../../shared/user/types'

const some = <T>(...values: T[]) => fc.constantFrom(...values)

// Few letters and few different words, so that searches have hits, near misses and hits across fields.
const word = fc.oneof(
  some('Müller', 'muller', 'Mull', 'Ødegård', 'Odegard', 'Anna', 'ANNA', 'annà', 'Weiß', 'Weiss', 'Łukasz'),
  some(
    '張偉',
    'Παπαδόπουλος',
    'Елена',
    'İpek',
    'O’Brien',
    'a',
    'aa',
    'ab',
    'ba',
    'Smith-Jones',
    'van der Berg',
  ),
  fc.string({ unit: some('a', 'b', 'á', 'B', ' ', '-', '.', '1', 'ß', '\n', '*', '"', ':'), maxLength: 6 }),
)
const number = fc.oneof(
  some('+1-5135550123', '+1-5135550124', '+49-8912345678', '+44-2079460000', '5135550123', '0171/555 66-77'),
  some('+49 (0)89 1234', '0049891234', '12', ''),
  fc
    .tuple(some('+1-', '+49-', ''), fc.integer({ min: 0, max: 99999 }))
    .map(([prefix, digits]) => prefix + digits),
)
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })

export const person: fc.Arbitrary<Omit<UserRecord, 'completeness' | 'extra'>> = fc
  .record({
    key: fc.record({
      serviceProviderId: some('acme', 'Acme', 'beta'),
      groupId: some('grp 1', 'grp 10', 'berg'),
      userId: fc
        .tuple(
          some('anna', 'muller', '5135550123', 'a', 'ab', '12'),
          fc.nat(50),
          some('@corp.example', '@b', ''),
        )
        .map(([a, n, b]) => `${a}${n}${b}`),
    }),
    firstName: optional(word),
    lastName: optional(word),
    phoneNumber: optional(number),
    mobilePhoneNumber: optional(number),
    extension: optional(fc.integer({ min: 0, max: 200 }).map(String)),
    emailAddress: optional(some('anna@corp.example', 'a@b', 'M.Muller@CORP.example')),
    departmentFullPath: optional(some('Sales (grp 1)', 'Support', 'Sales \\ Inside (berg)')),
    department: optional(
      fc.record({ name: some('Sales', 'Support'), serviceProviderId: some('acme', 'beta') }),
    ),
    title: optional(word),
    'address.city': optional(some('München', 'Cincinnati', 'New York', 'York')),
    aliases: optional(fc.array(some('chief@corp.example', 'a@b', 'anna'), { minLength: 1, maxLength: 3 })),
    'accessDeviceEndpoint.accessDevice.macAddress': optional(some('0004F2ABCDEF', '00:04:f2:ab:cd:ee')),
    phoneNumberActivated: optional(fc.boolean()),
    endpointType: optional(some('none', 'accessDeviceEndpoint')),
  })
  .map(({ key, ...values }) => ({
    key,
    fields: Object.fromEntries(
      Object.entries(values).filter(([, value]) => value !== undefined && value !== ''),
    ) as UserRecord['fields'],
  }))

const toggle = some<Glance['voiceMail']>('on', 'off', 'none')
const destination = fc.oneof(
  number.filter((text) => text !== ''),
  fc.integer({ min: 0, max: 12_000 }).map(String),
  some('anna1@corp.example', 'x@elsewhere.example', '*5512', '*72'),
)

/** What is known of the call handling of one user. */
export const glance: fc.Arbitrary<Glance> = fc.record(
  {
    forwards: fc.array(
      fc.record({
        to: fc.option(destination, { nil: undefined }),
        when: some<Forward['when']>('always', 'busy', 'no answer'),
      }),
      { maxLength: 2 },
    ),
    doNotDisturb: toggle,
    voiceMail: toggle,
    remoteOffice: toggle,
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Glance>

const callWord = some(
  'forwarded:yes',
  'forwarded:no',
  'forwarded:outside',
  'forwarded:inside',
  'forwarded:unclear',
  'forwarded:12',
  'forwarded:+1513*',
  'forwarded:x@elsewhere.example',
  'has:forwarded',
  'dnd:on',
  'dnd:off',
  'vm:on',
  'vm:none',
  'has:vm',
  'remote:off',
)

const searchWord = fc.oneof(
  { weight: 4, arbitrary: word },
  { weight: 2, arbitrary: fc.tuple(word, fc.nat(4)).map(([text, end]) => text.slice(0, end + 1)) },
  { weight: 2, arbitrary: number },
  { weight: 1, arbitrary: number.map((text) => text.slice(0, 5)) },
  { weight: 1, arbitrary: some('513 555 0123', '+49 89 1234', '089 12345678', '12', '1', '+1', '0') },
  { weight: 1, arbitrary: some('mul*', '*ler', 'm*r', '*', '513*', '+1513*') },
  { weight: 1, arbitrary: some('"anna muller"', '"a b"', '"van der"', '"muller', '"nna mul"') },
)
const fieldWord = fc
  .tuple(
    some(
      'ext',
      'dn',
      'number',
      'group',
      'city',
      'email',
      'dept',
      'title',
      'name',
      'alias',
      'mac',
      'id',
      'clid',
      'sp',
    ),
    fc.oneof(
      searchWord,
      some('"grp 1"', 'grp', '@corp', 'sales', '"sales"', '+1513*', '12', '1*', 'york', '"York"'),
    ),
  )
  .map(([name, value]) => `${name}:${value}`)
const stateWord = some('is:changed', 'is:gone', 'is:conflict', 'is:full', 'has:alias', 'has:title', 'has:dn')

/** A search text: mostly sensible, sometimes not. */
export const searchText: fc.Arbitrary<string> = fc
  .array(
    fc
      .tuple(
        fc.oneof(
          { weight: 5, arbitrary: searchWord },
          { weight: 3, arbitrary: fieldWord },
          { weight: 1, arbitrary: stateWord },
          { weight: 2, arbitrary: callWord },
        ),
        fc.integer({ min: 0, max: 9 }),
      )
      .map(([text, minus]) => (minus === 0 ? `-${text}` : text)),
    { maxLength: 3 },
  )
  .map((words) => words.join(' '))

const sortable = fields.filter(({ path }) =>
  [
    'lastName',
    'firstName',
    'userId',
    'phoneNumber',
    'extension',
    'address.city',
    'groupId',
    'title',
    'aliases',
  ].includes(path),
)
export const sorting = fc.array(
  fc.record({
    path: some(...[...sortable, ...callColumns].map(({ path }) => path)),
    direction: some('ascending', 'descending'),
  }),
  { maxLength: 3 },
)
