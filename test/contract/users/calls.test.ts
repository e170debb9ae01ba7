import { expect, it, onTestFinished } from 'vitest'
import { createCallCopies } from '../../../electron/features/call-handling/copies'
import { createCallReader } from '../../../electron/features/call-handling/reader'
import { createDirectory, type Directory } from '../../../electron/features/users/directory'
import { systemClock } from '../../../electron/platform/clock'
import { systemRandom } from '../../../electron/platform/random'
import { openMemoryStore } from '../../../electron/store/store'
import { MANNERS, signedIn, start } from '../odin/support'

const forwardings = [
  'Call Forwarding Always',
  'Call Forwarding Busy',
  'Call Forwarding No Answer',
  'Call Forwarding Not Reachable',
]
const digits = (text: unknown) => String(text ?? '').replace(/\D/g, '')

it.each(MANNERS)(
  'who is forwarded out of the enterprise is found as the demo server has it (%s)',
  async (manner) => {
    const server = await start({ manner })
    const client = await signedIn(server, 'admin', { callsPerSecond: 10_000 })
    const clock = systemClock()
    const store = openMemoryStore()
    onTestFinished(() => store.close())
    const copies = createCallCopies({
      store,
      clock,
      onStored: (id, users) => directory.callsStored(id, users),
    })
    const directory: Directory = createDirectory({
      store,
      clock,
      random: systemRandom(clock),
      log: { info: () => {}, warn: () => {}, error: () => {} },
      emit: () => {},
      locale: 'en',
      readCalls: createCallReader({ copies, clock }),
    })
    onTestFinished(() => directory.stop())
    await directory.show({ id: 'c1', demo: false, callsPerSecond: 10_000 })
    directory.attach(client)
    const rested = async () => {
      do await new Promise((resolve) => setTimeout(resolve, 5))
      while (directory.progress().running)
    }
    while (directory.summary().users < server.users) await rested()
    await rested()
    const found = async (search: string) => {
      const { rows } = await directory.window({ search, scope: {}, sort: [] }, 0, server.users)
      return new Set(rows.map(({ key }) => key.userId))
    }
    expect((await found('forwarded:outside')).size).toBe(0)
    directory.readMissing({}, { calls: 'groups', onlyCalls: true })
    await rested()

    // The plainest reading of the rule, of what the server itself has.
    const all = server.truth
      .userIds(0, server.users)
      .map((userId) => ({ userId, ...server.truth.user(userId) }) as Record<string, unknown>)
    const isOutside = (to: string, user: Record<string, unknown>): boolean => {
      const own = all.filter(({ serviceProviderId }) => serviceProviderId === user.serviceProviderId)
      if (to.startsWith('*55')) return false
      if (to.includes('@'))
        return !own.some(({ userId }) => String(userId).split('@')[1] === to.split('@')[1])
      const group = own.filter(({ groupId }) => groupId === user.groupId)
      if (group.some(({ extension }) => digits(extension).length === to.length)) return false
      return !own.some(({ phoneNumber, countryCode }) => {
        const national = digits(String(phoneNumber ?? '').replace(/^\+\d+-/, ''))
        return national !== '' && [national, `${countryCode}${national}`].includes(digits(to))
      })
    }
    const expected = { outside: new Set<string>(), inside: new Set<string>(), no: new Set<string>() }
    for (const user of all) {
      const userId = String(user.userId)
      const to = forwardings
        .map((name) => server.truth.service(userId, name))
        .filter((service) => service?.isActive === true)
        .map((service) => String(service?.forwardToPhoneNumber))
      if (to.length === 0) expected.no.add(userId)
      else expected[to.some((number) => isOutside(number, user)) ? 'outside' : 'inside'].add(userId)
    }
    expect(expected.outside.size).toBeGreaterThan(3)
    expect(expected.inside.size).toBeGreaterThan(3)
    for (const [what, users] of Object.entries(expected))
      expect(await found(`forwarded:${what}`), what).toEqual(users)
  },
)
