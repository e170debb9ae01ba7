#!/usr/bin/env node
// Builds a deb with dpkg-deb or an rpm with rpmbuild. electron-builder asks `fpm` for both; fpm itself comes from
// neither npm nor Debian. This takes the arguments that electron-builder gives (CUSTOM_FPM_PATH) and nothing else.
//
// The same input gives the same bytes: files have the owner root, usual modes, and no time later than
// SOURCE_DATE_EPOCH (in seconds; without it, 1 January 1980).
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'

/** Switches without a value, and those that may stand more than once. */
const flags = new Set(['--force', '--debug'])
const lists = new Set(['-d', '--deb-recommends', '--deb-suggests'])
const known = new Set([
  ...['-s', '-t', '--architecture', '--after-install', '--after-remove', '--before-remove', '--description'],
  ...['--version', '--package', '--name', '--maintainer', '--vendor', '--url', '--category', '--license'],
  ...['--deb-priority', '--deb-compression', '--deb-field', '--rpm-summary', '--rpm-os', '--rpm-compression'],
  ...['--iteration', '--log'],
])

/**
 * @param {string[]} args as electron-builder gives them
 * @returns {{ options: Record<string, string>, lists: Record<string, string[]>, files: { from: string, to: string }[] }}
 * @throws when there is an argument that would be left out of the package without a word
 */
export function parseArguments(args) {
  const parsed = { options: {}, lists: {}, files: [] }
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]
    const pair = /^(--[a-z-]+)=(.*)$/s.exec(arg)
    const name = pair?.[1] ?? arg
    if (flags.has(name)) continue
    if (lists.has(name) || known.has(name)) {
      const value = pair?.[2] ?? args[++at]
      if (value === undefined) throw new Error(`${name} needs a value`)
      if (lists.has(name)) parsed.lists[name] = [...(parsed.lists[name] ?? []), value]
      else parsed.options[name] = value
    } else if (arg.startsWith('-')) {
      throw new Error(`${arg} is not known here: say in build/packages/fpm.mjs what it is to do`)
    } else {
      const [from, to] = arg.split('=')
      if (!from || !to?.startsWith('/')) throw new Error(`${arg} is not FROM=/TO`)
      parsed.files.push({ from, to })
    }
  }
  for (const name of ['-t', '--name', '--version', '--architecture', '--package', '--maintainer']) {
    if (!parsed.options[name]) throw new Error(`${name} is missing`)
  }
  return parsed
}

/** Everything under a folder, folders before what is in them, always in the same order. */
function* everything(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const path = join(folder, entry.name)
    yield path
    if (entry.isDirectory()) yield* everything(path)
  }
}

/** What is under the root of the system once the package is installed. */
function lay(root, { files, options }, { date }) {
  for (const { from, to } of files) {
    const target = join(root, to)
    mkdirSync(dirname(target), { recursive: true })
    cpSync(from.replace(/\/$/, ''), target, { recursive: true, verbatimSymlinks: true })
  }
  for (const app of everything(join(root, 'opt'))) {
    // On the PATH without a script that would have to be undone.
    if (basename(app) === options['--name'] && statSync(app).isFile()) {
      mkdirSync(join(root, 'usr', 'bin'), { recursive: true })
      symlinkSync(`/${relative(root, app)}`, join(root, 'usr', 'bin', options['--name']))
      break
    }
  }
  const docs = join(root, 'usr', 'share', 'doc', options['--name'])
  mkdirSync(docs, { recursive: true })
  const extra = join(dirname(fileURLToPath(import.meta.url)), 'files')
  cpSync(join(extra, 'copyright'), join(docs, 'copyright'))
  writeFileSync(join(docs, 'changelog.gz'), gzipSync(changelog(options, date), { level: 9 }))
  const manual = join(root, 'usr', 'share', 'man', 'man1', `${options['--name']}.1.gz`)
  mkdirSync(dirname(manual), { recursive: true })
  writeFileSync(manual, gzipSync(readFileSync(join(extra, 'gungnir.1')), { level: 9 }))
  const types = join(root, 'usr', 'share', 'mime', 'packages', `${options['--name']}.xml`)
  mkdirSync(dirname(types), { recursive: true })
  cpSync(join(extra, 'gungnir.xml'), types)
  if (options['-t'] === 'deb') {
    const overrides = join(root, 'usr', 'share', 'lintian', 'overrides', options['--name'])
    mkdirSync(dirname(overrides), { recursive: true })
    cpSync(join(extra, 'lintian-overrides'), overrides)
  }
}

function changelog(options, date) {
  return `${options['--name']} (${options['--version']}) stable; urgency=medium

  * See CHANGELOG.md beside the sources.

 -- ${options['--maintainer']}  ${date.toUTCString().replace('GMT', '+0000')}
`
}

/** Modes and times that say nothing about the machine that packed. */
function level(root, date) {
  for (const path of everything(root)) {
    const stat = lstatSync(path)
    if (!stat.isSymbolicLink()) {
      const run = stat.isDirectory() || (stat.mode & 0o111) !== 0
      // A shared library is read, not run.
      const mode = run && !/\.(so(\.\d+)*|node)$/.test(path) ? 0o755 : 0o644
      // Chromium's sandbox where user namespaces are not allowed to everybody.
      chmodSync(path, basename(path) === 'chrome-sandbox' ? 0o4755 : mode)
    }
    lutimesSync(path, date, date)
  }
}

function wrapped(text, width) {
  const lines = []
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

/** @returns {string} the text of DEBIAN/control */
export function controlFile({ options, lists: asked }, installedKiB) {
  const description = options['--description'] ?? ''
  const [first = '', ...rest] = description.split('\n').map((line) => line.trim())
  const more = wrapped(rest.filter((line) => line !== '').join(' '), 78).map((line) => ` ${line}`)
  const extra = options['--deb-field'] === undefined ? [] : [options['--deb-field']]
  const iteration = options['--iteration'] ? `-${options['--iteration']}` : ''
  return [
    `Package: ${options['--name']}`,
    `Version: ${options['--version']}${iteration}`,
    `Architecture: ${options['--architecture']}`,
    `Maintainer: ${options['--maintainer']}`,
    `Installed-Size: ${installedKiB}`,
    ...(asked['-d'] ? [`Depends: ${asked['-d'].join(', ')}`] : []),
    ...(asked['--deb-recommends'] ? [`Recommends: ${asked['--deb-recommends'].join(', ')}`] : []),
    `Section: ${options['--category'] ?? 'misc'}`,
    `Priority: ${options['--deb-priority'] ?? 'optional'}`,
    ...(options['--url'] ? [`Homepage: ${options['--url']}`] : []),
    ...extra,
    `Description: ${first}`,
    ...more,
    '',
  ].join('\n')
}

function deb(root, parsed, date) {
  const { options } = parsed
  let bytes = 0
  const sums = []
  for (const path of everything(root)) {
    const stat = lstatSync(path)
    if (!stat.isFile()) {
      bytes += 1024
      continue
    }
    bytes += Math.ceil(stat.size / 1024) * 1024
    const sum = createHash('md5').update(readFileSync(path)).digest('hex')
    sums.push(`${sum}  ${relative(root, path)}\n`)
  }
  const control = join(root, 'DEBIAN')
  mkdirSync(control)
  writeFileSync(join(control, 'control'), controlFile(parsed, Math.ceil(bytes / 1024)))
  writeFileSync(join(control, 'md5sums'), sums.join(''))
  const scripts = { postinst: '--after-install', prerm: '--before-remove', postrm: '--after-remove' }
  for (const [name, option] of Object.entries(scripts)) {
    if (options[option]) cpSync(options[option], join(control, name))
  }
  const conffiles = [...everything(root)].filter(
    (path) => relative(root, path).startsWith('etc/') && statSync(path).isFile(),
  )
  if (conffiles.length > 0) {
    writeFileSync(join(control, 'conffiles'), conffiles.map((path) => `/${relative(root, path)}\n`).join(''))
  }
  level(control, date)
  for (const name of Object.keys(scripts))
    if (existsSync(join(control, name))) chmodSync(join(control, name), 0o755)
  lutimesSync(control, date, date)
  // Quick is for tests: what is left of the size is not worth the time there.
  const squeeze = { xz: ['-Zxz', '-z6'], gz: ['-Zgzip', '-z1'], none: ['-Znone'] }[
    options['--deb-compression'] ?? 'xz'
  ]
  if (!squeeze) throw new Error(`--deb-compression ${options['--deb-compression']} is not known here`)
  execFileSync('dpkg-deb', ['--build', '--root-owner-group', ...squeeze, root, options['--package']], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, SOURCE_DATE_EPOCH: String(date.getTime() / 1000) },
  })
}

/** What rpmbuild would take for a macro or a directive in a text of ours. */
const plain = (text) => text.replaceAll('%', '%%')

/** @returns {string} the text of the .spec file */
export function specFile({ options, lists: asked }, { scripts, files, summary }) {
  const section = (name, text) =>
    text === undefined ? [] : ['', `%${name}`, plain(text.replace(/^#!.*\n/, ''))]
  return [
    `Name: ${options['--name']}`,
    // A hyphen divides version and release; a tilde sorts before everything, which is what a pre-release is.
    `Version: ${options['--version'].replaceAll('-', '~')}`,
    `Release: ${options['--iteration'] ?? '1'}`,
    `Summary: ${plain(summary)}`,
    `License: ${options['--license'] ?? 'Proprietary'}`,
    `URL: ${options['--url'] ?? ''}`,
    `Vendor: ${options['--vendor'] ?? options['--maintainer']}`,
    `Packager: ${options['--maintainer']}`,
    // What is inside the app's folder is the app's own: nothing is asked of or offered to other packages by it.
    'AutoReqProv: no',
    ...(asked['-d'] ?? []).map((each) => `Requires: ${each}`),
    '',
    '%description',
    plain((options['--description'] ?? summary).trim()),
    ...section('post', scripts.post),
    ...section('postun', scripts.postun),
    '',
    '%files',
    '%defattr(-,root,root,-)',
    ...files.map(({ path, folder }) => `${folder ? '%dir ' : ''}"${plain(path)}"`),
    '',
  ].join('\n')
}

function rpm(root, work, parsed, date) {
  const { options } = parsed
  const text = (option) => (options[option] ? readFileSync(options[option], 'utf8') : undefined)
  // Folders above the app's own belong to the system.
  const files = [...everything(root)]
    .map((path) => ({ path: `/${relative(root, path)}`, folder: lstatSync(path).isDirectory() }))
    .filter(({ path, folder }) => !folder || path.startsWith('/opt/'))
  const spec = join(work, 'package.spec')
  writeFileSync(
    spec,
    specFile(parsed, {
      summary: options['--rpm-summary'] ?? options['--name'],
      scripts: {
        post: text('--after-install'),
        postun: text('--after-remove'),
      },
      files,
    }),
  )
  const out = join(work, 'out')
  const [format] = (options['--rpm-compression'] ?? 'xzmt').split(':')
  const payload = {
    xzmt: 'w6T0.xzdio',
    xz: 'w6.xzdio',
    gzip: 'w6.gzdio',
    zstd: 'w19.zstdio',
    none: 'w0.gzdio',
  }[format]
  if (!payload) throw new Error(`--rpm-compression ${format} is not known here`)
  const rpmProcessor =
    { amd64: 'x86_64', arm64: 'aarch64' }[options['--architecture']] ?? options['--architecture']
  const define = (name, value) => ['--define', `${name} ${value}`]
  execFileSync(
    'rpmbuild',
    [
      ...['-bb', '--noclean', '--quiet', '--target', `${rpmProcessor}-linux`, '--buildroot', root],
      ...define('_topdir', join(work, 'rpmbuild')),
      ...define('_rpmdir', out),
      ...define('_binary_payload', payload),
      ...define('_build_id_links', 'none'),
      ...define('use_source_date_epoch_as_buildtime', '1'),
      ...define('clamp_mtime_to_source_date_epoch', '1'),
      ...define('_buildhost', 'localhost'),
      // The files are as they are to be: nothing is stripped, compressed or compiled.
      ...define('__os_install_post', '%{nil}'),
      ...define('debug_package', '%{nil}'),
      spec,
    ],
    { stdio: ['ignore', 2, 2], env: { ...process.env, SOURCE_DATE_EPOCH: String(date.getTime() / 1000) } },
  )
  const [made] = [...everything(out)].filter((path) => path.endsWith('.rpm'))
  if (!made) throw new Error('rpmbuild left no package')
  cpSync(made, options['--package'])
}

export function build(args) {
  const parsed = parseArguments(args)
  const { options } = parsed
  const epoch = Number(process.env.SOURCE_DATE_EPOCH ?? Date.UTC(1980, 0, 1) / 1000)
  if (!Number.isSafeInteger(epoch)) throw new Error(`SOURCE_DATE_EPOCH is no number of seconds: ${epoch}`)
  const date = new Date(epoch * 1000)
  const work = mkdtempSync(join(tmpdir(), 'gungnir-package-'))
  try {
    const root = join(work, basename(options['--name']))
    mkdirSync(root)
    lay(root, parsed, { date })
    level(root, date)
    chmodSync(root, 0o755)
    lutimesSync(root, date, date)
    mkdirSync(dirname(resolve(options['--package'])), { recursive: true })
    rmSync(options['--package'], { force: true })
    if (options['-t'] === 'deb') deb(root, parsed, date)
    else if (options['-t'] === 'rpm') rpm(root, work, parsed, date)
    else throw new Error(`-t ${options['-t']} is not known here: deb or rpm`)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    build(process.argv.slice(2))
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
