import { createChance } from './chance'
import { Violation } from './checker'
import { createSimDisk } from './disk'
import { runSchedule } from './schedule'
import { createStoreDisk, type StoreFate } from './store-disk'

export interface Crashed {
  readonly scripts: number
  /** Durable writes of the scripts when nothing befalls them. */
  readonly writes: number
  readonly runs: number
  /** Writes that were refused. */
  readonly refused: number
  readonly failures: readonly string[]
}

export const crashModes = ['crash-before', 'torn', 'crash-after'] as const
/** Refused as such, and by a database that may not grow when the write needs another page. */
export const fullModes = ['full', 'squeezed'] as const
export const modes: readonly StoreFate[] = [...crashModes, ...fullModes]

/** How many durable writes a script makes. */
async function writesOf(seed: number): Promise<number> {
  let writes = 0
  const model = createSimDisk()
  const disk = {
    ...model,
    open: (hooks: Parameters<typeof model.open>[0]) =>
      model.open({
        ...hooks,
        fate: () => {
          writes++
          return 'kept' as const
        },
      }),
  }
  await runSchedule(seed, { script: { disk } })
  return writes
}

/**
 * Runs each script once for every durable write of it and everything that may befall that write, over the real
 * database; then the app starts again on what is left, and all has to come to its end by the invariants.
 */
export async function runScripts(options: {
  readonly seed: number
  readonly scripts: number
  readonly modes: readonly StoreFate[]
  /** Only this write, to replay a failure. */
  readonly write?: number
  readonly onScript?: (done: number, runs: number) => void
}): Promise<Crashed> {
  const { seed, scripts, onScript } = options
  const sums = { writes: 0, runs: 0, refused: 0 }
  const failures: string[] = []
  for (let at = 0; at < scripts && failures.length < 10; at++) {
    const script = seed + at
    const writes = await writesOf(script)
    sums.writes += writes
    for (let nth = 0; nth < writes; nth++) {
      if (options.write !== undefined && options.write !== nth) continue
      for (const mode of options.modes) {
        const disk = createStoreDisk(createChance(script * 1000 + nth), (one) =>
          one === nth ? mode : 'kept',
        )
        try {
          await runSchedule(script, { script: { disk: disk.disk } })
          disk.check()
          if (disk.writes() <= nth) throw new Error('The write to be hit never came.')
        } catch (error) {
          const what = error instanceof Violation ? error.message : String((error as Error).stack)
          failures.push(`--seed ${script} --write ${nth} --mode ${mode}: ${what}`)
        } finally {
          sums.refused += disk.refused()
          disk.dispose()
        }
        sums.runs++
      }
    }
    onScript?.(at + 1, sums.runs)
  }
  return { scripts, ...sums, failures }
}
