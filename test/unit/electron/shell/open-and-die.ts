import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { systemRandom } from '../../../../electron/platform/random'
import { openStorage } from '../../../../electron/shell/storage'
import { manualClock } from '../platform/manual-clock'

// A process of its own that opens a database and is killed right before the step of that number, or ends with code 0 when there
// are fewer steps.

const [file = '', secret = '', last = '0'] = process.argv.slice(2)
let steps = 0
for (const name of ['renameSync', 'fsyncSync', 'copyFileSync', 'ftruncateSync'] as const) {
  const real = fs[name] as (...given: unknown[]) => unknown
  Object.assign(fs, {
    [name]: (...given: unknown[]) => {
      if (++steps === Number(last)) process.kill(process.pid, 'SIGKILL')
      return real(...given)
    },
  })
}
syncBuiltinESMExports()

const clock = manualClock()
const { store } = await openStorage({
  file,
  keychain: {
    get: async () => secret,
    find: async () => [secret],
    set: async () => {},
    remove: async () => {},
  },
  random: systemRandom(clock),
  clock,
  log: { info: () => {}, warn: () => {}, error: () => {} },
  hideSecret: () => {},
})
store.close()
