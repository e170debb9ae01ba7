import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { Notice } from '../../../../renderer/ui/Notice'

const shown = (raw: string) =>
  renderToStaticMarkup(createElement(Notice, { tone: 'error', raw, children: 'The server refused it.' }))

describe("the server's own words", () => {
  test.each(['[Error 4215] The password has expired.', 'Password must contain at least 1 number(s).\n'])(
    'a line is read where it went wrong: %s',
    (raw) => {
      expect(shown(raw)).toContain(raw.trim())
      expect(shown(raw)).not.toContain('<details')
    },
  )

  test('the reason in an error of the API is read where it went wrong, its record is one click away', () => {
    const raw = '{"status":400,"error":"[Error 4999] Password must contain at least 1 digit."}'
    expect(shown(raw)).toContain('“[Error 4999] Password must contain at least 1 digit.”')
    expect(shown(raw)).toContain('<details><summary>The exact words</summary>')
    expect(shown('{"error":"<b>no</b>"}')).not.toContain('notice-raw')
    expect(shown('{"error":"cut o')).not.toContain('notice-raw')
  })

  test.each([
    '<html><body>502 Bad Gateway</body></html>',
    '{"error":{"message":"no"}}',
    'one line\nand another',
    'x'.repeat(400),
  ])('a page, a record or a longer text is one click away: %s', (raw) => {
    expect(shown(raw)).toContain('<details><summary>The exact words</summary>')
  })
})
