import type { Shipped } from './shipped.mjs'

interface Inside {
  readonly name: string
  readonly version: string
}
interface App extends Inside {
  readonly target: string
  readonly electron: { readonly version: string; readonly standIn: boolean }
  readonly packages: readonly Shipped[]
}
export function packagesInside(archive: string): Inside[]
export function really(known: readonly Shipped[], inside: readonly Inside[]): Shipped[]
export function sbomText(app: App): string
export function writeSbom(folder: string, app: App): void
