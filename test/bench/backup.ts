import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { report } from './report'

const limitMB = 300

interface Told {
  readonly seconds: number
  /** The most that the process ever held, and what it held when it had the store open and nothing else. */
  readonly mostMB: number
  readonly emptyMB: number
}

/** Making and restoring a back-up of a store of full users; each in a process of its own, whose memory is told. */
export default async function backup(sizes: readonly number[]): Promise<void> {
  for (const users of sizes.length > 0 ? sizes : [1_000, 10_000, 100_000]) {
    const folder = mkdtempSync(join(tmpdir(), 'gungnir-bench-'))
    const child = (what: string): Told => {
      const arguments_ = [
        '--import',
        'tsx',
        join(import.meta.dirname, 'backup-child.ts'),
        what,
        folder,
        String(users),
      ]
      const told = execFileSync(process.execPath, arguments_, {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      return JSON.parse(told) as Told
    }
    try {
      child('fill')
      const [made, restored] = [child('make'), child('restore')]
      const size = (name: string) => statSync(join(folder, name)).size / 1e6
      report(
        `back-up of ${users.toLocaleString('en')} full users (database ${size('gungnir.db').toFixed(0)} MB, file ${size('all').toFixed(0)} MB)`,
        [
          ['made', made],
          ['restored', restored],
        ].flatMap(([name, told]) => {
          const { seconds, mostMB, emptyMB } = told as Told
          const against = { name: 'limit', value: limitMB }
          return [
            { name: `${String(name)} in`, value: seconds, unit: 's' as const },
            {
              name: `${String(name)} with, over a process that does nothing`,
              value: mostMB - emptyMB,
              unit: 'MB' as const,
              against,
              aim: '≤ 1',
            },
          ]
        }),
      )
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
