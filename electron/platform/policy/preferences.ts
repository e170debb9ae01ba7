import { posix } from 'node:path'
import type { PolicySource } from './policy'
import type { Run } from './run'

const folder = '/Library/Managed Preferences'

/**
 * The policy of macOS: preferences that a device management has put there for this app, for the computer and then for the
 * person. ASSUMED from the documented form, never run on macOS. What a person sets with `defaults write` lies elsewhere and is
 * not read.
 *
 * @param domain the id of the app
 */
export async function readManagedPreferences(
  deps: { readonly run: Run; readonly exists: (path: string) => Promise<boolean> },
  domain: string,
  person: string,
): Promise<PolicySource[]> {
  const found: PolicySource[] = []
  for (const place of [
    posix.join(folder, `${domain}.plist`),
    posix.join(folder, person, `${domain}.plist`),
  ]) {
    if (!(await deps.exists(place))) continue
    const { code, text } = await deps.run('/usr/bin/plutil', ['-convert', 'json', '-o', '-', '--', place])
    found.push({ place, ...(code === 0 ? readJson(text) : { unreadable: 'It cannot be read with plutil.' }) })
  }
  return found
}

/** What stands beside the settings in a profile is about the profile. */
function readJson(text: string): Pick<PolicySource, 'values' | 'unreadable'> {
  try {
    const all: unknown = JSON.parse(text)
    if (typeof all !== 'object' || all === null || Array.isArray(all)) throw new Error('no dictionary')
    return { values: Object.fromEntries(Object.entries(all).filter(([name]) => !/^Payload[A-Z]/.test(name))) }
  } catch {
    return { unreadable: 'It is not a dictionary of settings.' }
  }
}
