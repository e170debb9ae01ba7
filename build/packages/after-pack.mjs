import { join } from 'node:path'
import { processorOf, wrongParts } from './native.mjs'
import { seal } from './seal.mjs'

/** An app without its compiled parts starts, and then cannot open its database: it is never made. What is made is sealed. */
export default function afterPack({ electronPlatformName, arch, appOutDir, packager }) {
  const processor = processorOf(arch)
  const resources =
    electronPlatformName === 'darwin'
      ? join(appOutDir, `${packager.appInfo.productFilename}.app`, 'Contents', 'Resources')
      : join(appOutDir, 'resources')
  const problems = wrongParts(resources, electronPlatformName, processor)
  if (problems.length === 0) {
    if (electronPlatformName === 'linux') seal(resources)
    return
  }
  const list = problems.map((each) => `- ${each}`).join('\n')
  throw new Error(
    `The app for ${electronPlatformName}-${processor} has not exactly the right compiled parts:\n${list}`,
  )
}
