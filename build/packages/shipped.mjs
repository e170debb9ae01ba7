// What of other people's work is inside the app: what the bundler put into `out/`, and what lies beside it unbundled.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { top } from '../run.mjs'

/**
 * @typedef {object} Shipped a package of npm's that is in the app
 * @property {string} name
 * @property {string} version
 * @property {string} license as its package.json says it (SPDX)
 * @property {string | undefined} integrity as npm's lock file says it: `sha512-…`
 * @property {'bundled' | 'beside'} how in the app's own files, or in `node_modules` beside them
 * @property {string[]} texts its licence and notice files, or what its readme says of it; empty when it brings none
 */

/** What the bundler says that it took in: see `license` in electron.vite.config.ts. */
const lists = ['main', 'preload', 'renderer'].map((part) => join(top, 'out', part, 'licenses.json'))

/**
 * Reads `out/` and the lock file, so it needs a build.
 *
 * @returns {Shipped[]} by name and version, each once
 * @throws when something was bundled that is not in the lock file: nobody could say what it is
 */
export function shipped() {
  const locked = JSON.parse(readFileSync(join(top, 'package-lock.json'), 'utf8')).packages
  const entries = Object.entries(locked)
    .filter(([path]) => path !== '')
    .map(([path, entry]) => ({ ...entry, path, name: entry.name ?? nameIn(path) }))
  const bundled = lists
    .flatMap((list) => JSON.parse(readFileSync(list, 'utf8')))
    .map(({ name, version }) => {
      const found = entries.find((entry) => entry.name === name && entry.version === version)
      if (found === undefined)
        throw new Error(`${name} ${version} was bundled and is not in package-lock.json`)
      return { ...found, how: 'bundled' }
    })
  const beside = entries
    .filter(({ dev, devOptional }) => !dev && !devOptional)
    .map((entry) => ({ ...entry, how: 'beside' }))
  const all = new Map([...bundled, ...beside].map((entry) => [`${entry.name}@${entry.version}`, entry]))
  return [...all.values()]
    .sort((a, b) => (a.name === b.name ? compare(a.version, b.version) : compare(a.name, b.name)))
    .map(({ path, name, version, license, integrity, how }) => ({
      name,
      version,
      how,
      license: license ?? 'not stated',
      integrity,
      texts: textsOf(path),
    }))
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0)
const nameIn = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

/** What of a package others must be shown. A part for another machine is not installed here and brings none. */
function textsOf(path) {
  const folder = join(top, path)
  if (!existsSync(folder)) return []
  const read = (file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim()
  const files = readdirSync(folder).sort()
  const own = files.filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).map(read)
  return own.length > 0
    ? own
    : files.filter((file) => /^readme/i.test(file)).flatMap((file) => ofReadme(read(file)))
}

/** Some packages have their licence in their readme alone: what stands under a heading that names it. */
export function ofReadme(readme) {
  const [, after] = /^(?:#+ *)?licen[cs]e *\n(?:[-=]+ *\n)?/im.test(readme)
    ? readme.split(/^(?:#+ *)?licen[cs]e *\n(?:[-=]+ *\n)?/im)
    : []
  const text = after?.split(/^#|^.+\n[-=]{3,} *$/m)[0].trim()
  return text ? [text] : []
}
