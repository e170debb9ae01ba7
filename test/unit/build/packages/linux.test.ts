import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { refusedSwitches } from '../../../../electron/shell/switches'
import { configuration, packager } from './packager'

let config: Awaited<ReturnType<typeof configuration>>
beforeAll(async () => {
  config = await configuration()
})

describe('an AppImage', () => {
  it('is not told to start without the sandbox, and comes from the newest tools that the packager knows', () => {
    expect(config.linux.executableArgs).toEqual([])
    const { definitions } = packager('../scheme.json')
    const known: string[] = definitions.ToolsetConfig.properties.appimage.anyOf.flatMap(
      (each: { enum?: string[] }) => each.enum ?? [],
    )
    expect(config.toolsets.appimage).toBe(
      known.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1),
    )
  })
})

describe.skipIf(process.platform !== 'linux')('the launcher of an AppImage', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gungnir-launcher-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  /** Where user namespaces can be made, or not. @returns what it starts the app with */
  function started(namespaces: boolean): string[] {
    const put = (path: string, text: string) => {
      writeFileSync(join(folder, path), text)
      chmodSync(join(folder, path), 0o755)
    }
    mkdirSync(join(folder, 'bin'))
    for (const name of ['bash', 'dirname', 'readlink']) {
      symlinkSync(
        execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(),
        join(folder, 'bin', name),
      )
    }
    put('bin/unshare', `#!/bin/sh\nexit ${namespaces ? 0 : 1}\n`)
    put('gungnir', '#!/bin/sh\nfor each; do echo "$each"; done\n')
    const { generateAppRunScript } = packager('targets/appimage/appImageUtil.js')
    put(
      'AppRun',
      generateAppRunScript({
        DesktopFileName: 'gungnir.desktop',
        ExecutableName: config.linux.executableName,
        ProductName: config.productName,
        ProductFilename: config.productName,
        ResourceName: 'appimagekit-gungnir',
      }),
    )
    return execFileSync(join(folder, 'bin', 'bash'), [join(folder, 'AppRun'), '--lang=en'], {
      encoding: 'utf8',
      env: { PATH: join(folder, 'bin') },
    })
      .trim()
      .split('\n')
  }

  it('adds nothing where the sandbox can be made', () => {
    expect(started(true)).toEqual(['--lang=en'])
  })

  it('adds a switch where it cannot, with which the app refuses to start', () => {
    const args = started(false)
    expect(args).toEqual(['--no-sandbox', '--lang=en'])
    expect(refusedSwitches(args, { platform: 'linux' })).toEqual(['no-sandbox'])
  })
})
