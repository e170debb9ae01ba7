import { parseArgs } from 'node:util'
import { killOften } from './kill'

/** `npm run kill -- --kills 300 --seed 1`: real processes on real databases, killed at random moments. */
const { values } = parseArgs({
  options: { kills: { type: 'string', default: '300' }, seed: { type: 'string' } },
})
const seed = values.seed === undefined ? Math.floor(Math.random() * 1e6) : Number(values.seed)
console.log(`seed ${seed}, ${values.kills} kills`)
const start = performance.now()
const { failures, ...counts } = await killOften({
  seed,
  kills: Number(values.kills),
  onKill: (done) => {
    if (process.stdout.isTTY) process.stdout.write(`\r${done} kills`)
  },
})
console.log(`\n${JSON.stringify(counts)} in ${((performance.now() - start) / 1000).toFixed(1)} s`)
for (const failure of failures) console.log(`VIOLATED: ${failure}`)
process.exitCode = failures.length === 0 ? 0 : 1
