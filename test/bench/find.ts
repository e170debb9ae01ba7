import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDirectory } from '../../electron/features/users/directory'
import { createOdinClient } from '../../electron/odin/client'
import { systemClock } from '../../electron/platform/clock'
import { createHttp } from '../../electron/platform/http'
import type { Log } from '../../electron/platform/ports'
import { systemRandom } from '../../electron/platform/random'
import { sealedFiles } from '../../electron/platform/sealed-files'
import { connectionsRepository } from '../../electron/store/repositories/connections'
import { openStore } from '../../electron/store/store'
import { type DemoServer, startDemoServer } from '../e2e/demo-server'
import { median, report } from './report'

const silent: Log = { info: () => {}, warn: () => {}, error: () => {} }
const rounds = 5

const never = async (): Promise<never> => {
  throw new Error('Nobody asks for call handling here.')
}

/** The same question to the server by itself: what any client must wait for. */
const plain = async (server: DemoServer, number: string): Promise<number> => {
  const began = performance.now()
  const found = await server.find({ dn: `*${number}*`, limit: '100' })
  if (found.length !== 1) throw new Error(`${found.length} users have ${number}, not one`)
  return performance.now() - began
}

/** Finding one number on a server of which nothing is here, until the row can be shown, beside the plain call. */
export default async function find(sizes: readonly number[]): Promise<void> {
  for (const users of sizes.length > 0 ? sizes : [100_000, 1_000_000]) {
    const server = await startDemoServer({ users })
    const folder = mkdtempSync(join(tmpdir(), 'gungnir-bench-'))
    const key = randomBytes(32)
    const store = openStore({ file: join(folder, 'gungnir.db'), key })
    const clock = systemClock()
    const random = systemRandom(clock)
    const { baseUrl, username, password } = server
    const connection = { id: 'bench', name: 'Bench', baseUrl, username, callsPerSecond: 100, demo: false }
    connectionsRepository(store).save(connection)
    const client = createOdinClient({
      http: createHttp({ log: silent }),
      clock,
      baseUrl,
      callsPerSecond: 10_000,
      credentials: async () => password,
      log: silent,
    })
    const directory = createDirectory({
      store,
      files: sealedFiles({ directory: join(folder, 'files'), key, random, log: silent }),
      clock,
      random,
      log: silent,
      readCalls: never,
      emit: () => {},
    })
    try {
      await directory.show(connection)
      directory.chooseLoad({ what: 'nothing', chosen: [] })
      await client.signIn(username, password)
      directory.attach(client)
      const some = await server.find({ firstName: 'A*', limit: '200' })
      const numbers = some.flatMap(({ phoneNumber }) =>
        typeof phoneNumber === 'string' ? phoneNumber.slice(phoneNumber.indexOf('-') + 1) : [],
      )
      const peers: number[] = []
      const own: number[] = []
      for (const number of numbers.slice(0, rounds)) {
        peers.push(await plain(server, number))
        const began = performance.now()
        await directory.find({ search: number, scope: {} })
        const { matched } = await directory.window({ search: number, scope: {}, sort: [] }, 0, 50)
        own.push(performance.now() - began)
        if (matched !== 1) throw new Error(`${matched} rows show ${number}, not one`)
      }
      if (own.length < rounds) throw new Error('Too few users have a number.')
      report(`find, ${users.toLocaleString('en')} users on the server, none here, median of ${rounds}`, [
        {
          name: 'one number, until its row is there',
          value: median(own),
          unit: 'ms',
          against: { name: 'the call alone', value: median(peers) },
          aim: '≤ 1.3',
        },
      ])
    } finally {
      await directory.stop()
      store.close()
      rmSync(folder, { recursive: true, force: true })
      await server.kill()
    }
  }
}
