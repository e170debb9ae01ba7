import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, type Gungnir, test } from './app'

/** Whoever knocks at a TCP and a UDP port of this machine, by the first line of what was sent. */
async function listeners() {
  const heard: string[] = []
  const tcp = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (data) => heard.push(data.toString('latin1').split('\r\n', 1)[0] ?? ''))
    socket.once('data', () => socket.destroy())
  })
  tcp.listen(0, '127.0.0.1')
  const udp = createSocket('udp4', (data) => heard.push(`udp ${data.length}`))
  udp.bind(0, '127.0.0.1')
  await Promise.all([once(tcp, 'listening'), once(udp, 'listening')])
  const address = tcp.address()
  return {
    heard,
    tcpPort: typeof address === 'object' && address !== null ? address.port : 0,
    udpPort: udp.address().port,
    close: () => {
      tcp.close()
      udp.close()
    },
  }
}

const gather = (app: Gungnir, urls: string[]) =>
  app.page.evaluate(async (servers) => {
    const peer = new RTCPeerConnection({
      iceServers: servers.map((url) => ({ urls: url, username: 'u', credential: 'c' })),
    })
    peer.createDataChannel('way out')
    const gathered = new Promise<void>((resolve) => {
      peer.addEventListener('icegatheringstatechange', () => {
        if (peer.iceGatheringState === 'complete') resolve()
      })
    })
    await peer.setLocalDescription(await peer.createOffer())
    await gathered
    peer.close()
  }, urls)

test('a page that was taken over gets nothing out by WebRTC', async ({ open }) => {
  const others = await listeners()
  // They do listen.
  const probe = createSocket('udp4')
  probe.send('hello', others.udpPort, '127.0.0.1')
  await expect.poll(() => others.heard).toEqual(['udp 5'])
  probe.close()
  const app = await open()
  await gather(app, [
    `stun:127.0.0.1:${others.udpPort}`,
    `turn:127.0.0.1:${others.udpPort}?transport=udp`,
    `turn:127.0.0.1:${others.tcpPort}?transport=tcp`,
  ])
  await app.quit()
  expect(others.heard).toEqual(['udp 5'])
  others.close()
})

test('from first start to quit, behind a proxy, nobody is called', async ({ open }) => {
  const proxy = await listeners()
  const app = await open({ switches: [`--proxy-server=127.0.0.1:${proxy.tcpPort}`] })
  await app.page.keyboard.press('Control+k')
  await app.page.keyboard.type('a wrod that is mispelled')
  await app.page.keyboard.press('Escape')
  await app.quit()
  const again = await open({ switches: [`--proxy-server=127.0.0.1:${proxy.tcpPort}`] })
  await again.quit()
  expect(proxy.heard).toEqual([])
  proxy.close()
})

/** The texts in the memory of the main process and of the page, in one. */
async function memoryOf(app: Gungnir, file: string): Promise<string> {
  await app.electron.evaluate((_electron, to) => {
    const builtin = (process as unknown as { getBuiltinModule(name: string): typeof import('node:v8') })
      .getBuiltinModule
    builtin('node:v8').writeHeapSnapshot(to)
  }, file)
  const main = await readFile(file, 'utf8')
  await rm(file)
  const session = await app.page.context().newCDPSession(app.page)
  const parts: string[] = []
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => parts.push(chunk))
  await session.send('HeapProfiler.takeHeapSnapshot')
  await session.detach()
  return main + parts.join('')
}

test('the password is in no memory after signing out and removing the connection', async ({
  open,
  startServer,
  profile,
}) => {
  const password = `kanarienvogel-${profile.length}-im-bergwerk`
  const server = await startServer({ users: 5, password })
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(5)
  await app.go('Connections')
  await app.connectionForm().getByRole('button', { name: 'Sign out' }).click()
  await expect(app.connectionStatus()).toContainText('Signed out')
  await app.connectionForm().getByRole('button', { name: 'Remove' }).click()
  await app.page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
  await expect(app.page.getByText(/No connection yet|Try the demo server/).first()).toBeVisible()
  const memory = await memoryOf(app, join(profile, 'memory.heapsnapshot'))
  // The search finds what is there.
  expect(memory).toContain('Connections')
  expect(memory.split(password).length - 1, 'times in memory').toBe(0)
  await app.quit()
})
