import type { DirectoryClient } from '../../../../electron/features/users/shown'
import type {
  GroupRef,
  OdinClient,
  OdinError,
  OdinErrorKind,
  OdinResult,
  OdinSession,
} from '../../../../electron/odin/types'
import { readSent } from '../../../../electron/odin/users'
import type { Cancel, Clock } from '../../../../electron/platform/ports'
import { type ServiceId, serviceOf, services } from '../../../../shared/calls/catalogue'
import { normaliseService } from '../../../../shared/calls/normalise'
import type { JsonObject } from '../../../../shared/json'
import type { ServerFilter } from '../../../../shared/query/on-server'
import { accessDeviceMac } from '../../../../shared/user/catalogue'
import type { UserKey, UserRecord } from '../../../../shared/user/types'

export const person = (
  serviceProviderId: string,
  groupId: string,
  userId: string,
  fields: UserRecord['fields'] = {},
): UserRecord => ({ key: { serviceProviderId, groupId, userId }, completeness: 'row', fields, extra: {} })

export const oops = (kind: OdinErrorKind, message = `Failed: ${kind}.`): OdinError => ({
  kind,
  cause: kind,
  message,
  next: 'Try again.',
})

const fine = <T>(value: T, problems?: readonly string[]): OdinResult<T> => ({
  ok: true,
  value,
  status: 200,
  raw: '',
  ...(problems === undefined ? {} : { problems }),
})

/** `abc` equals, `abc*` starts with, `*abc*` contains; the server finds MAC addresses that begin as well. */
const passes = ({ by, value }: ServerFilter, values: UserRecord['fields']): boolean => {
  if (by === 'macAddress') return String(values[accessDeviceMac] ?? '').startsWith(value.slice(0, 6))
  const has = String(values[by === 'dn' ? 'phoneNumber' : by] ?? '').toLowerCase()
  const text = value.replaceAll('*', '').toLowerCase()
  if (value.startsWith('*')) return has.includes(text)
  return value.endsWith('*') ? has.startsWith(text) : has === text
}

/** By these the server's full records are known. */
/** What nobody is without; a record that lacks it is half of one. */
const inEveryFull = { firstName: 'Ann', lastName: 'Lee', language: 'English' }
const onlyInFull = {
  title: 'Known',
  timeZone: 'America/New_York',
  timeZoneDisplayName: '(GMT-05:00) Eastern',
}

/** A server of people, with switches for what goes wrong. Groups are named after their users. */
export const fakeServer = (people: readonly UserRecord[]) => {
  const server = {
    people: [...people],
    groups: [...new Set(people.map(({ key }) => `${key.serviceProviderId}/${key.groupId}`))],
    calls: [] as string[],
    /** By user: what each of its services is like; one left out is not assigned. */
    services: new Map<string, Partial<Record<ServiceId, JsonObject>>>(),
    /** By call, such as `users acme/sales`: what it fails with. */
    failures: new Map<string, OdinError>(),
    /** Groups of which a part could not be understood. */
    unreadable: new Set<string>(),
    session: {
      userId: 'admin',
      loginType: 'System',
      isSystemAdmin: true,
      readOnly: false,
      policy: {},
    } as OdinSession,
    /** Calls whose name begins so wait for the gate. */
    gated: '',
    gate: Promise.resolve() as Promise<unknown>,
    mostAtOnce: 0,
  }
  let atOnce = 0

  const call = async <T>(name: string, answer: () => OdinResult<T>): Promise<OdinResult<T>> => {
    server.calls.push(name)
    server.mostAtOnce = Math.max(server.mostAtOnce, ++atOnce)
    const result = server.failures.get(name)
    const value = result === undefined ? answer() : ({ ok: false, error: result } as const)
    if (name.startsWith(server.gated)) await server.gate
    atOnce--
    return value
  }

  const sent: OdinClient['usersAsSent'] = async ({ serviceProviderId, groupId }, { extended, signal }) => {
    const group = { serviceProviderId, groupId }
    const answer = await call(`${extended ? 'details' : 'users'} ${serviceProviderId}/${groupId}`, () => {
      const rows = server.people
        .filter(({ key }) => key.serviceProviderId === serviceProviderId && key.groupId === groupId)
        .map(({ key, fields }) => ({
          ...key,
          ...(extended ? inEveryFull : {}),
          ...fields,
          ...(extended ? onlyInFull : {}),
        }))
      const broken = server.unreadable.has(`${serviceProviderId}/${groupId}`)
      const text = JSON.stringify(broken ? [{ lastName: 'Nobody' }, ...rows.slice(1)] : rows)
      return fine({ bytes: Buffer.from(text), group })
    })
    return signal?.aborted ? { ok: false, error: oops('cancelled') } : answer
  }

  const serviceAs = (id: ServiceId, key: UserKey): UserRecord | undefined => {
    const object = server.services.get(key.userId)?.[id]
    return object && normaliseService(serviceOf(id), key, { ...object, userId: key.userId })
  }

  const client: DirectoryClient = {
    serviceOfGroup: (id, { serviceProviderId, groupId }) =>
      call(`bulk ${id} ${serviceProviderId}/${groupId}`, () =>
        fine(
          server.people
            .filter(({ key }) => key.serviceProviderId === serviceProviderId && key.groupId === groupId)
            .map(({ key }) => ({ userId: key.userId, record: serviceAs(id, key) })),
        ),
      ),
    services: (key) =>
      call(`services ${key.userId}`, () =>
        fine({ services: Object.fromEntries(services.map(({ id }) => [id, serviceAs(id, key)])) }),
      ),
    session: () => server.session,
    serviceProviders: () =>
      call('providers', () =>
        fine(
          [...new Set(server.groups.map((group) => group.split('/')[0] as string))].map((id) => ({
            id,
            name: `${id} Inc.`,
          })),
        ),
      ),
    groups: (sp) =>
      call(`groups ${sp}`, () =>
        fine(
          server.groups
            .filter((group) => group.startsWith(`${sp}/`))
            .map((group): GroupRef => {
              const [serviceProviderId = '', groupId = ''] = group.split('/')
              return { serviceProviderId, groupId, name: `The ${groupId}` }
            }),
        ),
      ),
    async usersOfGroup(group, options) {
      const answer = await sent(group, options)
      if (!answer.ok) return answer
      const read = await readSent(answer.value)
      return read.ok ? fine(read.value, read.problems) : { ok: false, error: oops('unknown') }
    },
    usersAsSent: sent,
    users: ({ serviceProviderId, groupId, filter, and, extended, limit }) => {
      const asked = [filter, and].flatMap((each) => (each ? [`${each.by}=${each.value}`] : []))
      const name = ['find', serviceProviderId, groupId, extended ? 'in full' : undefined, ...asked]
      return call(name.filter((part) => part !== undefined).join(' '), () => {
        const found = server.people.filter(
          ({ key, fields }) =>
            (serviceProviderId === undefined || key.serviceProviderId === serviceProviderId) &&
            (groupId === undefined || key.groupId === groupId) &&
            [filter, and].every((each) => each === undefined || passes(each, { ...fields, ...key })),
        )
        return fine(
          found
            .slice(0, limit)
            .map((record) => (extended ? { ...record, completeness: 'full' as const } : record)),
        )
      })
    },
    user: (userId) =>
      call(`user ${userId}`, () => {
        const one = server.people.find(({ key }) => key.userId === userId)
        return one === undefined
          ? { ok: false, error: oops('not-found', 'There is no such user.') }
          : fine({ ...one, completeness: 'full' as const })
      }),
    signIn: () => Promise.resolve(fine(server.session)),
    checkSession: () => Promise.resolve(fine(server.session)),
    signOut: () => Promise.resolve(),
    putUser: () => Promise.resolve({ ok: false, error: oops('forbidden') }),
    service: () => Promise.resolve({ ok: false, error: oops('forbidden') }),
    putService: () => Promise.resolve({ ok: false, error: oops('forbidden') }),
  }
  return { server, client }
}

/** A clock that stands still unless told; its timers run on real ones, at once. */
export const testClock = () => {
  const state = { wall: 1_700_000_000_000, stands: false }
  const clock: Clock = {
    wall: () => state.wall,
    mono: () => performance.now(),
    after: (ms: number, run: () => void): Cancel => {
      // Hours are not waited for.
      const timer = setTimeout(run, state.stands || ms > 60_000 ? 2 ** 30 : Math.min(ms, 5))
      timer.unref()
      return () => clearTimeout(timer)
    },
  }
  return { clock, state }
}
