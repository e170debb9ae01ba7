// `node build/packages/winget.mjs`: writes the three files by which winget finds and runs the installer for Windows.
// docs/install.md tells how.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { top } from '../run.mjs'

const SCHEMA = '1.6.0'
const LOCALE = 'en-US'

/**
 * @returns the files of one version, as winget's schema 1.6 wants them
 */
export function wingetFiles({ id, version, url, bytes, productName, publisher, description, guid }) {
  if (!/^[A-Za-z0-9-]{1,32}(\.[A-Za-z0-9-]{1,32}){1,7}$/.test(id ?? ''))
    throw new Error('--id takes names with dots between them, such as Example.Gungnir')
  if (!/^\d+\.\d+\.\d+$/.test(version ?? '')) throw new Error('--version takes three numbers, such as 1.3.0')
  const address = URL.canParse(url ?? '') ? new URL(url) : undefined
  if (address?.protocol !== 'https:') throw new Error('--url takes an address that begins with https://')
  // The files are public.
  if (address.username || address.password) throw new Error('--url takes no user name and no password')
  // An installer for Windows is a program, and the page that a failed download leaves is none.
  if (bytes[0] !== 0x4d || bytes[1] !== 0x5a) throw new Error('the file is no program for Windows')

  const sha256 = createHash('sha256').update(bytes).digest('hex').toUpperCase()
  const installer = (Scope, Custom, also = {}) => ({
    Architecture: 'x64',
    Scope,
    InstallerUrl: url,
    InstallerSha256: sha256,
    InstallerSwitches: { Silent: '/S', SilentWithProgress: '/S', Custom },
    ...also,
  })
  const head = { PackageIdentifier: id, PackageVersion: version }
  const manifest = (file, ManifestType, middle) => ({
    name: `${file}.yaml`,
    text: yaml({ ...head, ...middle, ManifestType, ManifestVersion: SCHEMA }),
  })
  return [
    manifest(id, 'version', { DefaultLocale: LOCALE }),
    manifest(`${id}.installer`, 'installer', {
      Platform: ['Windows.Desktop'],
      MinimumOSVersion: '10.0.0.0',
      InstallerType: 'nullsoft',
      InstallModes: ['interactive', 'silent', 'silentWithProgress'],
      UpgradeBehavior: 'install',
      // The installer writes no log; its /D has to be the last switch, and winget promises no order.
      UnsupportedArguments: ['log', 'location'],
      ProductCode: guid,
      Installers: [
        installer('user', '/currentuser'),
        installer('machine', '/allusers', { ElevationRequirement: 'elevatesSelf' }),
      ],
    }),
    manifest(`${id}.locale.${LOCALE}`, 'defaultLocale', {
      PackageLocale: LOCALE,
      Publisher: publisher,
      PackageName: productName,
      License: 'Proprietary',
      ShortDescription: description,
    }),
  ]
}

/** Texts are quoted as in JSON, which is YAML, too: no version is taken for a number, no word for a truth. */
function yaml(value, indent = '') {
  return Object.entries(value)
    .map(([key, one]) => {
      if (typeof one === 'string') return `${indent}${key}: ${JSON.stringify(one)}\n`
      if (!Array.isArray(one)) return `${indent}${key}:\n${yaml(one, `${indent}  `)}`
      const items = one.map((item) =>
        typeof item === 'string'
          ? `${indent}- ${JSON.stringify(item)}\n`
          : `${indent}- ${yaml(item, `${indent}  `).trimStart()}`,
      )
      return `${indent}${key}:\n${items.join('')}`
    })
    .join('')
}

/** What Windows writes down when the app is installed is read where the installer has it from. */
async function ofTheApp() {
  const ofBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder'))
  const { getConfig } = ofBuilder('app-builder-lib/out/util/config/config.js')
  const { productName, nsis } = await getConfig(top, null, null)
  const { author, description } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'))
  return { productName, guid: nsis.guid, description, publisher: author.replace(/ <.*/, '') }
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      id: { type: 'string' },
      version: { type: 'string' },
      url: { type: 'string' },
      out: { type: 'string' },
    },
  })
  const [path] = positionals
  if (path === undefined || values.out === undefined)
    throw new Error('name the installer, and with --out the folder for the files')
  const files = wingetFiles({ ...values, ...(await ofTheApp()), bytes: readFileSync(path) })
  mkdirSync(values.out, { recursive: true })
  for (const { name, text } of files) {
    writeFileSync(join(values.out, name), text)
    console.log(join(values.out, name))
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await main()
  } catch (error) {
    console.error(`Not written: ${error.message}.`)
    process.exitCode = 1
  }
}
