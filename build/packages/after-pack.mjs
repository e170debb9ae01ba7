import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { top } from '../run.mjs'
import { processorOf, wrongParts } from './native.mjs'
import { packagesInside, really, writeSbom } from './sbom.mjs'
import { seal } from './seal.mjs'
import { shipped } from './shipped.mjs'

/**
 * An app without its compiled parts starts, and then cannot open its database: it is never made. Nor is one with something
 * inside that its notices do not name. What is made is sealed, and what is in it is written down beside it.
 */
export default function afterPack({ electronPlatformName, arch, appOutDir, outDir, packager }) {
  const processor = processorOf(arch)
  const resources =
    electronPlatformName === 'darwin'
      ? join(appOutDir, `${packager.appInfo.productFilename}.app`, 'Contents', 'Resources')
      : join(appOutDir, 'resources')
  const problems = wrongParts(resources, electronPlatformName, processor)
  if (problems.length > 0) {
    const list = problems.map((each) => `- ${each}`).join('\n')
    throw new Error(
      `The app for ${electronPlatformName}-${processor} has not exactly the right compiled parts:\n${list}`,
    )
  }
  const packages = really(shipped(), packagesInside(join(resources, 'app.asar')))
  if (electronPlatformName === 'linux') seal(resources)
  const electron = packager.info.framework.version
  writeSbom(outDir, {
    name: 'gungnir',
    version: packager.appInfo.version,
    target: `${electronPlatformName}-${processor}`,
    electron: { version: electron, standIn: electron !== pinned() },
    packages,
  })
}

const pinned = () => JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')).devDependencies.electron
