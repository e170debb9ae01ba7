import { expect, test } from 'vitest'
import { type Falsified, soakWhole } from './whole'
import { faults } from './whole-server'

const seed = 1
const parts = 4
const edits = 500

test(`the whole app keeps every invariant from outside in ${parts * edits} edits`, async () => {
  const sums: Record<string, number> = {}
  for (let part = 0; part < parts; part++) {
    const { failures, faults: befell, ...counts } = await soakWhole({ seed: seed + part, edits })
    expect(
      failures.map((one) => `npm run soak -- --whole --seed ${seed + part} --edits ${edits}: ${one}`),
    ).toEqual([])
    for (const [name, count] of Object.entries({ ...counts, ...befell }))
      sums[name] = (sums[name] ?? 0) + count
  }
  console.log(JSON.stringify(sums))
  expect(sums.puts).toBeGreaterThan(edits)
  expect(sums.kills).toBeGreaterThan(parts)
  for (const fault of faults) expect(sums[fault], fault).toBeGreaterThan(10)
})

test('a seed gives the same run each time', async () => {
  const [one, again] = [await soakWhole({ seed: 5, edits: 60 }), await soakWhole({ seed: 5, edits: 60 })]
  expect(again).toEqual(one)
})

/** What the app, falsified so, must not get through the judge, and which invariant it breaks. */
const mistakes: readonly [string, number, Falsified][] = [
  ['a saved edit is dropped', 2, { save: (edits) => edits.slice(1) }],
  [
    'a field is written that nobody has saved',
    7,
    {
      http: (http) => ({
        send: (request) =>
          http.send(
            request.method === 'PUT' && request.url.endsWith('/users')
              ? { ...request, body: JSON.stringify({ ...JSON.parse(request.body ?? '{}'), title: 'Nobody' }) }
              : request,
          ),
      }),
    },
  ],
  [
    'the pre-read is answered from memory',
    1,
    {
      http: (http) => {
        const memory = new Map<string, Awaited<ReturnType<typeof http.send>>>()
        return {
          async send(request) {
            const known = memory.get(request.url)
            if (request.method === 'GET' && request.url.includes('userId=') && known !== undefined)
              return known
            const outcome = await http.send(request)
            if (request.method === 'GET' && outcome.kind === 'answer' && outcome.status === 200) {
              memory.set(request.url, outcome)
            }
            return outcome
          },
        }
      },
    },
  ],
  [
    'a PUT is sent a second time when its answer is lost',
    3,
    {
      http: (http) => ({
        async send(request) {
          const outcome = await http.send(request)
          return request.method === 'PUT' && request.url.endsWith('/users') && outcome.kind === 'failed'
            ? http.send(request)
            : outcome
        },
      }),
    },
  ],
  [
    'everybody waits for the one whose call gets no answer',
    9,
    {
      http: (http) => {
        let last: Promise<unknown> = Promise.resolve()
        return {
          send(request) {
            const mine = last.then(() => http.send(request))
            last = mine
            return mine
          },
        }
      },
    },
  ],
  [
    'a page about one user is taken for the answer about all',
    12,
    {
      http: (http) => {
        let page: Awaited<ReturnType<typeof http.send>> | undefined
        return {
          async send(request) {
            if (page !== undefined && request.method === 'GET' && request.url.includes('userId=')) return page
            const outcome = await http.send(request)
            if (outcome.kind === 'answer' && outcome.body.startsWith('<')) page = outcome
            return outcome
          },
        }
      },
    },
  ],
  [
    'what waits under one account is shown under another',
    14,
    {
      shown: (rows, waiting) =>
        rows.map((row) => {
          const pending = { ...row.pending }
          for (const { user, edits } of waiting) {
            if (user.userId !== row.key.userId) continue
            for (const { path, mine } of edits) pending[path] = { new: mine }
          }
          return { ...row, pending }
        }),
    },
  ],
  [
    'a key is made anew when the keychain is silent once',
    15,
    {
      keychain: (sound) => {
        let asked = 0
        return {
          ...sound,
          async get(name) {
            if (++asked % 5 !== 0) return sound.get(name)
            await sound.set(name, 'begun anew')
            return undefined
          },
        }
      },
    },
  ],
  [
    'a password is forgotten when the sign-in has ended',
    15,
    {
      keychain: (sound) => ({
        ...sound,
        async get(name) {
          const secret = await sound.get(name)
          await sound.remove(name)
          return secret
        },
      }),
    },
  ],
]

test.each(mistakes)('the judge finds it when %s: invariant %i', async (_, invariant, falsified) => {
  const found: string[] = []
  const named = () => found.filter((failure) => failure.startsWith(`Invariant ${invariant}:`))
  for (let at = 0; at < 12 && named().length === 0; at++) {
    const { failures } = await soakWhole({ seed: 100 + at, edits: 150, falsified })
    found.push(...failures)
  }
  console.log(named()[0])
  expect(named().length, found.join('\n')).toBeGreaterThan(0)
})
