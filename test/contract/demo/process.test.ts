import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DemoWorker, startDemoWorker } from '../../../electron/demo/start'
import { ANA, api, PASSWORD } from './support'

const root = resolve(import.meta.dirname, '../../..')

function cli(...args: readonly string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'electron/demo/cli.ts', ...args], { cwd: root })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    err += String(chunk)
  })
  return {
    child,
    line: () =>
      new Promise<string>((done, reject) => {
        child.stdout.on('data', () => out.includes('\n') && done(out))
        child.on('exit', () => reject(new Error(err)))
      }),
    exit: () =>
      new Promise<{ code: number | null; out: string; err: string }>((done) => {
        child.on('exit', (code) => done({ code, out, err }))
      }),
  }
}

describe('the command line', () => {
  it('prints one line of JSON, serves, and ends when it is told to', async () => {
    const running = cli('--port', '0', '--users', '100', '--seed', '1', '--password', PASSWORD)
    const exit = running.exit()
    const line = await running.line()
    expect(line.trimEnd().split('\n')).toHaveLength(1)
    const facts = JSON.parse(line)
    expect(facts).toEqual({
      baseUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/api\/v2$/),
      username: 'admin',
      password: PASSWORD,
      users: 100,
    })
    const { json } = await api(facts.baseUrl).post('/auth/token', facts)
    expect((await api(facts.baseUrl, json.token).get(`/users?userId=${ANA}`)).status).toBe(200)
    running.child.kill('SIGTERM')
    expect((await exit).code).toBe(0)
  })

  it('makes a password of its own when it is given none', async () => {
    const [one, two] = [cli('--users', '3'), cli('--users', '3')]
    const passwords = await Promise.all([one, two].map(async (run) => JSON.parse(await run.line()).password))
    expect(passwords[0]).not.toBe(passwords[1])
    for (const run of [one, two]) {
      const exit = run.exit()
      run.child.kill('SIGINT')
      await exit
    }
  })

  it('says what is wrong with its options', async () => {
    for (const [args, reason] of [
      [['--users', 'many'], '--users must be a whole number'],
      [['--users', '1000001'], 'users must be a whole number from 0 to 1000000'],
      [['--manner', 'rude'], '--manner must be plain or awkward'],
      [['--nonsense'], 'nonsense'],
    ] as const) {
      const { code, err } = await cli(...args).exit()
      expect(code).toBe(1)
      expect(err).toContain(reason)
    }
  })
})

describe('the worker', () => {
  let folder = ''
  let file = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'demo-worker-'))
    await build({
      root,
      configFile: false,
      logLevel: 'silent',
      build: {
        ssr: 'electron/demo/worker.ts',
        outDir: folder,
        target: 'node20.18',
        rollupOptions: { output: { entryFileNames: 'demo-worker.mjs' } },
      },
    })
    file = join(folder, 'demo-worker.mjs')
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const signIn = async (worker: DemoWorker) => {
    const { json } = await api(worker.baseUrl).post('/auth/token', worker)
    return api(worker.baseUrl, json.token)
  }

  it('serves off the main thread and lets itself be asked and closed', async () => {
    const worker = await startDemoWorker(file, { users: 100, manner: 'awkward' })
    const admin = await signIn(worker)
    expect((await admin.put('/users', { userId: ANA, title: 'From outside' })).status).toBe(200)
    expect(await worker.ask('user', ANA)).toMatchObject({ userId: ANA, title: 'From outside' })
    await worker.ask('edit', ANA, { title: 'From behind' })
    expect((await admin.get(`/users?userId=${ANA}`)).json.title).toBe('From behind')
    await expect(worker.ask('edit', ANA, { lastName: '' })).rejects.toThrow('[Error 6004]')
    expect((await worker.ask('wire')).length).toBeGreaterThan(2)
    await Promise.all([worker.close(), worker.close()])
    await expect(fetch(worker.baseUrl)).rejects.toThrow()
  })

  it('takes a port, and says when it is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((done) => taken.once('listening', done))
    const { port } = taken.address() as { port: number }
    await expect(startDemoWorker(file, { users: 3, port })).rejects.toThrow('EADDRINUSE')
    await new Promise((done) => taken.close(done))
    const worker = await startDemoWorker(file, { users: 3, port })
    expect(new URL(worker.baseUrl).port).toBe(String(port))
    await worker.close()
  })

  it('refuses bad options and a missing file', async () => {
    await expect(startDemoWorker(file, { users: -1 })).rejects.toThrow('whole number')
    await expect(startDemoWorker(join(folder, 'none.mjs'))).rejects.toThrow()
  })
})
