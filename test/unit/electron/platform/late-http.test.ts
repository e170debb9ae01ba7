import { describe, expect, it } from 'vitest'
import { lateHttp } from '../../../../electron/platform/late-http'
import type { Http, HttpOutcome, HttpRequest } from '../../../../electron/platform/ports'
import { manualClock } from './manual-clock'

const answer: HttpOutcome = { kind: 'answer', status: 200, headers: {}, body: '{}' }
const request = { method: 'GET', url: 'http://127.0.0.1/' } as HttpRequest

function late(load?: () => Promise<Http>) {
  const clock = manualClock()
  const loads: number[] = []
  const sent: HttpRequest[] = []
  const errors: string[] = []
  const inner: Http = {
    send: async (one) => {
      sent.push(one)
      return answer
    },
  }
  const http = lateHttp({
    load: async () => {
      loads.push(clock.mono())
      return (await load?.()) ?? inner
    },
    clock,
    log: { info: () => {}, warn: () => {}, error: (event) => errors.push(event) },
  })
  return { http, clock, loads, sent, errors }
}

describe('the HTTP client', () => {
  it('is not read while the first screen is drawn, and once for all calls', async () => {
    const { http, clock, loads, sent } = late()
    const calls = Promise.all([http.send(request), http.send(request)])
    await clock.pass(299)
    expect(loads).toEqual([])
    await clock.pass(1)
    expect(await calls).toEqual([answer, answer])
    expect(await http.send(request)).toEqual(answer)
    expect(loads).toEqual([300])
    expect(sent).toEqual([request, request, request])
  })

  it('keeps no call waiting that comes later', async () => {
    const { http, clock, loads } = late()
    await clock.pass(5_000)
    expect(await http.send(request)).toEqual(answer)
    expect(loads).toEqual([5_000])
  })

  it('sends nothing when it cannot be read, and is read again for the next call', async () => {
    let broken = true
    const { http, clock, sent, errors } = late(async () => {
      if (broken) throw new Error('no such file')
      return { send: async () => answer }
    })
    await clock.pass(5_000)
    expect(await http.send(request)).toMatchObject({ kind: 'failed', reason: 'unreachable', sent: false })
    expect(sent).toEqual([])
    expect(errors).toEqual(['http.not-loaded'])
    broken = false
    expect(await http.send(request)).toEqual(answer)
  })
})
