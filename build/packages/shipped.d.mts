export interface Shipped {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly integrity: string | undefined
  readonly how: 'bundled' | 'beside'
  readonly texts: readonly string[]
}
export function shipped(): Shipped[]
export function ofReadme(readme: string): string[]
