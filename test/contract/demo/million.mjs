// Run by population.test.ts in a process of its own, so that the figures are this server's alone.
import { startDemoServer } from '../../../electron/demo/server.ts'

const heap = () => {
  globalThis.gc()
  globalThis.gc()
  return Math.round(process.memoryUsage().heapUsed / 1e5) / 10
}

const server = await startDemoServer({ users: 1_000_000, password: 'Open-Sesame-1' })

const signedIn = await fetch(`${server.baseUrl}/auth/token`, {
  method: 'POST',
  body: JSON.stringify({ username: 'admin', password: server.password }),
})
const { token } = await signedIn.json()
const list = await fetch(
  `${server.baseUrl}/users?serviceProviderId=sp.fjord&groupId=sydney10&extended=true`,
  {
    headers: { Authorization: `Bearer ${token}` },
  },
)
const rows = (await list.json()).length
if (rows !== 2500) throw new Error(`Expected 2,500 users in the last group, got ${rows}`)
const idleMb = heap()

const edited = 20_000
for (const userId of server.truth.userIds(0, edited)) {
  server.truth.edit(userId, {
    title: 'Edited',
    mobilePhoneNumber: '+4790000000',
    extension: null,
    aliases: [],
  })
}
console.log(JSON.stringify({ idleMb, editedMb: heap(), edited }))
await server.close()
