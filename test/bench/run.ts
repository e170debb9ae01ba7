import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

// npm run bench -- NAME [SIZE…]: each subject is a module beside this one whose default export takes the sizes.
const subjects = [
  'pull',
  'find',
  'push',
  'search',
  'start',
  'memory',
  'scroll',
  'history',
  'import',
  'pending',
  'backup',
] as const

const [name, ...sizes] = process.argv.slice(2)
const wanted =
  name === undefined || name === 'all' ? subjects : subjects.filter((subject) => subject === name)
if (wanted.length === 0) {
  console.error(`There is no benchmark "${name}". There are: ${subjects.join(', ')}.`)
  process.exit(2)
}
for (const subject of wanted) {
  const module = (await import(pathToFileURL(join(import.meta.dirname, `${subject}.ts`)).href)) as {
    default: (sizes: readonly number[]) => Promise<void>
  }
  await module.default(sizes.map(Number).filter((size) => size > 0))
}
process.exit(0)
