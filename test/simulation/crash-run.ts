import { parseArgs } from 'node:util'
import { modes, runScripts } from './crash'
import type { StoreFate } from './store-disk'

/**
 * `npm run crash -- --scripts 50 --seed 1`: every durable write of each script is hit before, within and after, and
 * refused by a full disk. `--write N --mode M` replays one of them.
 */
const { values } = parseArgs({
  options: {
    scripts: { type: 'string', default: '50' },
    seed: { type: 'string' },
    write: { type: 'string' },
    mode: { type: 'string' },
  },
})
const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(values.seed)
const wanted = modes.filter((mode: StoreFate) => values.mode === undefined || mode === values.mode)
if (wanted.length === 0) throw new Error(`--mode is one of ${modes.join(', ')}`)

console.log(`seed ${seed}, ${values.scripts} scripts, ${wanted.join(', ')}`)
const start = performance.now()
const { failures, ...counts } = await runScripts({
  seed,
  scripts: Number(values.scripts),
  modes: wanted,
  ...(values.write === undefined ? {} : { write: Number(values.write) }),
  onScript: (done, runs) => {
    if (process.stdout.isTTY) process.stdout.write(`\r${done} scripts, ${runs} runs`)
  },
})
console.log(`\n${JSON.stringify(counts)} in ${((performance.now() - start) / 1000).toFixed(1)} s`)
for (const failure of failures) console.log(`VIOLATED: npm run crash -- --scripts 1 ${failure}`)
process.exitCode = failures.length === 0 ? 0 : 1
