import { afterEach, expect, it } from 'vitest'
import { localDay } from '../../../../electron/platform/local-day'

const zone = process.env.TZ
afterEach(() => {
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

it.each([
  // Half past eleven at night, when it is the next day in Greenwich, and half past midnight, when it is the day before.
  ['America/New_York', '2026-02-01T04:30:00Z', '2026-01-31'],
  ['Asia/Tokyo', '2026-01-31T15:30:00Z', '2026-02-01'],
  ['Pacific/Kiritimati', '2025-12-31T10:30:00Z', '2026-01-01'],
  ['UTC', '2026-01-31T23:30:00Z', '2026-01-31'],
])('a file that is written in %s at %s carries the day there', (where, at, day) => {
  process.env.TZ = where
  expect(localDay(Date.parse(at))).toBe(day)
})
