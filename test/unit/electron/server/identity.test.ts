import { describe, expect, it } from 'vitest'
import {
  hostOf,
  identityOf,
  originOf,
  sameAddress,
  sameIdentity,
  sameServer,
} from '../../../../electron/server/identity'

const base = 'https://odin.example.com/api/v2'

describe('the same server', () => {
  it.each([
    base,
    `${base}/`,
    `${base}//`,
    ` ${base} `,
    'https://ODIN.Example.com/api/v2',
    'HTTPS://odin.example.com/api/v2',
    'https://odin.example.com:443/api/v2',
  ])('%s', (spelling) => {
    expect([sameServer(base, spelling), originOf(spelling)]).toEqual([true, base])
  })

  it.each([
    'http://odin.example.com/api/v2',
    'https://odin.example.com:8443/api/v2',
    'https://odin.example.com/api/v3',
    'https://odin.example.com/API/v2',
    'https://odin.example.com',
    'https://odin.example.org/api/v2',
    'https://odin.example.com.evil.test/api/v2',
    'https://user:secret@odin.example.com/api/v2',
    'not an address',
    '',
  ])('is not %j', (other) => {
    expect(sameServer(base, other)).toBe(false)
  })

  it('has one pace whatever the path', () => {
    expect(hostOf('https://ODIN.example.com:443/api/v2')).toBe(hostOf('https://odin.example.com/other'))
    expect(hostOf('https://odin.example.com:8443')).not.toBe(hostOf('https://odin.example.com'))
    expect(hostOf('http://odin.example.com')).not.toBe(hostOf('https://odin.example.com'))
  })
})

describe('an identity', () => {
  const one = identityOf({ id: 'c1', baseUrl: `${base}/`, username: 'anna' })

  it('is made in one spelling', () => {
    expect(one).toEqual({ connectionId: 'c1', origin: base, account: 'anna' })
  })

  it('is another with another connection, server or account', () => {
    expect(sameIdentity(one, { ...one, origin: 'https://ODIN.example.com/api/v2/' })).toBe(true)
    expect(sameIdentity(one, { ...one, connectionId: 'c2' })).toBe(false)
    expect(sameIdentity(one, { ...one, account: 'bert' })).toBe(false)
    expect(sameIdentity(one, { ...one, origin: 'https://other.example.com/api/v2' })).toBe(false)
  })

  it('lends its password only to the same account of the same server', () => {
    const at = { baseUrl: base, username: 'anna' }
    expect(sameAddress(at, { baseUrl: `${base}/`, username: 'anna' })).toBe(true)
    expect(sameAddress(at, { baseUrl: base, username: 'Anna' })).toBe(false)
    expect(sameAddress(at, { baseUrl: 'https://odin.example.com/api', username: 'anna' })).toBe(false)
  })
})
