import {
  CLASSES_OF_SERVICE,
  DEFAULT_LANGUAGE,
  DEVICE_TYPES,
  LANGUAGES,
  STATES,
  TIME_ZONES,
} from '../data/lookups'
import type { Call, Routes } from '../http/call'
import { askedGroup } from '../http/parameters'
import { generatePasscode, generatePassword, PASSCODE_RULES, PASSWORD_RULES } from '../rules/passwords'

/** One value under `name`, or with `limit` that many under its plural. */
function generated(call: Call, name: string, make: (random: () => number) => string) {
  call.account()
  const asked = call.query.get('limit')
  if (asked === null) return { json: { [name]: make(call.world.random) } }
  const limit = Math.min(1000, Math.max(1, Number.parseInt(asked, 10) || 1))
  return { json: { [`${name}s`]: Array.from({ length: limit }, () => make(call.world.random)) } }
}

/** A lookup that any signed-in account may read. */
const open = (json: unknown) => (call: Call) => {
  call.account()
  return { json }
}

export const lookupRoutes: Routes = {
  'GET /system/languages': open({ default: DEFAULT_LANGUAGE, languages: LANGUAGES }),
  'GET /system/time-zones': open(TIME_ZONES),
  'GET /system/states-provinces': open(STATES),
  'GET /system/device-types': open(DEVICE_TYPES.map((deviceType) => ({ deviceType }))),
  'GET /groups/device-types': open(DEVICE_TYPES.map((deviceType) => ({ deviceType }))),

  'GET /groups/network-class-of-services': (call) => {
    const group = askedGroup(call, 'GroupNetworkClassOfServiceGetAssignedListRequest')
    const services = CLASSES_OF_SERVICE.filter(({ name }) => group.classesOfService.includes(name)).map(
      ({ name, description }) => ({ name, description, default: name === group.classesOfService[0] }),
    )
    return { json: { services } }
  },

  'GET /groups/password-rules': open(PASSWORD_RULES),
  'GET /service-providers/password-rules': open(PASSWORD_RULES),
  'GET /system/password-rules': open(PASSWORD_RULES),
  'GET /groups/passcode-rules': open(PASSCODE_RULES),
  'GET /service-providers/passcode-rules': open(PASSCODE_RULES),
  'GET /system/passcode-rules': open(PASSCODE_RULES),
  'GET /service-providers/sip-authentication-password-rules': open({
    useServiceProviderSettings: false,
    minLength: 6,
  }),
  'GET /system/sip-authentication-password-rules': open({ minLength: 6 }),

  'GET /password/generate': (call) => generated(call, 'password', generatePassword),
  'GET /sip-password/generate': (call) => generated(call, 'password', generatePassword),
  'GET /passcode/generate': (call) => generated(call, 'passcode', generatePasscode),
}
