import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { notarising } from '../../../../build/packages/notarising.mjs'
import { top } from '../../../e2e/top'
import { configuration, packager } from './packager'

const { MacTargetHelper } = packager('mac/MacTargetHelper.js')
const app = '/dist/mac/Gungnir.app'

const key = { APPLE_API_KEY: '/keys/AuthKey.p8', APPLE_API_KEY_ID: 'T9GPZ92M7K', APPLE_API_ISSUER: 'issuer' }
const password = { APPLE_ID: 'me@example.com', APPLE_APP_SPECIFIC_PASSWORD: 'canary', APPLE_TEAM_ID: 'team' }
const keychain = { APPLE_KEYCHAIN_PROFILE: 'gungnir', APPLE_KEYCHAIN: '/keys/login.keychain' }
const set = (env: Record<string, string>) => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
}
beforeEach(() => {
  for (const name of Object.keys({ ...key, ...password, ...keychain })) vi.stubEnv(name, undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
})

/** As the packager does after it has signed an app, with our configuration. */
async function afterSigning(): Promise<void> {
  const { mac } = await configuration()
  expect(mac.notarize).toBe(true)
  await new MacTargetHelper({ platformSpecificBuildOptions: mac }).notarizeIfProvided(app)
}

describe('notarising', () => {
  it('is nothing where no variable is set', async () => {
    await afterSigning()
    expect(MacTargetHelper.getNotarizeOptions(app)).toBeUndefined()
    expect(notarising({ PATH: '/bin' })).toEqual([])
  })

  it('takes the three ways that the guide names', () => {
    const ways = [
      [key, { appleApiKey: '/keys/AuthKey.p8', appleApiKeyId: 'T9GPZ92M7K', appleApiIssuer: 'issuer' }],
      [password, { appleId: 'me@example.com', appleIdPassword: 'canary', teamId: 'team' }],
      [keychain, { keychainProfile: 'gungnir', keychain: '/keys/login.keychain' }],
    ] as const
    const guide = readFileSync(join(top, 'docs', 'install.md'), 'utf8')
    for (const [env, options] of ways) {
      vi.unstubAllEnvs()
      set(env)
      expect(MacTargetHelper.getNotarizeOptions(app)).toEqual({
        tool: 'notarytool',
        appPath: app,
        ...options,
      })
      expect(notarising(env)).toEqual(['-c.mac.forceCodeSigning=true'])
      for (const name of Object.keys(env)) expect(guide).toContain(`\`${name}\``)
    }
  })

  it.each([
    ['APPLE_API_KEY', key],
    ['APPLE_API_ISSUER', key],
    ['APPLE_APP_SPECIFIC_PASSWORD', password],
    ['APPLE_TEAM_ID', password],
  ])(
    'is refused without %s: half of them is a mistake, and no value is in its words',
    async (missing, all) => {
      set({ ...all, [missing]: '' })
      const refusal = await afterSigning().catch(String)
      expect(refusal).toContain(missing)
      expect(refusal).not.toMatch(/canary|AuthKey/)
    },
  )
})

it('the oldest macOS that the guide names is the one that the installer asks for', async () => {
  const { mac } = await configuration()
  const guide = readFileSync(join(top, 'docs', 'install.md'), 'utf8')
  expect(guide).toContain(`Needs macOS ${Number.parseInt(mac.minimumSystemVersion, 10)} or newer`)
})

describe('what is signed', () => {
  it('is hardened, the app and what is in it, with our entitlements', async () => {
    const { mac } = await configuration()
    const helper = new MacTargetHelper({ resourceList: [], platformSpecificBuildOptions: mac })
    const of = await helper.getOptionsForFile(app, false, mac)
    for (const file of [app, `${app}/Contents/Frameworks/Gungnir Helper.app`, `${app}/keytar.node`])
      expect(of(file)).toMatchObject({
        hardenedRuntime: true,
        entitlements: 'build/entitlements.mac.plist',
      })
  })

  it('may compile at run time and load modules of others, and nothing else', () => {
    const text = readFileSync(join(top, 'build', 'entitlements.mac.plist'), 'utf8')
    expect(
      [...text.matchAll(/<key>([^<]+)<\/key>\s*<(\w+)\/>/g)].map(([, name, value]) => [name, value]),
    ).toEqual([
      ['com.apple.security.cs.allow-jit', 'true'],
      ['com.apple.security.cs.disable-library-validation', 'true'],
    ])
    expect(text.match(/<key>/g)).toHaveLength(2)
  })
})
