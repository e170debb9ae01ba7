/** Figures are printed beside a peer or a limit of the same run, as a ratio: a machine's speed says little alone. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: 'ms' | 's' | 'MB' | 'edits/s'
  /** What it is held against, measured in the same run or a limit that was promised. */
  readonly against?: { readonly name: string; readonly value: number }
  /** The ratio aimed at. Printed, never asserted: the machines that run this are shared. */
  readonly aim?: string
}

const number = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(3)

export function report(title: string, figures: readonly Figure[]): void {
  console.log(`\n${title}`)
  for (const { name, value, unit, against, aim } of figures) {
    const beside =
      against === undefined
        ? ''
        : `  beside ${against.name}: ${number(against.value)} ${unit}, ratio ${number(value / against.value)}`
    console.log(`  ${name}: ${number(value)} ${unit}${beside}${aim === undefined ? '' : `  (aim: ${aim})`}`)
  }
}

/** The value below which the share `p` (0…1) of the samples lies. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5)
