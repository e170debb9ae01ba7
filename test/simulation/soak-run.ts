import { parseArgs } from 'node:util'
import { soak } from './soak'
import { soakWhole } from './whole'

/**
 * `npm run soak -- --edits 2000 --seed 1`: three administrators, faults, expiring tokens and kills.
 * `npm run soak -- --whole --edits 100000`: the whole app from outside, in virtual time and in parts of 500 edits; a
 * part replays from its seed, with every step under `--trace`.
 */
const { values } = parseArgs({
  options: {
    edits: { type: 'string', default: '2000' },
    seed: { type: 'string' },
    whole: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
  },
})
const seed = values.seed === undefined ? Math.floor(Math.random() * 1e6) : Number(values.seed)
const edits = Number(values.edits)
console.log(`seed ${seed}, ${edits} edits`)
const start = performance.now()
const seconds = (): string => `${((performance.now() - start) / 1000).toFixed(1)} s`
const failed: string[] = []

if (values.whole) {
  const part = 500
  const sums: Record<string, number> = {}
  for (let done = 0, at = seed; done < edits; at++) {
    const size = Math.min(part, edits - done)
    const { failures, faults, ...counts } = await soakWhole({
      seed: at,
      edits: size,
      ...(values.trace ? { trace: (line: string) => console.log(line) } : {}),
    })
    for (const [name, count] of Object.entries({ ...counts, ...faults }))
      sums[name] = (sums[name] ?? 0) + count
    for (const failure of failures) {
      failed.push(`--whole --seed ${at} --edits ${size} --trace: ${failure}`)
      console.log(`VIOLATED ${failed.at(-1)}`)
    }
    done += size
    if (!values.trace)
      console.log(`${done} edits, ${sums.kills} kills, ${failed.length} violations, ${seconds()}`)
  }
  console.log(`\n${JSON.stringify(sums)} in ${seconds()}`)
} else {
  const { failures, ...counts } = await soak({
    seed,
    edits,
    onEdit: (done) => {
      if (process.stdout.isTTY) process.stdout.write(`\r${done} edits`)
    },
  })
  console.log(`\n${JSON.stringify(counts)} in ${seconds()}`)
  failed.push(...failures)
}
for (const failure of failed) console.log(`VIOLATED: npm run soak -- ${failure}`)
process.exitCode = failed.length === 0 ? 0 : 1
