import { expect, test } from 'vitest'
import { judge, looksNormalised } from '../../../../shared/change/judge'

test('an extension that the server fills up with zeros is ours, spelt by it', () => {
  expect(looksNormalised('417', '0417')).toBe(true)
  expect(looksNormalised('0417', '417')).toBe(true)
  expect(looksNormalised('0', '000')).toBe(true)
  expect(looksNormalised('417', '4170')).toBe(false)
  expect(looksNormalised('417', '1417')).toBe(false)
  const record = {
    key: { serviceProviderId: 'sp', groupId: 'g', userId: 'u' },
    completeness: 'full' as const,
    fields: { extension: '0417' },
    extra: {},
  }
  const { fates } = judge([{ path: 'extension', base: '1', mine: '417' }], { extension: '1' }, record)
  expect(fates).toEqual({ extension: 'normalised' })
})
