// `npm run comebacks -- 20 [seed]`: so many times a server goes away and comes back to the real app, each time in another way.
import { join } from 'node:path'
import { buildIfNeeded } from './build.mjs'
import { run, scriptOf, top } from './run.mjs'
import { setup } from './setup.mjs'

const [count = '20', seed = '1'] = process.argv.slice(2)
if (![count, seed].every((text) => /^\d+$/.test(text)) || Number(count) < 1) {
  console.error('Usage: npm run comebacks -- COUNT [SEED], both whole numbers')
  process.exit(64)
}
await setup()
buildIfNeeded()
const test = [
  process.execPath,
  scriptOf('@playwright/test', 'playwright'),
  'test',
  ...['--config', join(top, 'test', 'e2e', 'playwright.config.ts'), '--project=e2e', 'comeback.test.ts'],
]
const [command, ...rest] =
  process.platform === 'linux' ? [join(top, 'build', 'with-desktop.sh'), ...test] : test
const { code, problem } = await run(command, rest, {
  env: { GUNGNIR_DESKTOP: 'private', COMEBACKS: count, COMEBACKS_SEED: seed },
  minutes: 12 * 60,
})
if (problem) console.error(problem)
process.exitCode = code ?? 1
