import type { Shipped } from './shipped.mjs'

export function noticesText(packages: readonly Shipped[]): string
