import { describe, expect, it } from 'vitest'
import { idText, usersNamed } from '../../../../../electron/features/users/batch/keys'

const pause = { due: () => false, wait: async () => {} }
async function named(text: string, ...users: string[]) {
  return (await usersNamed([text], [users], pause))(text)
}

describe('who a line is about', () => {
  it('is understood behind what programs put around an id', () => {
    for (const [cell, id] of [
      ["'+1416@x", '+1416@x'],
      ["''tis@x", "'tis@x"],
      ["'tis@x", "'tis@x"],
      ["'@desk@x", '@desk@x'],
      ['="0012"', '0012'],
      ['\u200bana@x\u202c ', 'ana@x'],
      ['\ufeffana@x\u200e', 'ana@x'],
    ] as const)
      expect(idText(cell)).toBe(id)
  })

  it('is the user as the server spells it, in any letter case', async () => {
    expect(await named('S1@Acme.Example', 's1@acme.example', 's2@acme.example')).toEqual({
      userId: 's1@acme.example',
    })
    expect(await named('s1@acme.example', 'S1@ACME.example')).toEqual({ userId: 'S1@ACME.example' })
    expect(await named('s3@acme.example', 's1@acme.example')).toBeUndefined()
  })

  it('is refused when it may be two, and named when a spreadsheet has changed it', async () => {
    for (const [text, ...users] of [
      ['12', '12', '0012'],
      ['12', '12', '+12'],
      ['100', '100', '1E2'],
      ['12345678901234500', '12345678901234567', '12345678901234523'],
      ['1.23457E+16', '12345678901234567', '12345671234567890'],
    ] as const) {
      expect(await named(text, ...users)).toEqual({ problem: expect.stringContaining(`“${users[1]}”`) })
    }
    for (const [text, user] of [
      ['12', '0012'],
      ['12', '+12'],
      ['100', '1E2'],
      ['14165550123', '+14165550123'],
      ['1.41656E+10', '+14165550123'],
      ['12345678901234500', '12345678901234567'],
      ['12345678901234568', '12345678901234567'],
    ] as const) {
      expect(await named(text, user, '77')).toEqual({ userId: user, note: expect.stringContaining(user) })
    }
  })

  it('is never somebody whose id no spreadsheet writes so', async () => {
    expect(await named('0012', '12', '0012')).toEqual({ userId: '0012' })
    expect(await named('0012', '12')).toBeUndefined()
    expect(await named('12', '13', '120', '12@x')).toBeUndefined()
  })

  it('shows a character inside that nobody sees', async () => {
    expect(await named('an\u200ba@x', 'ana@x')).toEqual({ problem: expect.stringContaining('an⟨U+200B⟩a@x') })
  })
})
