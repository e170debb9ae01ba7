import { parseArgs } from 'node:util'
import { soak } from './soak'

/** `npm run soak -- --edits 2000 --seed 1`: three administrators, faults, expiring tokens and kills. */
const { values } = parseArgs({
  options: { edits: { type: 'string', default: '2000' }, seed: { type: 'string' } },
})
const seed = values.seed === undefined ? Math.floor(Math.random() * 1e6) : Number(values.seed)
console.log(`seed ${seed}, ${values.edits} edits`)
const start = performance.now()
const { failures, ...counts } = await soak({
  seed,
  edits: Number(values.edits),
  onEdit: (done) => {
    if (process.stdout.isTTY) process.stdout.write(`\r${done} edits`)
  },
})
console.log(`\n${JSON.stringify(counts)} in ${((performance.now() - start) / 1000).toFixed(1)} s`)
for (const failure of failures) console.log(`VIOLATED: npm run soak -- ${failure}`)
process.exitCode = failures.length === 0 ? 0 : 1
