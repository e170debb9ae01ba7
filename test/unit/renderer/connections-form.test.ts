import { describe, expect, test } from 'vitest'
import { readForm, valuesOf } from '../../../renderer/features/connections/form'

const filled = {
  ...valuesOf(undefined),
  baseUrl: ' https://odin.example.com/api/v2 ',
  username: 'admin',
  password: 'secret',
}

describe('the connection form', () => {
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
