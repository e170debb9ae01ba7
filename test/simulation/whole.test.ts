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

/** What the app, falsified so, must not get through the judge. */
const mistakes: readonly [string, Falsified][] = [
  ['a saved edit is dropped', { save: (edits) => edits.slice(1) }],
  [
    'a field is written that nobody has saved',
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
]

test.each(mistakes)('the judge finds it when %s', async (_, falsified) => {
  const found: string[] = []
  for (let at = 0; at < 12 && found.length === 0; at++) {
    const { failures } = await soakWhole({ seed: 100 + at, edits: 150, falsified })
    found.push(...failures)
  }
  console.log(found[0])
  expect(found.length).toBeGreaterThan(0)
})
