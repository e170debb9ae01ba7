import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/**
 * Writes down what the archive and the compiled parts beside it are, for electron/shell/seal.ts to compare at each start. On
 * Linux only: elsewhere the runtime checks the archive itself, and signing changes the parts after this.
 *
 * @param {string} resources the folder with app.asar
 */
export function seal(resources) {
  const beside = join(resources, 'app.asar.unpacked')
  const parts = existsSync(beside)
    ? readdirSync(beside, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    : []
  const lines = [join(resources, 'app.asar'), ...parts.sort()].map((file) => {
    const digest = createHash('sha256').update(readFileSync(file)).digest('hex')
    return `${digest}  ${relative(resources, file).replaceAll(sep, '/')}\n`
  })
  writeFileSync(join(resources, 'SHA256SUMS'), lines.join(''))
}
