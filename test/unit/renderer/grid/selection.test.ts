import { describe, expect, test } from 'vitest'
import {
  everythingSelected,
  isSelected,
  nothingSelected,
  selectedCount,
  toggled,
  withRows,
} from '../../../../renderer/grid/selection'

describe('selection', () => {
  test('rows go in and out', () => {
    const two = withRows(nothingSelected, ['a', 'b'], true)
    expect(selectedCount(two, 100)).toBe(2)
    expect(isSelected(toggled(two, 'a'), 'a')).toBe(false)
    expect(selectedCount(toggled(two, 'a'), 100)).toBe(1)
    expect(isSelected(two, 'a')).toBe(true)
  })

  test('all of a list is kept without its rows, less what was taken out', () => {
    const most = toggled(everythingSelected, 'a')
    expect(selectedCount(most, 100_000)).toBe(99_999)
    expect(isSelected(most, 'a')).toBe(false)
    expect(isSelected(most, 'anything else')).toBe(true)
    expect(selectedCount(withRows(most, ['a'], true), 100_000)).toBe(100_000)
  })

  test('taking out what is not in it changes nothing', () => {
    expect(selectedCount(withRows(nothingSelected, ['a'], false), 5)).toBe(0)
    expect(selectedCount(withRows(everythingSelected, ['a'], true), 5)).toBe(5)
  })
})
