// `npm run pictures`: takes the guided tour on a virtual display and renews the pictures that the README shows.
import { join } from 'node:path'
import { run, top } from './run.mjs'

const { code, problem } = await run(process.execPath, [join(top, 'build', 'start.mjs')], {
  // A display of its own, whatever the machine has: the pictures are to look the same everywhere.
  env: {
    GUNGNIR_DESKTOP: 'private',
    GUNGNIR_PICTURES: join('build', 'screenshots'),
    DISPLAY: '',
    WAYLAND_DISPLAY: '',
  },
})
if (problem) console.error(problem)
process.exitCode = code
