import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hideSecrets } from '../../../../shared/history/secrets'

describe('secrets in an answer', () => {
  test.each([
    ['{"newPassword":"hunter2","a":1}', '{"newPassword":"(hidden)","a":1}'],
    ['{"passcode" : 4242}', '{"passcode" : "(hidden)"}'],
    ['{"token":"a\\"b","x":{"sipPassword":"p"}}', '{"token":"(hidden)","x":{"sipPassword":"(hidden)"}}'],
    ['{"password":"cut of', '{"password":"(hidden)"'],
    [
      '{"passwordExpiresDays":"12","title":"password: x"}',
      '{"passwordExpiresDays":"12","title":"password: x"}',
    ],
    ['<html>no json</html>', '<html>no json</html>'],
    ['', ''],
  ])('%s', (text, clean) => {
    expect(hideSecrets(text)).toBe(clean)
  })

  test('never comes through, whatever JSON is around it, and the rest stays', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), fc.string(), (around, before, after) => {
        const secret = `${before}s3cr3t${after}`
        const text = JSON.stringify({ around, deep: [{ impPassword: secret }], last: 1 })
        const clean = hideSecrets(text)
        expect(clean).not.toContain('s3cr3t')
        expect(JSON.parse(clean)).toMatchObject({ deep: [{ impPassword: '(hidden)' }], last: 1 })
      }),
    )
  })

  // Trying every way to divide such a text would not come to an end within the limit of any test.
  test('comes to an end on long texts', () => {
    for (const text of [
      '"'.repeat(64_000),
      `"${'a'.repeat(64_000)}`,
      '"a":"\\'.repeat(9_000),
      '"a" '.repeat(16_000),
    ]) {
      expect(hideSecrets(text)).toBe(text)
    }
  })
})
