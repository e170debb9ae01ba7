import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { signedOffer } from '../../../../build/packages/sign-update.mjs'
import { top } from '../../../e2e/top'
import { configuration, packager } from './packager'

let config: Awaited<ReturnType<typeof configuration>>
beforeAll(async () => {
  config = await configuration()
})

/** What the packager makes of our configuration for the script of the installer. */
async function defined(): Promise<Record<string, unknown>> {
  const target = Object.assign(Object.create(packager('targets/nsis/NsisTarget.js').NsisTarget.prototype), {
    options: config.nsis,
    packager: {
      info: { cancellationToken: { cancelled: false } },
      appInfo: { sanitizedProductName: config.productName },
      getResource: async () => null,
      expandMacro: (text: string) => text,
    },
  })
  const defines = {}
  await target.configureDefines(config.nsis.oneClick !== false, defines)
  return defines
}

describe('the installer for Windows', () => {
  it('is for one person or for all, may ask for rights, and leaves what people saved', async () => {
    const defines = await defined()
    for (const name of [
      'MULTIUSER_INSTALLMODE_ALLOW_ELEVATION',
      'INSTALL_MODE_PER_ALL_USERS_REQUIRED',
      'allowToChangeInstallationDirectory',
    ])
      expect(defines).toHaveProperty(name)
    for (const name of [
      'ONE_CLICK',
      'INSTALL_MODE_PER_ALL_USERS',
      'INSTALL_MODE_PER_ALL_USERS_DEFAULT',
      'DELETE_APP_DATA_ON_UNINSTALL',
    ])
      expect(defines).not.toHaveProperty(name)
  })

  it('is known by one name for ever: a new one would install beside the old app', () => {
    expect(config.nsis.guid).toBe('3f70f567-aa65-5fcf-9177-88c760ea9119')
  })

  it('has a name that an update can be signed under', () => {
    const given: Record<string, string> = { productName: config.productName, version: '1.3.0', ext: 'exe' }
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what the packager takes where nothing is said
    const pattern: string = config.nsis.artifactName ?? '${productName} Setup ${version}.${ext}'
    const file = pattern.replace(/\$\{(\w+)\}/g, (_, key: string) => given[key] ?? '?')
    const privatePem = String(
      generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }),
    )
    const rest = { channel: 'latest', notes: '', percent: 100, version: '1.3.0', platform: 'win32' }
    expect(() =>
      signedOffer({ file, bytes: Buffer.from('x'), privatePem, arch: 'x64', ...rest }),
    ).not.toThrow()
  })

  it('knows each switch that the guide gives it, and the files that the guide names', () => {
    const source = readFileSync(packagerFile('out/targets/nsis/NsisTarget.js'), 'utf8')
    const flags = /scriptGenerator\.flags\(\[(.*?)\]\)/s.exec(source)?.[1] ?? ''
    const known = ['/S', '/D', ...[...flags.matchAll(/"(\w+)"/g)].map(([, name]) => `/${name}`)]
    const commands = guide().match(/`[^`\n]*\.exe" [^`\n]*`/g) ?? []
    expect(commands.length).toBeGreaterThanOrEqual(5)
    for (const command of commands) {
      expect(command).toMatch(/Gungnir-Setup-[\d.]+\.exe"|\\Gungnir\\Uninstall Gungnir\.exe"/)
      const switches = [...command.replace(/"[^"]*"/g, '').matchAll(/ (\/\w+)/g)].map(([, one]) => one)
      expect(switches).toContain('/S')
      for (const one of switches) expect(known).toContain(one)
    }
    const common = readFileSync(packagerFile('templates/nsis/common.nsh'), 'utf8')
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as the packager's script has it
    expect(common).toContain('!define UNINSTALL_FILENAME "Uninstall ${PRODUCT_FILENAME}.exe"')
    expect(config.productName).toBe('Gungnir')
    expect(guide()).toContain(`Uninstall\\${config.nsis.guid}`)
  })
})

const guide = () => readFileSync(join(top, 'docs', 'install.md'), 'utf8')
const packagerFile = (path: string) => join(top, 'node_modules', 'app-builder-lib', path)
