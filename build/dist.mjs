// `npm run dist`: installers for this platform, into dist/. `npm run dist -- --dir`: the unpacked app only.
// `--stand-in`: packages around the stand-in runtime, for tests, that say so in their name and description.
// Everything else after `--` goes to electron-builder as it is.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { run, scriptOf, top } from './run.mjs'
import { setup } from './setup.mjs'

const forTests = process.argv.includes('--stand-in')
const args = process.argv.slice(2).filter((arg) => arg !== '--stand-in')
const unpackedOnly = args.includes('--dir')

await setup()
const { notarising } = await import('./packages/notarising.mjs')
const { checkSignatures } = await import('./packages/signatures.mjs')
const { electronDist } = await import('./electron-path.mjs')
const { buildIfNeeded } = await import('./build.mjs')

const standInLabel = [
  // biome-ignore lint/suspicious/noTemplateCurlyInString: electron-builder fills them in
  '-c.artifactName=${name}-for-tests-${version}-${arch}.${ext}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as above; the installer for Windows has a name of its own
  '-c.nsis.artifactName=${name}-for-tests-${version}-${arch}.${ext}',
  '-c.linux.description=For tests only: around a stand-in for the Electron that is named in package.json.',
]

/** When the packed sources were last changed, in seconds: no file in a package is said to be younger. */
function sourceDate() {
  if (process.env.SOURCE_DATE_EPOCH) return process.env.SOURCE_DATE_EPOCH
  const said = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: top, encoding: 'utf8' })
  return said.status === 0 ? said.stdout.trim() : '315532800'
}

// More than one may pack at the same time.
const copy = join(top, 'dist', `.electron-${process.pid}`)
try {
  const electron = await electronDist(copy)
  const standIn = electron.kind !== 'official'
  if (standIn && !unpackedOnly && !forTests) {
    throw new Error(
      `Installers are made only from the official Electron, and ${electron.why}.\nFor tests: npm run dist -- --dir (unpacked) or npm run dist -- --stand-in --linux deb`,
    )
  }
  if (!standIn && !unpackedOnly) checkSignatures()
  buildIfNeeded()
  const runtime = [`-c.electronDist=${electron.folder}`, `-c.electronVersion=${electron.version}`]
  const label = standIn && !unpackedOnly ? standInLabel : []
  const builder = [
    scriptOf('electron-builder'),
    '--publish',
    'never',
    ...runtime,
    ...label,
    // What is not handed to anybody may be unsigned.
    ...(unpackedOnly ? [] : notarising(process.env)),
    ...args,
  ]
  // Only what is packed by the same hand on every machine is the same byte for byte.
  const fpm =
    process.platform === 'linux' ? { CUSTOM_FPM_PATH: join(top, 'build', 'packages', 'fpm.mjs') } : {}
  const env = { ...fpm, SOURCE_DATE_EPOCH: sourceDate() }
  const { code, problem } = await run(process.execPath, builder, { minutes: 60, env })
  if (problem) console.error(problem)
  process.exitCode = code
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  rmSync(copy, { recursive: true, force: true })
}
