import { describe, expect, test } from 'vitest'
import { createAuthorities } from '../../../../electron/features/connections/authorities'
import { createCarrying } from '../../../../electron/features/connections/carrying'
import { Refusal } from '../../../../electron/ipc/refusal'
import { systemClock } from '../../../../electron/platform/clock'
import { systemRandom } from '../../../../electron/platform/random'
import { connectionsRepository } from '../../../../electron/store/repositories/connections'
import { openMemoryStore } from '../../../../electron/store/store'
import { makeCertificates } from '../platform/http-certificates'

const { authority: pem } = makeCertificates()
const lab = {
  id: 'lab',
  name: 'Lab',
  baseUrl: 'https://lab.example/api/v2',
  username: 'ana',
  callsPerSecond: 2.5,
  ca: { file: '/home/ana/keys/ca.pem', pem: pem.trim() },
  readOnly: true as const,
  proxy: 'http://proxy.example:3128',
  partialBodies: true as const,
  demo: false,
}
const plain = { id: 'p', name: 'Plain', baseUrl: 'http://plain.example/api/v2', username: 'ana', demo: false }
const agreed = { ...plain, callsPerSecond: 5, unencrypted: true as const }
const demo = { ...plain, id: 'd', name: 'Demo server', callsPerSecond: 100, demo: true }

/** A computer, whose file dialogs lead to `files`. */
function computer(files: Map<string, string>, mayAdd = () => {}) {
  const repository = connectionsRepository(openMemoryStore())
  const carrying = createCarrying({
    repository,
    authorities: createAuthorities({ chooseFile: async () => undefined, readFile: async () => pem }),
    random: systemRandom(systemClock()),
    openFile: async () => ({ name: 'c.json', bytes: Buffer.from(files.get('c.json') ?? '') }),
    saveFile: async () => {
      let text = ''
      return {
        path: 'c.json',
        write: async (part) => {
          text += String(part)
        },
        finish: async () => void files.set('c.json', text),
        discard: async () => {},
      }
    },
    mayAdd,
  })
  return { repository, carrying }
}

describe('connections are carried to another computer', () => {
  test('and are there what they were, under ids of their own; what a person agreed to here is asked there', async () => {
    const files = new Map<string, string>()
    const from = computer(files)
    for (const one of [lab, agreed, demo]) from.repository.save(one)
    expect(await from.carrying.exportAll()).toEqual({ path: 'c.json', connections: 2 })
    const text = files.get('c.json') ?? ''
    for (const stays of ['"lab"', '/home/ana', 'Demo server', 'unencrypted'])
      expect(text).not.toContain(stays)

    const to = computer(files)
    const plan = await to.carrying.open()
    expect(plan?.connections).toMatchObject([
      {
        name: 'Lab',
        readOnly: true,
        proxy: lab.proxy,
        partialBodies: true,
        ca: { file: 'ca.pem', certificates: [{ name: 'CN=Test authority' }] },
      },
      { name: 'Plain', baseUrl: plain.baseUrl, username: 'ana' },
    ])
    expect(plan?.connections.every(({ why }) => why === undefined)).toBe(true)
    expect(to.repository.list()).toEqual([])
    expect(to.carrying.take(plan?.id ?? '', [0, 1])).toBe(2)
    const { unencrypted: _agreed, ...asked } = agreed
    expect(to.repository.list()).toEqual([
      { ...lab, id: expect.any(String), ca: { ...lab.ca, file: 'ca.pem' } },
      { ...asked, id: expect.any(String) },
    ])
    expect(to.repository.list().map(({ id }) => id)).not.toContain('lab')
  })

  test('one that is here already, or came meanwhile, stays as it is', async () => {
    const files = new Map<string, string>()
    const from = computer(files)
    from.repository.save(lab)
    from.repository.save(agreed)
    await from.carrying.exportAll()

    const to = computer(files)
    const mine = {
      ...lab,
      id: 'mine',
      name: 'My lab',
      baseUrl: 'https://LAB.example:443/api/v2/',
      callsPerSecond: 9,
    }
    to.repository.save(mine)
    const plan = await to.carrying.open()
    expect(plan?.connections[0]?.why).toBe('Here already as “My lab”; it stays as it is.')
    const meanwhile = { ...agreed, id: 'meanwhile', name: 'Typed' }
    to.repository.save(meanwhile)
    // Whatever a page asks for.
    expect(to.carrying.take(plan?.id ?? '', [0, 1, 1, 7])).toBe(0)
    expect(to.repository.list()).toEqual([mine, meanwhile])
  })

  test('what cannot be taken in says why, and takes no other with it', async () => {
    const connection = (more: object) => ({
      ...{ name: 'X', baseUrl: 'https://x.example/api/v2', username: 'x', callsPerSecond: 5 },
      ...more,
    })
    const all = [
      connection({ username: ' ' }),
      connection({ baseUrl: 'https://x:secret@x.example/api/v2' }),
      connection({ ca: { file: 'a', pem: 'no certificate' } }),
      connection({ callsPerSecond: 1e9 }),
      connection({ proxy: 'http://ana:secret@proxy.example:3128' }),
      connection({ password: 'secret', ca: { file: 'C:\\keys\\ca.pem', pem: `notes\n${pem}` } }),
      connection({}),
    ]
    const file = { format: 'gungnir-connections', version: 1, connections: all }
    const to = computer(new Map([['c.json', JSON.stringify(file)]]))
    const plan = await to.carrying.open()
    expect(plan?.connections.map(({ why }) => why)).toEqual([
      'Username is empty.',
      expect.any(String),
      expect.stringContaining('no certificate'),
      'It is damaged.',
      'That is no address of a proxy.',
      undefined,
      'Twice in the file.',
    ])
    expect(JSON.stringify(plan)).not.toContain('secret')
    expect(to.carrying.take(plan?.id ?? '', [0, 1, 2, 3, 4, 5])).toBe(1)
    const [saved] = to.repository.list()
    expect(saved?.ca).toEqual({ file: 'ca.pem', pem: pem.trim() })
  })

  test.each(['', '<html>', '{}', '{"format":"gungnir-unsent","version":1,"connections":[]}'])(
    'another file is refused: %s',
    async (text) => {
      await expect(computer(new Map([['c.json', text]])).carrying.open()).rejects.toMatchObject({
        kind: 'file',
      })
    },
  )

  test('where an organisation has locked connections, none comes in', async () => {
    const files = new Map<string, string>()
    const from = computer(files)
    from.repository.save(agreed)
    await from.carrying.exportAll()
    let locked = false
    const to = computer(files, () => {
      if (locked) throw new Refusal('policy', 'Set.')
    })
    const plan = await to.carrying.open()
    locked = true
    await expect(to.carrying.open()).rejects.toMatchObject({ kind: 'policy' })
    expect(() => to.carrying.take(plan?.id ?? '', [0])).toThrow('Set.')
    expect(to.repository.list()).toEqual([])
  })
})
