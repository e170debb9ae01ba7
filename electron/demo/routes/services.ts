import type { Account } from '../accounts'
import type { Body, Call, Routes } from '../http/call'
import { refusals } from '../refusal'
import type { Place, Settings } from '../rules/services/fields'
import { READ_ONLY_SERVICES, type ReadOnlyService } from '../rules/services/read-only'
import {
  changedSettings,
  SERVICES,
  type ServiceRule,
  shownSettings,
  VOICE_MESSAGING,
} from '../rules/services/table'
import { checkWriter } from '../rules/user-changes'
import { askedUser } from './users-read'
import { target } from './users-write'

const readCommand = ({ command }: ServiceRule) => command.replace('Modify', 'Get')

const placeOf = (call: Call, index: number, command: string): Place => ({
  directory: call.world.directory,
  manner: call.world.manner,
  index,
  command,
})

/** What a service of a user is set to; refuses one that is not assigned. */
function assignedSettings(call: Call, service: string, index: number, command: string): Settings {
  const settings = call.world.services.settings(index, service)
  if (settings === undefined) throw refusals.serviceNotAssigned(service, command)
  return settings
}

/** The settings as they are answered, without the user id. */
export function settingsOf(
  call: Call,
  service: ServiceRule | ReadOnlyService,
  settings: Settings,
  index: number,
): Record<string, unknown> {
  const place = placeOf(call, index, service.command)
  return 'fields' in service ? shownSettings(service, settings, place) : service.show(settings, place)
}

function answered(call: Call, service: ServiceRule | ReadOnlyService, index: number, command: string) {
  const settings = assignedSettings(call, service.name, index, command)
  return {
    ...(call.world.manner === 'awkward' && 'stray' in service ? service.stray : {}),
    ...settingsOf(call, service, settings, index),
    userId: call.world.directory.basics(index).userId,
  }
}

/** Changes one service of the user that the body names, and gives back the user's place. */
export function changeService(call: Call, account: Account, service: ServiceRule, body: Body): number {
  const { command, name } = service
  const person = target(call, account, body, command)
  checkWriter(account, command)
  call.world.lessons?.beforeWrite(person)
  const before = assignedSettings(call, name, person.index, command)
  const after = changedSettings(service, before, body, placeOf(call, person.index, command))
  call.world.services.set(person.index, name, after)
  return person.index
}

const routesOf = (service: ServiceRule): Routes => ({
  [`GET /users/${service.path}`]: (call) => {
    const command = readCommand(service)
    const index = askedUser(call, command)
    // Reading voice mail of a user who has none is refused by a number of its own.
    if (service.name === VOICE_MESSAGING && call.world.services.settings(index, service.name) === undefined) {
      throw refusals.noVoiceMail(call.world.directory.basics(index).userId, command)
    }
    return { json: answered(call, service, index, command) }
  },
  [`PUT /users/${service.path}`]: (call) => {
    const index = changeService(call, call.account(), service, call.body)
    return { json: answered(call, service, index, readCommand(service)) }
  },
})

const readOnlyRoutesOf = (service: ReadOnlyService): Routes => ({
  [`GET /users/${service.path}`]: (call) => {
    const index = askedUser(call, service.command)
    return { json: answered(call, service, index, service.command) }
  },
})

/** One service of one user. */
export const serviceRoutes: Routes = Object.assign(
  {},
  ...SERVICES.map(routesOf),
  ...READ_ONLY_SERVICES.map(readOnlyRoutesOf),
)
