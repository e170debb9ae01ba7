import { access } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { readPolicyFile } from './file'
import type { PolicySource } from './policy'
import { readManagedPreferences } from './preferences'
import { readPolicyRegistry } from './registry'
import { runProgram } from './run'

export const policyFile = '/etc/gungnir/policy.json'

/**
 * What the organisation has set on this computer.
 *
 * @param domain the id of the app, by which macOS knows its preferences
 * @param instead a file of a test, owned by whoever runs it, in place of all that
 */
export async function readPolicySources(
  platform: NodeJS.Platform,
  domain: string,
  instead?: string,
): Promise<PolicySource[]> {
  if (instead !== undefined) return listOf(await readPolicyFile(instead, process.getuid?.() ?? 0))
  if (platform === 'win32') return readPolicyRegistry(runProgram, process.env.SystemRoot ?? 'C:\\Windows')
  if (platform === 'darwin') {
    const exists = (path: string) =>
      access(path).then(
        () => true,
        (cause) => cause.code !== 'ENOENT' && cause.code !== 'ENOTDIR',
      )
    return readManagedPreferences({ run: runProgram, exists }, domain, userInfo().username)
  }
  return listOf(await readPolicyFile(policyFile))
}

const listOf = (source: PolicySource | undefined): PolicySource[] => (source === undefined ? [] : [source])
