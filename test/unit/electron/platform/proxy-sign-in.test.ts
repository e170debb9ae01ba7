import net from 'node:net'
import { describe, expect, it } from 'vitest'
import { errorOfFailure } from '../../../../electron/odin/errors'
import { createHttp } from '../../../../electron/platform/http'
import { listen, memoryLog, serve } from './http-servers'

/** A proxy that answers every CONNECT with 407 and these offers. */
async function asking(...offers: readonly string[]) {
  const asked: string[] = []
  const port = await listen(
    net.createServer((socket) =>
      socket.once('data', (data) => {
        asked.push(data.toString('latin1'))
        const lines = offers.map((offer) => `Proxy-Authenticate: ${offer}\r\n`).join('')
        socket.end(`HTTP/1.1 407 Proxy Authentication Required\r\n${lines}Content-Length: 0\r\n\r\n`)
      }),
    ),
  )
  return { port, asked }
}

async function through(port: number) {
  const server = await serve((_, response) => response.end('{}'))
  const outcome = await createHttp({
    resolveProxy: async () => `PROXY 127.0.0.1:${port}`,
    log: memoryLog(),
  }).send({
    method: 'PUT',
    url: `${server.url}/users`,
    headers: {},
    body: '{}',
    connectTimeoutMs: 20_000,
    answerTimeoutMs: 20_000,
    maxAnswerBytes: 100_000,
  })
  if (outcome.kind !== 'failed') throw new Error(`The proxy let it through: ${outcome.kind}`)
  expect(server.connections()).toBe(0)
  return outcome
}

describe('a proxy that wants to know who calls', () => {
  it.each([
    [['Negotiate']],
    [['NTLM']],
    [['Negotiate', 'NTLM']],
    [['Negotiate, NTLM']],
    [['Digest realm="office", nonce="basic"']],
  ])('with %j is told no password: nothing is sent, and it is said what to do', async (offers) => {
    const { port, asked } = await asking(...offers)
    const outcome = await through(port)
    expect(outcome).toMatchObject({ reason: 'proxy', sent: false, code: 'PROXY_SIGN_IN_KIND' })
    expect(asked.join()).not.toMatch(/proxy-authorization/i)
    const error = errorOfFailure(outcome, { isRead: false, isSecure: true })
    expect(error).toMatchObject({ kind: 'not-sent', cause: 'proxy' })
    expect(error.message).toMatch(/Negotiate, NTLM or Digest/)
    expect(error.next).toMatch(/let this server through without one, or to offer Basic/)
  })

  it.each([
    [['Basic realm="office"']],
    [['Negotiate', 'Basic realm="office"']],
    [['NTLM, Basic realm="office"']],
    [[]],
  ])('with %j is asked about by name and password', async (offers) => {
    const { port } = await asking(...offers)
    expect(await through(port)).toMatchObject({ sent: false, code: 'PROXY_407' })
  })
})
