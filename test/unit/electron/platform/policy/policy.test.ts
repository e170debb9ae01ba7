import { describe, expect, it } from 'vitest'
import { type PolicySource, policyOf } from '../../../../../electron/platform/policy/policy'
import { freely } from '../../../../../electron/platform/policy/schema'

const place = '/etc/gungnir/policy.json'
const of = (values: Record<string, unknown>, more: Partial<PolicySource> = {}) =>
  policyOf([{ place, values, ...more }])
const publicKey = Buffer.alloc(32, 7).toString('base64')

const whole = {
  connections: [{ name: 'Head office', baseUrl: 'https://odin.example.com/api/v2' }],
  lockConnections: true,
  demo: false,
  updates: { url: 'https://updates.example.com/gungnir/', publicKey },
  readOnly: true,
  historyMinimumDays: 365,
  idleLockMinutes: 15,
  proxy: 'http://proxy.example.com:3128',
  logLevel: 'warn',
}

describe('a policy', () => {
  it('that says nothing changes nothing', () => {
    expect(policyOf([])).toEqual({ rules: freely, setBy: {}, problems: [] })
    expect(of({})).toEqual({ rules: freely, setBy: {}, problems: [] })
  })

  it('sets what it says, and where that was said', () => {
    const { rules, setBy, problems } = of(whole)
    expect(problems).toEqual([])
    expect(rules).toEqual({
      ...whole,
      connections: [{ ...whole.connections[0], callsPerSecond: 5 }],
      updates: { ...whole.updates, channel: 'latest' },
    })
    expect(setBy).toEqual(Object.fromEntries(Object.keys(whole).map((key) => [key, place])))
  })

  it('may write its switches as 1 and 0, as registries do', () => {
    expect(of({ readOnly: 1, demo: 0, lockConnections: 0 }).rules).toMatchObject({
      readOnly: true,
      demo: false,
      lockConnections: false,
    })
  })

  it.each([
    ['readOnly', 'no', true],
    ['readOnly', null, true],
    ['lockConnections', 'false', true],
    ['demo', 'on', false],
    ['updates', { url: 'http://updates.example.com/', publicKey }, 'off'],
    ['updates', { url: 'https://updates.example.com/' }, 'off'],
    ['updates', { url: 'https://updates.example.com/', publicKey: 'AAAA' }, 'off'],
    ['updates', true, 'off'],
    ['historyMinimumDays', '1 year', Number.POSITIVE_INFINITY],
    ['historyMinimumDays', 0, Number.POSITIVE_INFINITY],
    ['idleLockMinutes', -1, 5],
    ['idleLockMinutes', 1e9, 5],
    ['proxy', 'http://ana:secret@proxy:3128', 'unusable'],
    ['proxy', 'gopher://proxy:70', 'unusable'],
  ] as const)('whose %s is %j locks as tightly as it may have meant, and says so', (key, value, held) => {
    const { rules, setBy, problems } = of({ [key]: value })
    expect(rules[key]).toEqual(held)
    expect(setBy[key]).toBe(place)
    expect(problems).toEqual([
      expect.stringMatching(new RegExp(`^${place}, ${key}: .+\\. Until that is mended`)),
    ])
    expect(problems.join()).not.toContain('secret')
  })

  it('that is misspelt is taken for what was probably meant', () => {
    const { rules, problems } = of({ readonly: true, 'idle-lock-minutes': 3, redOnly: true })
    expect(rules).toMatchObject({ readOnly: true, idleLockMinutes: 3 })
    expect(problems).toEqual([
      `${place}: readonly is written readOnly; it was taken for that.`,
      `${place}: idle-lock-minutes is written idleLockMinutes; it was taken for that.`,
      `${place}: there is no setting redOnly.`,
    ])
  })

  it('keeps the good connections beside one that is wrong, and takes no secret', () => {
    const { rules, problems } = of({
      connections: [
        { name: 'Good', baseUrl: 'https://good.example.com' },
        { name: 'Plain', baseUrl: 'http://plain.example.com' },
        { name: 'Secret', baseUrl: 'https://a.example.com', password: 'hunter22' },
        'https://b.example.com',
      ],
    })
    expect(rules.connections.map(({ name }) => name)).toEqual(['Good'])
    expect(problems).toEqual([
      expect.stringContaining('number 2: baseUrl: it has to be an address that begins with https://'),
      expect.stringContaining('number 3: there is no setting password'),
      expect.stringContaining('number 4: expected object'),
    ])
    expect(problems.join()).not.toContain('hunter22')
  })

  it('that cannot be read locks whatever it could have locked, and says why', () => {
    const { rules, problems } = policyOf([{ place, unreadable: 'It is not JSON (line 3).' }])
    expect(rules).toEqual({
      ...freely,
      lockConnections: true,
      demo: false,
      updates: 'off',
      readOnly: true,
      historyMinimumDays: Number.POSITIVE_INFINITY,
      idleLockMinutes: 5,
    })
    expect(problems).toEqual([
      `${place}: It is not JSON (line 3). Until it can be read, everything that it could lock is locked.`,
    ])
  })

  it('that somebody else may have written takes, and gives nothing', () => {
    const { rules, problems } = of(whole, { untrusted: 'The file is not owned by root.' })
    expect(rules).toEqual({
      ...freely,
      lockConnections: true,
      demo: false,
      readOnly: true,
      historyMinimumDays: 365,
      idleLockMinutes: 15,
    })
    expect(problems).toEqual([
      `${place}: The file is not owned by root. What it locks is locked, and nothing else of it counts.`,
    ])
    expect(of({ updates: 'off', demo: true, readOnly: false }, { untrusted: 'x' })).toMatchObject({
      rules: { updates: 'off', demo: true, readOnly: false },
      setBy: { updates: place },
    })
  })

  it('of a lower rank fills in, and overrules nothing', () => {
    const computer = { place: 'HKLM', values: { readOnly: true } }
    const person = { place: 'HKCU', values: { readOnly: false, idleLockMinutes: 10 } }
    expect(policyOf([computer, person])).toMatchObject({
      rules: { readOnly: true, idleLockMinutes: 10 },
      setBy: { readOnly: 'HKLM', idleLockMinutes: 'HKCU' },
    })
  })
})
