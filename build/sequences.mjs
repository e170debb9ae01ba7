// `npm run sequences -- 5000 [seed]`: tries so many random sequences of what a person and a server do to the users page.
// `npm run sequences -- planted [seed]`: shows that they find mistakes; each is planted in turn until it is found.
import { join } from 'node:path'
import { run, scriptOf, top } from './run.mjs'

const [given = '5000', seed] = process.argv.slice(2)
const planted = given === 'planted'
const count = planted ? '1' : given
if (![count, seed ?? '0'].every((text) => /^-?\d+$/.test(text)) || Number(count) < 1) {
  console.error('Usage: npm run sequences -- COUNT [SEED], both whole numbers, or: planted [SEED]')
  process.exit(64)
}
const file = join(top, 'test', 'unit', 'renderer', 'users', 'UsersPage.test.tsx')
const env = {
  SEQUENCES: count,
  ...(planted ? { SEQUENCES_PLANTED: '1' } : {}),
  ...(seed === undefined ? {} : { SEQUENCES_SEED: seed }),
}
const { code, problem } = await run(
  process.execPath,
  [scriptOf('vitest'), 'run', '--project', 'unit', file],
  {
    env,
    minutes: 12 * 60,
  },
)
if (problem) console.error(problem)
process.exitCode = code ?? 1
