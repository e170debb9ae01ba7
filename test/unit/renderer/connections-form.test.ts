import { describe, expect, test } from 'vitest'
import {
  completedUrl,
  readForm,
  valuesOf,
  withName,
  withUrl,
} from '../../../renderer/features/connections/form'
import type { Connection } from '../../../shared/ipc/contract'

const filled = {
  ...valuesOf(undefined),
  baseUrl: ' https://odin.example.com/api/v2 ',
  username: 'admin',
  password: 'secret',
}

describe('the connection form', () => {
  test.each([
    [{ way: 'system', address: 'kept while one looks' }, undefined],
    [{ way: 'none', address: '' }, 'none'],
    [{ way: 'this', address: ' socks5://proxy.example.com:1080 ' }, 'socks5://proxy.example.com:1080'],
  ] as const)('goes the way that was chosen: %j', (proxy, draft) => {
    const read = readForm({ ...filled, proxy }, undefined, false)
    expect('draft' in read && read.draft.proxy).toBe(draft)
    expect('draft' in read && 'proxy' in read.draft).toBe(draft !== undefined)
  })

  test('sends partial bodies only where that was chosen', () => {
    expect(readForm(filled, undefined, false)).not.toHaveProperty('draft.partialBodies')
    const chosen = readForm({ ...filled, partialBodies: true }, undefined, false)
    expect(chosen).toHaveProperty('draft.partialBodies', true)
    const kept = {
      ...('draft' in chosen ? chosen.draft : undefined),
      id: 'a',
      demo: false,
      hasPassword: true,
    }
    expect(valuesOf(kept as Connection).partialBodies).toBe(true)
  })

  test.each([
    ['', /with its port/],
    ['proxy.example.com:3128', /with its port/],
    ['http://proxy.example.com', /with its port/],
    ['http://ana:secret@proxy.example.com:3128', /Leave name and password out/],
  ])('says what is wrong with the proxy “%s”', (address, problem) => {
    const read = readForm({ ...filled, proxy: { way: 'this', address } }, undefined, false)
    expect('problems' in read && read.problems.proxy).toMatch(problem)
    expect('problems' in read && read.problems.proxy).not.toContain('secret')
  })

  test('takes the host for a name that was left out, and trims', () => {
    expect(readForm(filled, undefined, false)).toEqual({
      draft: {
        name: 'odin.example.com',
        baseUrl: 'https://odin.example.com/api/v2',
        username: 'admin',
        password: 'secret',
        callsPerSecond: 5,
      },
    })
  })

  test.each([
    ['odin.example.com', 'https://odin.example.com/api/v2'],
    [' odin.example.com/ ', 'https://odin.example.com/api/v2'],
    ['odin.example.com:8443', 'https://odin.example.com:8443/api/v2'],
    ['10.0.0.7/odin', 'https://10.0.0.7/odin'],
    ['[::1]:8443', 'https://[::1]:8443/api/v2'],
    // What was typed in full is what was meant.
    ['http://odin.example.com', 'http://odin.example.com'],
    ['https://odin.example.com/', 'https://odin.example.com/'],
    ['odin', 'odin'],
    ['admin:pw@odin.example.com', 'admin:pw@odin.example.com'],
    ['javascript:alert(1)', 'javascript:alert(1)'],
    ['ftp://odin.example.com', 'ftp://odin.example.com'],
  ])('completes %j to %j', (typed, completed) => {
    expect(completedUrl(typed)).toBe(completed)
  })

  test('has a name that follows the host until a person types one, and again when it is emptied', () => {
    const wrong = withUrl(valuesOf(undefined), '127.0.0.1:9')
    expect(wrong.name).toBe('127.0.0.1:9')
    const right = withUrl(wrong, 'https://odin.example.com/api/v2')
    expect(right.name).toBe('odin.example.com')
    const mine = withName(right, 'Production')
    expect(withUrl(mine, 'https://other.example.com').name).toBe('Production')
    expect(withUrl(withName(mine, ''), 'https://other.example.com').name).toBe('other.example.com')
    const saved = { id: 'c', username: 'a', callsPerSecond: 5, demo: false, hasPassword: true }
    const kept = { ...saved, name: 'odin.example.com', baseUrl: 'https://odin.example.com/api/v2' }
    expect(withUrl(valuesOf(kept), 'https://new.example.com').name).toBe('new.example.com')
    expect(withUrl(valuesOf({ ...kept, name: 'Lab' }), 'https://new.example.com').name).toBe('Lab')
  })

  test('leaves out a password that was not typed again', () => {
    const read = readForm({ ...filled, password: '' }, 'c1', true)
    expect('draft' in read && Object.hasOwn(read.draft, 'password')).toBe(false)
    expect(readForm({ ...filled, password: '' }, 'c1', false)).toHaveProperty('problems.password')
  })

  test.each([
    '',
    'odin',
    'ftp://odin.example.com',
    'javascript:alert(1)',
    'https://admin:pw@odin.example.com',
  ])('says what is wrong with %j as an address', (baseUrl) => {
    expect(readForm({ ...filled, baseUrl }, undefined, false)).toHaveProperty('problems.baseUrl')
  })

  test.each(['', '0', '-1', '101', 'many'])('refuses %j calls per second', (callsPerSecond) => {
    expect(readForm({ ...filled, callsPerSecond }, undefined, false)).toHaveProperty(
      'problems.callsPerSecond',
    )
  })
})
