import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

interface Locked {
  readonly version: string
  readonly integrity?: string
  readonly resolved?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
}

const read = (path: string) => JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8'))
const manifest = read('package.json') as Record<'dependencies' | 'devDependencies', Record<string, string>>
const locked = Object.entries((read('package-lock.json') as { packages: Record<string, Locked> }).packages)
  .filter(([path]) => path !== '')
  .map(([path, one]) => ({ name: path.replace(/^.*node_modules\//, ''), ...one }))

it('is asked for by an exact version, each', () => {
  const asked = { ...manifest.dependencies, ...manifest.devDependencies }
  const loose = Object.entries(asked).filter(
    ([, version]) => !/^(npm:@?[\w/-]+@)?\d+\.\d+\.\d+$/.test(version),
  )
  expect(loose).toEqual([])
})

it('comes as the bytes that were looked at, from a registry and no other place', () => {
  expect(locked.length).toBeGreaterThan(100)
  const unsealed = locked.filter(
    ({ integrity, resolved, link }) =>
      link === true || !/^sha512-/.test(integrity ?? '') || /^(git|file|http:)/.test(resolved ?? ''),
  )
  expect(unsealed.map(({ name }) => name)).toEqual([])
})

it('runs no script when it is installed, but for those that are known to', () => {
  const scripts = locked.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name)
  expect([...new Set(scripts)].sort()).toEqual(['@github/keytar', 'electron-winstaller', 'esbuild'])
})
