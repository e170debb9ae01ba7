import { useMemo } from 'react'
import { setSetting, useStored } from '../kernel/settings'
import { type ColumnLayout, readLayout } from './columns'

/** How a grid's columns are arranged, remembered under a key. */
export function useLayoutSetting(key: string): [ColumnLayout, (layout: ColumnLayout) => void] {
  const stored = useStored(key)
  const layout = useMemo(() => readLayout(stored), [stored])
  return [
    layout,
    ({ order, shown, widths }) =>
      setSetting(key, { order: [...order], shown: { ...shown }, widths: { ...widths } }),
  ]
}
