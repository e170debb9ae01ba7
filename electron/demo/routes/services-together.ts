import type { Account } from '../accounts'
import type { Group } from '../hierarchy'
import type { Body, Call, Routes } from '../http/call'
import { askedGroup, required } from '../http/parameters'
import { refusals } from '../refusal'
import { flag, wobble } from '../render'
import { READ_ONLY_SERVICES, type ReadOnlyService } from '../rules/services/read-only'
import { SERVICES, type ServiceRule, VOICE_MESSAGING } from '../rules/services/table'
import { changeService, settingsOf } from './services'
import { askedUser } from './users-read'
import { target } from './users-write'

const ALL: readonly (ServiceRule | ReadOnlyService)[] = [...SERVICES, ...READ_ONLY_SERVICES]

/** Sent as an empty list where an object is expected, as the documents show it of services with nothing set. */
const EMPTY_AS_LIST = ['Classmark', 'Selective Call Acceptance', 'Selective Call Rejection'] as const

/** Invented. */
const PACKS: readonly {
  readonly name: string
  readonly description: string
  readonly of: readonly string[]
}[] = [
  {
    name: 'Office',
    description: 'Forwarding and voice mail',
    of: ['Call Forwarding Always', 'Call Forwarding Busy', 'Call Forwarding No Answer', VOICE_MESSAGING],
  },
  {
    name: 'Mobile worker',
    description: 'Remote office and hoteling',
    of: ['Remote Office', 'Hoteling Guest'],
  },
]

const isObject = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What voice mail has beside its own page. Only shown: these have calls of their own on a real server. */
const besideVoiceMail = (index: number) => ({
  'Voice Messaging User Advanced': {
    mailServerSelection: 'Group Mail Server',
    useGroupDefaultMailServerFullMailboxLimit: true,
  },
  'Voice Messaging User Greeting': {
    busyAnnouncementSelection: 'Default',
    noAnswerAnnouncementSelection: 'Default',
    noAnswerNumberOfRings: 2 + (index % 5),
    disableMessageDeposit: false,
  },
  'Voice Messaging User Voice Portal': { usePersonalizedName: false, voicePortalAutoLogin: false },
})

/** Every service of a user with its settings, by the server's names. */
function allSettings(call: Call, index: number): Record<string, unknown> {
  const { directory, services, manner } = call.world
  const { userId, extension = '', group: home } = directory.basics(index)
  const group = directory.groupAt(home)
  const all: Record<string, unknown> = {
    userId,
    Authentication: {
      userName: wobble(manner, extension),
      serviceProviderId: group.provider.id,
      groupId: group.groupId,
    },
  }
  for (const name of EMPTY_AS_LIST) all[name] = []
  for (const [at, service] of ALL.entries()) {
    const settings = services.settings(index, service.name)
    if (settings === undefined) {
      // What stands for a service that is not assigned is not known: the awkward manner has all three (question c-7).
      const spelling = manner === 'awkward' ? (index + at) % 3 : 0
      if (spelling > 0) all[service.name] = spelling === 1 ? {} : []
      continue
    }
    const shown = settingsOf(call, service, settings, index)
    all[service.name] =
      service.name === VOICE_MESSAGING
        ? { [VOICE_MESSAGING]: { ...shown, userId }, ...besideVoiceMail(index) }
        : shown
  }
  return all
}

/** The changes of one service in a body that holds several; voice mail's are nested twice, as they are read. */
function changesOf(body: Body, { name }: ServiceRule): Body | undefined {
  const given = Object.hasOwn(body, name) ? body[name] : undefined
  if (!isObject(given) || Object.keys(given).length === 0) return undefined
  if (name !== VOICE_MESSAGING) return given
  const inner = given[name]
  // Whether a real server takes them unnested is not known: a client that counts on it is told.
  if (!isObject(inner)) throw refusals.missing(`${name}.${name}`)
  return inner
}

function* bulkRows(call: Call, group: Group, service: ServiceRule): Generator<unknown> {
  const { directory, services, render } = call.world
  for (const index of directory.membersOf(group)) {
    const basics = directory.basics(index)
    const settings = services.settings(index, service.name)
    const { serviceProviderId: _, groupId: __, userIdShort: ___, ...user } = render.row(basics)
    yield {
      service: { assigned: settings !== undefined, serviceName: service.name },
      user: { ...user, phoneNumber: user.phoneNumber ?? '' },
      data: settings ? { ...settingsOf(call, service, settings, index), userId: basics.userId } : {},
    }
  }
}

/** In order; the first refusal ends it and what was changed before stays changed, as with PUT /users/bulk. */
function changeMany(call: Call, account: Account, service: ServiceRule): void {
  const { users, data } = call.body
  if (!Array.isArray(users)) throw refusals.missing('users')
  if (!isObject(data)) throw refusals.missing('data')
  for (const user of users as readonly unknown[]) {
    if (!isObject(user)) throw refusals.missing('userId')
    changeService(call, account, service, { ...data, userId: required(user, 'userId') })
  }
}

const bulkRoutesOf = (service: ServiceRule): Routes => ({
  ...(service.bulk === 'none'
    ? {}
    : {
        [`GET /users/${service.path}/bulk`]: (call) => {
          const command = 'UserGetListInGroupRequest'
          if (call.account().loginType === 'User') throw refusals.unauthorized(command)
          return { rows: bulkRows(call, askedGroup(call, command), service) }
        },
      }),
  ...(service.bulk === 'write'
    ? {
        // What the answer is, nobody shows: the clients that are known read again.
        [`PUT /users/${service.path}/bulk`]: (call) => {
          changeMany(call, call.account(), service)
          return { json: [] }
        },
      }
    : {}),
})

/** Several services of one user, and one service of many users. */
export const serviceTogetherRoutes: Routes = Object.assign(
  {
    'GET /users/services/assigned': (call) => {
      const { services, manner, directory } = call.world
      const index = askedUser(call, 'UserServiceGetAssignmentListRequest')
      const userServices = services.assigned(index).map((serviceName) => {
        if (!ALL.some(({ name }) => name === serviceName)) return { serviceName }
        const isActive = services.settings(index, serviceName)?.isActive === true
        return { serviceName, isActive: index % 2 ? isActive : flag(manner, isActive) }
      })
      return { json: { userId: directory.basics(index).userId, userServices, groupServices: [] } }
    },

    /** All that the group may give. The packs are invented: who has all the forwardings has them by one. */
    'GET /users/services': (call) => {
      const { services, manner, directory } = call.world
      const index = askedUser(call, 'UserServiceGetAssignmentListRequest')
      const { userId, group: home } = directory.basics(index)
      const group = directory.groupAt(home)
      const has = new Set(services.assigned(index))
      const row = (serviceName: string, assigned: boolean) => ({
        serviceName,
        assigned: index % 2 ? assigned : flag(manner, assigned),
      })
      return {
        json: {
          userId,
          serviceProviderId: group.provider.id,
          groupId: group.groupId,
          userServices: [...new Set([...ALL.map(({ name }) => name), ...has])].map((name) => ({
            ...row(name, has.has(name)),
            tags: [],
            alias: '',
          })),
          servicePackServices: PACKS.map(({ name, description, of }) => ({
            ...row(
              name,
              of.every((each) => has.has(each)),
            ),
            description,
            alias: '',
          })),
        },
      }
    },

    'GET /users/services/settings': (call) => ({
      json: allSettings(call, askedUser(call, 'UserServiceGetAssignmentListRequest')),
    }),

    /** Service by service; the first refusal ends it and what was changed before stays changed. */
    'PUT /users/services/settings': (call) => {
      const account = call.account()
      const { index, userId } = target(call, account, call.body, 'UserServiceModifyRequest')
      for (const service of SERVICES) {
        const changes = changesOf(call.body, service)
        if (changes) changeService(call, account, service, { ...changes, userId })
      }
      return { json: allSettings(call, index) }
    },
  } satisfies Routes,
  ...SERVICES.map(bulkRoutesOf),
)
