// `npm test`: every layer of tests in order, or only those named: `npm test -- unit e2e`.
// The last line is the sum: `N passed, N failed`. The exit code is 0 only if something passed and nothing failed.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { run, scriptOf, top } from './run.mjs'
import { setup } from './setup.mjs'

const node = process.execPath
const reports = join(top, 'test-results')

/** Layers in the order in which they run: the quickest to fail first. */
const layers = {
  check: () => checks({ lint, imports, types }),
  unit: () => vitest(['unit'], 30),
  contract: () => vitest(['contract'], 15),
  simulation: () => vitest(['simulation'], 40),
  // The same code under the Node that people get; the campaigns at a small size.
  'shipped-node': async () => {
    const { shippedNode } = await import('./shipped-node.mjs')
    const under = await shippedNode()
    if (!under)
      return { passed: 0, failed: 0, skipped: 1, problem: 'npm has that Node for Linux on x64 alone' }
    const long = ['schedules', 'planted', 'kill', 'soak', 'whole'].map((name) => `**/${name}.test.ts`)
    // The page never runs in Node.
    const leftOut = [...long, 'test/unit/renderer/**'].map((files) => `--exclude=${files}`)
    const tests = await vitest(['unit', 'contract', 'simulation'], 40, { under, more: leftOut })
    const schedules = [
      '--import',
      'tsx',
      join(top, 'test', 'simulation', 'run.ts'),
      '--schedules',
      '500',
      '--seed',
      '1',
    ]
    const { code } = await run(under, schedules, { minutes: 15 })
    return code === 0
      ? { ...tests, passed: tests.passed + 1 }
      : { ...tests, failed: tests.failed + 1, problem: 'schedules' }
  },
  e2e: async () => {
    const { buildIfNeeded } = await import('./build.mjs')
    buildIfNeeded()
    return await playwright('e2e', 60)
  },
  // The page in a Chromium that is as new as the one that people get.
  chromium: async () => {
    const { installOnDebian } = await import('./debian.mjs')
    const why = installOnDebian({ chromium: 'chromium' })
    if (why) return { passed: 0, failed: 0, skipped: 1, problem: why }
    const { buildIfNeeded } = await import('./build.mjs')
    buildIfNeeded()
    return await playwright('chromium', 10)
  },
  packaged: async () => {
    const { code, problem } = await run(node, [join(top, 'build', 'dist.mjs'), '--dir'], { minutes: 10 })
    if (code !== 0) return crashed(`the app could not be packaged${problem ? `: ${problem}` : ''}`)
    return await playwright('packaged', 20)
  },
  installed: async () => {
    const { makePackages } = await import('./packages/installed.mjs')
    const why = await makePackages()
    if (why) return { passed: 0, failed: 0, skipped: 1, problem: why }
    return await playwright('installed', 25)
  },
}

const lint = () => run(node, [scriptOf('@biomejs/biome'), 'check', '.'], { minutes: 3 })
const imports = () => run(node, [join(top, 'build', 'check-imports.mjs')], { minutes: 1 })
const types = () => run(node, [scriptOf('typescript', 'tsc'), '-b'], { minutes: 5 })

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in layers))
if (unknown.length > 0) {
  console.error(`No such layer: ${unknown.join(', ')}. There are: ${Object.keys(layers).join(', ')}.`)
  process.exit(64)
}

const results = []
try {
  await setup()
  for (const name of Object.keys(layers)) {
    if (process.exitCode === 130) break
    if (asked.length > 0 && !asked.includes(name)) continue
    console.log(`\n── ${name} ${'─'.repeat(Math.max(0, 76 - name.length))}`)
    const began = Date.now()
    const result = await guarded(layers[name])
    results.push({ name, ...result, seconds: Math.round((Date.now() - began) / 1000) })
  }
} catch (error) {
  console.error(error)
  results.push({ name: 'setup', ...crashed(error.message), seconds: 0 })
}
summarise(results)

/** A layer that throws or proves nothing has failed. */
async function guarded(layer) {
  try {
    const result = await layer()
    // What cannot be tried on this machine says why.
    if (result.skipped > 0 && result.problem) return result
    return result.passed + result.failed > 0 ? result : crashed('no test ran')
  } catch (error) {
    console.error(error)
    return crashed(error.message)
  }
}

function crashed(problem) {
  return { passed: 0, failed: 1, skipped: 0, problem }
}

async function checks(named) {
  const failed = []
  for (const [name, check] of Object.entries(named)) {
    const { code, problem } = await check()
    console.log(`${code === 0 ? '✓' : '✗'} ${name}${problem ? ` (${problem})` : ''}`)
    if (code !== 0) failed.push(name)
  }
  const passed = Object.keys(named).length - failed.length
  return { passed, failed: failed.length, skipped: 0, problem: failed.join(', ') || undefined }
}

async function vitest(projects, minutes, { under = node, more = [] } = {}) {
  const report = freshReport(projects.join('-'))
  const args = [
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    ...more,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]
  const ended = await run(under, [scriptOf('vitest'), ...args], { minutes })
  const counts = readReport(report)
  return reconciled(ended, {
    passed: counts.numPassedTests,
    failed: counts.numFailedTests,
    skipped: counts.numPendingTests + counts.numTodoTests,
  })
}

async function playwright(project, minutes) {
  const report = freshReport(project)
  const args = ['test', '--config', join(top, 'test', 'e2e', 'playwright.config.ts'), `--project=${project}`]
  const test = [node, scriptOf('@playwright/test', 'playwright'), ...args]
  const [command, ...rest] =
    process.platform === 'linux' ? [join(top, 'build', 'with-desktop.sh'), ...test] : test
  const ended = await run(command, rest, {
    minutes,
    // Tests never touch the desktop or the keyring of the person who runs them.
    env: { GUNGNIR_DESKTOP: 'private', GUNGNIR_REPORT: report },
  })
  const { stats } = readReport(report)
  return reconciled(ended, {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
  })
}

function freshReport(name) {
  mkdirSync(reports, { recursive: true })
  const file = join(reports, `${name}.json`)
  rmSync(file, { force: true })
  return file
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`the tests left no report (${error.message})`)
  }
}

/** A runner that ended badly without a failed test (a file that does not load, an error outside any test) still failed. */
function reconciled({ code, problem }, counts) {
  if (code === 0 || counts.failed > 0) return { ...counts, problem }
  return { ...counts, failed: 1, problem: problem ?? `the runner ended with ${code}` }
}

function summarise(results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0)
  console.log(`\n── summary ${'─'.repeat(69)}`)
  for (const { name, passed, failed, skipped, seconds, problem } of results) {
    const counts = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
    console.log(
      `${failed > 0 ? '✗' : '✓'} ${name.padEnd(12)} ${counts} in ${seconds} s${problem ? ` (${problem})` : ''}`,
    )
  }
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
  if (sum('failed') > 0 || sum('passed') === 0) process.exitCode ||= 1
}
