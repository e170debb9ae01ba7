import { describe, expect, it } from 'vitest'
import { checkDraft } from '../../../../electron/features/connections/draft'

const draft = {
  name: ' Lab ',
  baseUrl: ' https://odin.example.net/api/v2/ ',
  username: ' me ',
  callsPerSecond: 5,
}

describe('a draft', () => {
  it('is trimmed and its address spelt in one way', () => {
    expect(checkDraft({ ...draft, ca: '', unencrypted: true })).toEqual({
      name: 'Lab',
      baseUrl: 'https://odin.example.net/api/v2',
      username: 'me',
      callsPerSecond: 5,
    })
    expect(checkDraft({ ...draft, baseUrl: 'HTTPS://ODIN.Example.net:443/api/v2' }).baseUrl).toBe(
      'https://odin.example.net/api/v2',
    )
  })

  it('without a name is named by its host', () => {
    expect(checkDraft({ ...draft, name: '  ' }).name).toBe('odin.example.net')
  })

  it.each([
    [{ username: '  ' }, 'no-username'],
    [{ baseUrl: '' }, 'bad-base-url'],
    [{ baseUrl: 'odin.example.net' }, 'bad-base-url'],
    [{ baseUrl: 'ftp://odin.example.net' }, 'bad-base-url'],
    [{ baseUrl: 'https://me:pw@odin.example.net/api/v2' }, 'bad-base-url'],
    [{ baseUrl: 'https://odin.example.net/api/v2?x=1' }, 'bad-base-url'],
    [{ baseUrl: 'javascript:alert(1)' }, 'bad-base-url'],
  ])('with %j is refused as %s', (change, kind) => {
    expect(() => checkDraft({ ...draft, ...change })).toThrow(expect.objectContaining({ kind }))
  })
})
