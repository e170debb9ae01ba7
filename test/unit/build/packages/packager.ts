import { createRequire } from 'node:module'
import { top } from '../../../e2e/top'

/** The packager's own modules, wherever npm has put them: what it does with our configuration is asked of it. */
const ofBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder'))
export function packager(path: string) {
  // Its modules need each other in circles: they load only from their front door on.
  ofBuilder('app-builder-lib')
  return ofBuilder(`app-builder-lib/out/${path}`)
}

/** electron-builder.yml as the packager reads it. Throws on a key or a value that it does not know. */
export async function configuration() {
  const { getConfig, validateConfiguration } = packager('util/config/config.js')
  const config = await getConfig(top, null, null)
  await validateConfiguration(config, { isEnabled: false, add() {} })
  return config
}
