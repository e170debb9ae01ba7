import { describe, expect, it } from 'vitest'
import { readUnsent, unsentText } from '../../../../electron/features/outbox/transfer'
import { createPause } from '../../../../electron/platform/pause'
import type { OutboxEntry } from '../../../../shared/change/types'

const pause = createPause(() => performance.now(), 1e9)
const read = (text: string | Uint8Array) =>
  readUnsent('x.json', typeof text === 'string' ? new TextEncoder().encode(text) : text, pause)
const user = { serviceProviderId: 'acme', groupId: 'sales', userId: 'ana@acme.example' }
const head =
  '{"format":"gungnir-unsent","version":1,"origin":"http://x/api/v2","account":"y","madeAt":1,"changes":'
const change = { user, edits: [{ path: 'title', base: 'A', mine: 'B' }] }

describe('a file of unsent changes', () => {
  it('carries who made it, when each change was made, and what may have moved on the server', async () => {
    const entry = {
      user,
      edits: [{ path: 'title', base: 'A', mine: 'A', moved: true }],
      reason: 'T-1',
      reverts: 'h1 h2',
      createdWall: 7,
    } as unknown as OutboxEntry
    const of = { origin: 'http://x/api/v2', account: 'y', madeAt: 9, madeBy: 'ana at desk-1' }
    const file = await read([...unsentText(of, [entry])].join(''))
    const { createdWall: madeAt, ...kept } = entry
    expect(file).toMatchObject({ name: 'x.json', ...of, changes: [{ ...kept, madeAt }] })
  })

  it('of an earlier version says less and can be read', async () => {
    const file = await read(`${head}[${JSON.stringify(change)}]}`)
    expect(file.changes).toEqual([change])
    expect(file.madeBy).toBeUndefined()
  })

  it('says of one odd change what is wrong with it, and has the others', async () => {
    const { changes } = await read(`${head}[{},${JSON.stringify(change)},null]}`)
    expect(changes[0]).toContain('user: ')
    expect(changes[1]).toEqual(change)
    expect(changes[2]).toBeTypeOf('string')
  })

  it.each([
    ['too long', 'u'.repeat(401)],
    ['with U+0000', 'a\0b'],
    ['with half a letter', 'a\ud800'],
  ])('says of a change for an id %s that it is none, and has the others', async (_, userId) => {
    const odd = { ...change, user: { ...user, userId } }
    const { changes } = await read(`${head}[${JSON.stringify(odd)},${JSON.stringify(change)}]}`)
    expect(changes).toEqual([expect.stringContaining('userId'), change])
  })

  it.each([
    ['nothing', '', 'it is empty'],
    ['a list', '[]', 'holds no unsent changes'],
    ['a web page', '<html></html>', 'it is a web page'],
    ['a file cut short', `${head}[{"user":`, 'it is cut short or damaged'],
    ['another version', '{"format":"gungnir-unsent","version":2}', 'version'],
    ['Latin-1', Uint8Array.of(0x7b, 0xe4, 0x7d), 'no text in UTF-8'],
    ['100,000 nested brackets', `${head}${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'nested too deeply'],
    ['a tower of objects', `${head}[${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}]}`, 'nested too deeply'],
    ['millions of empty lists', `${head}[${'[],'.repeat(11_000_000)}[]]}`, 'far more values'],
    ['a million changes', `${head}[${'0,'.repeat(1_000_000)}0]}`, 'holds 1000001 changes; at most 500000'],
  ])('that is %s is refused in words', async (_what, text, why) => {
    await expect(read(text)).rejects.toThrow(why)
  })
})
