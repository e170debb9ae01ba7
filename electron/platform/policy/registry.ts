import { win32 } from 'node:path'
import type { PolicySource } from './policy'
import type { Run } from './run'

const key = 'Software\\Policies\\Gungnir'
/** Only an administrator can write below either. The computer's ranks first. */
const hives = ['HKLM', 'HKCU'] as const

/**
 * The policy of Windows, in the registry. ASSUMED from the documented form of `reg query`, never run on Windows: where that
 * program does not answer, the policy counts as unreadable.
 *
 * @param systemRoot the folder of Windows
 */
export async function readPolicyRegistry(run: Run, systemRoot: string): Promise<PolicySource[]> {
  const found: PolicySource[] = []
  for (const hive of hives) {
    const place = `${hive}\\${key}`
    const answer = await query(run, systemRoot, `"${place}" /s`)
    if (answer.code === 0) {
      found.push({ place, ...readAnswer(answer.text) })
      continue
    }
    // "There is none" and "reg may not be used here" end alike; what is always there tells them apart.
    if (hive === 'HKLM') {
      const parent = await query(run, systemRoot, '"HKLM\\Software\\Policies"')
      const isThere = /\\Gungnir\s*$/im.test(parent.text)
      if (parent.code !== 0 || isThere)
        found.push({ place, unreadable: 'The registry cannot be read with reg.exe.' })
    }
  }
  return found
}

/** In UTF-8: without being told, `reg` writes in the code page of consoles, which lacks most letters. */
const query = (run: Run, systemRoot: string, what: string) => {
  const own = (name: string) => win32.join(systemRoot, 'System32', name)
  return run(own('cmd.exe'), [
    '/d',
    '/s',
    '/c',
    `"${own('chcp.com')} 65001 >nul & "${own('reg.exe')}" query ${what}"`,
  ])
}

const line = /^ {4}(.*?) {4}(REG_[A-Z_]+) {4}(.*)$/

/**
 * Reads what `reg query KEY /s` prints: a line for each key, and four spaces before each of its values. `connections\1` and the
 * like are the members of a list, other keys below are objects.
 */
export function readAnswer(text: string): Pick<PolicySource, 'values' | 'unreadable'> {
  const values: Record<string, unknown> = {}
  let at: Record<string, unknown> = values
  for (const each of text.split(/\r?\n/)) {
    if (each.includes('\ufffd')) return { unreadable: 'It holds letters that cannot be read.' }
    const below = /^HKEY_[A-Z_]+\\Software\\Policies\\Gungnir(?:\\(.+))?$/i.exec(each)
    if (below) {
      at = values
      for (const name of below[1]?.split('\\') ?? []) {
        const next = at[name]
        const folder = typeof next === 'object' && next !== null ? next : {}
        at[name] = folder
        at = folder as Record<string, unknown>
      }
      continue
    }
    const value = line.exec(each)
    if (value?.[1] === undefined) continue
    const [, name, type, data = ''] = value
    // The value without a name, which each key has, is no setting.
    if (/^\(.*\)$/.test(name)) continue
    at[name] = type === 'REG_DWORD' || type === 'REG_QWORD' ? Number(data) : data
  }
  for (const [name, value] of Object.entries(values)) {
    if (name.toLowerCase() !== 'connections' || typeof value !== 'object' || value === null) continue
    const members = Object.entries(value).sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    values[name] = members.map(([, member]) => member)
  }
  return { values }
}
