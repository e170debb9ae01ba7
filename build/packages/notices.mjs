// The notices that licences ask for, as one text: the last step of `npm run build`.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { top } from '../run.mjs'
import { shipped } from './shipped.mjs'

const line = '─'.repeat(78)

/**
 * @param {import('./shipped.mjs').Shipped[]} packages
 * @returns {string} each package with its licence, each text once with all the packages that it is for
 */
export function noticesText(packages) {
  const byText = new Map()
  for (const each of packages) {
    const text = each.texts.join('\n\n')
    byText.set(text, [...(byText.get(text) ?? []), each])
  }
  const without = byText.get('') ?? []
  byText.delete('')
  const titles = (of) => of.map(({ name, version, license }) => `${name} ${version} (${license})`).join('\n')
  return [
    'Gungnir contains the work of others. Thank you.',
    'Electron, Chromium and what is in them have notices of their own, in the app’s folder: the files LICENSE.electron.txt and LICENSES.chromium.html.',
    ...[...byText].map(([text, of]) => `${line}\n${titles(of)}\n\n${text}`),
    ...(without.length > 0
      ? [
          `${line}\nUnder the licences named here, whose texts these packages do not bring:\n\n${titles(without)}`,
        ]
      : []),
    '',
  ].join('\n\n')
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(join(top, 'out', 'third-party-notices.txt'), noticesText(shipped()))
}
