import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Campaign, joinCampaigns, runCampaign, uncovered } from './campaign'
import { possibleTransitions } from './checker'
import { explore } from './exhaustive'
import { catchPlanted, planted } from './planted'
import { runSchedule } from './schedule'

/**
 * `npm run simulate -- --schedules 20000 --seed 1`: schedules of the real engine, all invariants after each step.
 * `--trace`: replays one seed and prints every step. `--exhaustive`, `--planted`: see the files of that name.
 */

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '20000' },
    seed: { type: 'string' },
    jobs: { type: 'string' },
    trace: { type: 'boolean', default: false },
    exhaustive: { type: 'boolean', default: false },
    faults: { type: 'string', default: '1' },
    crashes: { type: 'string', default: '2' },
    foreign: { type: 'string', default: '1' },
    planted: { type: 'boolean', default: false },
    part: { type: 'boolean', default: false },
  },
})

const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(values.seed)
const schedules = Number(values.schedules)
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`

async function replay(): Promise<void> {
  const result = await runSchedule(seed, { trace: (line) => console.log(line) })
  console.log({ ...result, wire: undefined, transitions: Object.fromEntries(result.transitions) })
}

/** One of several processes: says what it found to the one that started it. */
async function part(): Promise<void> {
  const campaign = await runCampaign({
    seed,
    schedules,
    onProgress: (done) => process.send?.({ done }),
  })
  process.send?.({ campaign }, () => process.disconnect())
}

function inParts(jobs: number): Promise<Campaign> {
  const share = Math.ceil(schedules / jobs)
  const progress = new Map<number, number>()
  const parts = Array.from({ length: jobs }, (_, index) => {
    const count = Math.min(share, schedules - index * share)
    if (count <= 0) return undefined
    return new Promise<Campaign>((resolve, reject) => {
      const child = fork(
        fileURLToPath(import.meta.url),
        ['--part', '--seed', String(seed + index * share), '--schedules', String(count)],
        { execArgv: process.execArgv },
      )
      child.on('message', (message: { done?: number; campaign?: Campaign }) => {
        if (message.campaign !== undefined) resolve(message.campaign)
        if (message.done === undefined) return
        progress.set(index, message.done)
        if (!process.stdout.isTTY) return
        process.stdout.write(
          `\r${[...progress.values()].reduce((sum, done) => sum + done, 0)} of ${schedules}`,
        )
      })
      child.on('error', reject)
      child.on('exit', (code) => {
        if (code !== 0) reject(new Error(`A part ended with code ${code}.`))
      })
    })
  })
  return Promise.all(parts.filter((one) => one !== undefined)).then(joinCampaigns)
}

async function campaign(): Promise<boolean> {
  const start = performance.now()
  console.log(`seed ${seed}, ${schedules} schedules`)
  const result = await inParts(Number(values.jobs ?? Math.min(2, availableParallelism())))
  const missing = uncovered(result)
  const { transitions, shown, failures, ...counts } = result
  console.log(`\n${JSON.stringify(counts)} in ${seconds(start)}`)
  console.log(`states shown or on disk: all but ${JSON.stringify(missing.states)}`)
  const all = possibleTransitions().length
  console.log(
    `transitions: ${all - missing.transitions.length} of ${all}; never seen: ${missing.transitions.join(', ') || 'none'}`,
  )
  for (const [step, count] of Object.entries(transitions).sort((a, b) => b[1] - a[1])) {
    console.log(`  ${step.padEnd(28)} ${count}`)
  }
  for (const failure of failures) {
    console.log(`VIOLATED by seed ${failure.seed}: ${failure.message}`)
    console.log(`  replay: npm run simulate -- --seed ${failure.seed} --trace`)
  }
  return failures.length === 0 && missing.states.length === 0
}

async function hunt(): Promise<boolean> {
  console.log(`seed ${seed}, ${planted.length} planted bugs`)
  let escaped = 0
  for (const bug of planted) {
    const { by, schedules: tried, ms } = await catchPlanted(bug, seed, 20_000)
    if (by === undefined) escaped++
    console.log(
      `${by === undefined ? 'ESCAPED' : 'caught '} ${String(tried).padStart(6)} schedules ${String(ms).padStart(6)} ms  ${bug.name}`,
    )
    console.log(`        ${by ?? ''}`)
  }
  console.log(`${planted.length - escaped} of ${planted.length} caught`)
  return escaped === 0
}

async function everything(): Promise<boolean> {
  const bounds = {
    faults: Number(values.faults),
    crashes: Number(values.crashes),
    foreignWrites: Number(values.foreign),
  }
  const start = performance.now()
  console.log(`one user, two fields, ${JSON.stringify(bounds)}: every path`)
  try {
    const result = await explore(bounds, {
      onProgress: (paths, states) => {
        if (process.stdout.isTTY) process.stdout.write(`\r${paths} paths, ${states} states`)
      },
    })
    console.log(
      `${result.states} states on ${result.paths} paths (${result.merged} of them joined an earlier one), at most ${result.deepest} choices deep, in ${seconds(start)}: no violation`,
    )
    return true
  } catch (error) {
    const { message, choices } = error as Error & { choices?: readonly number[] }
    console.log(`VIOLATED: ${message}\n  choices ${JSON.stringify(choices)}`)
    return false
  }
}

if (values.part) await part()
else if (values.exhaustive) process.exitCode = (await everything()) ? 0 : 1
else if (values.planted) process.exitCode = (await hunt()) ? 0 : 1
else if (values.trace) await replay()
else process.exitCode = (await campaign()) ? 0 : 1
