import { parseArgs } from 'node:util'
import type { DemoOptions, Manner } from './options'
import { startDemoServer } from './server'

const HELP = `npm run demo-server -- [--port 0] [--users 25000] [--groups N] [--seed 1] [--manner plain|awkward]
  [--latency MS] [--password WORD] [--edits-per-minute N] [--phone-toggles-per-minute N]
  [--token-lifetime SECONDS] [--error-status 400]
Prints one line of JSON and serves until it is interrupted.`

function wholeNumber(name: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  const number = Number(given)
  if (!Number.isInteger(number) || number < 0)
    throw new Error(`--${name} must be a whole number, not ${given}`)
  return number
}

function readOptions(): DemoOptions | undefined {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      users: { type: 'string' },
      groups: { type: 'string' },
      seed: { type: 'string' },
      manner: { type: 'string' },
      latency: { type: 'string' },
      password: { type: 'string' },
      'edits-per-minute': { type: 'string' },
      'phone-toggles-per-minute': { type: 'string' },
      'token-lifetime': { type: 'string' },
      'error-status': { type: 'string' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) return undefined
  const { manner } = values
  if (manner !== undefined && manner !== 'plain' && manner !== 'awkward') {
    throw new Error(`--manner must be plain or awkward, not ${manner}`)
  }
  const number = (name: Exclude<keyof typeof values, 'help'>) => wholeNumber(name, values[name])
  const edits = number('edits-per-minute')
  const toggles = number('phone-toggles-per-minute')
  const all = {
    port: number('port'),
    users: number('users'),
    groups: number('groups'),
    seed: number('seed'),
    manner: manner as Manner | undefined,
    latencyMs: number('latency'),
    password: values.password,
    secondAdministrator: edits ? { editsPerMinute: edits } : undefined,
    phones: toggles ? { togglesPerMinute: toggles } : undefined,
    tokenLifetimeSeconds: number('token-lifetime'),
    errorStatus: number('error-status'),
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

try {
  const options = readOptions()
  if (!options) console.log(HELP)
  else {
    const server = await startDemoServer(options)
    const { baseUrl, username, password, users } = server
    console.log(JSON.stringify({ baseUrl, username, password, users }))
    const stop = () => void server.close().then(() => process.exit(0))
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  console.error(HELP)
  process.exitCode = 1
}
