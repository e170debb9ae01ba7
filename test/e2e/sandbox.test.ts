import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { expect, test } from './app'
import { makeUnprivileged, type Unprivileged } from './unprivileged'

test.skip(process.platform !== 'linux', 'Windows and macOS have no user who must run without the sandbox')

/** The processes of this app: those that name its profile folder, and their descendants. */
function processesOf(profile: string): { pid: number; parent: number; command: string }[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')
        const parent = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1])
        return [{ pid: Number(name), parent, command }]
      } catch {
        // It ended while we looked.
        return []
      }
    })
  const ours = new Set(all.filter(({ command }) => command.includes(profile)).map(({ pid }) => pid))
  for (let before = -1; before !== ours.size; ) {
    before = ours.size
    for (const { pid, parent } of all) if (ours.has(parent)) ours.add(pid)
  }
  return all.filter(({ pid }) => ours.has(pid))
}

test("the main job as an unprivileged user, with Chromium's OS sandbox on", async ({
  open,
  startServer,
  profile,
}) => {
  let place: Unprivileged | undefined
  if (process.getuid?.() === 0) {
    const made = await makeUnprivileged()
    if (typeof made === 'string') console.log(`Skipped: ${made}.`)
    test.skip(typeof made === 'string', String(made))
    place = made as Unprivileged
  }
  try {
    const server = await startServer({ users: 50 })
    const folder = place?.profile ?? profile
    const app = await open({ profile: folder, ...(place ? { runtime: place.runtime } : {}) })

    await app.connectTo(server)
    await app.allUsersLoaded(50)
    const [somebody] = await server.find({ lastName: '*a*' })
    const userId = String(somebody?.userId)
    await app.find(userId, /^1 of 50 users$/)
    await app.row(String(somebody?.lastName)).first().click()
    await app.field('First name').fill('Sandra')
    await app.save()
    await expect.poll(async () => (await server.user(userId)).firstName).toBe('Sandra')
    await expect(app.page.getByText(/no usable keychain/)).toBeHidden()

    const processes = processesOf(folder)
    const main = processes.find(({ command }) => / \. /.test(command) && !command.includes('--type='))
    const page = processes.find(({ command }) => command.includes('--type=renderer'))
    if (!main || !page) throw new Error(`No main process or page among ${JSON.stringify(processes)}`)
    expect(processes.filter(({ command }) => command.includes('--no-sandbox'))).toEqual([])
    expect(readFileSync(`/proc/${page.pid}/status`, 'utf8'), 'system calls are filtered').toMatch(
      /^Seccomp:\s+2$/m,
    )
    expect(readlinkSync(`/proc/${page.pid}/ns/pid`), 'other processes are out of sight').not.toBe(
      readlinkSync(`/proc/${main.pid}/ns/pid`),
    )
    await app.quit()
  } finally {
    place?.remove()
  }
})
