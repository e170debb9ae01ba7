import { useSyncExternalStore } from 'react'
import type { RowSource } from './rowSource'

/** Draws again whenever the source changes; the number only says that it did. */
export function useSource<Row>(source: RowSource<Row>): number {
  return useSyncExternalStore(source.subscribe, source.version)
}
