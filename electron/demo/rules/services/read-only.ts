import { wobble } from '../../render'
import type { Place, Settings } from './fields'

/** A service of which the demo server shows the settings and takes no change. */
export interface ReadOnlyService {
  readonly name: string
  /** Below `/users`. */
  readonly path: string
  /** The OCI command of a read. */
  readonly command: string
  readonly show: (settings: Settings, place: Place) => Record<string, unknown>
}

export const SELECTIVE = 'Call Forwarding Selective'
export const INTERCEPT = 'Intercept User'

export const READ_ONLY_SERVICES: readonly ReadOnlyService[] = [
  {
    name: SELECTIVE,
    path: 'call-forwarding-selective',
    command: 'UserCallForwardingSelectiveGetRequest16',
    show: ({ isActive, defaultForwardToPhoneNumber: number }, { manner }) => ({
      isActive,
      ...(typeof number === 'string' ? { defaultForwardToPhoneNumber: wobble(manner, number) } : {}),
      playRingReminder: false,
      criteria:
        typeof number === 'string'
          ? [
              {
                isActive: true,
                criteriaName: 'Callers from outside',
                timeSchedule: 'Every Day All Day',
                blacklisted: false,
                holidaySchedule: 'None',
                forwardTo: wobble(manner, number),
                callsToType: 'Primary',
                callsToNumber: '',
                callsToExtension: '',
                callsFrom: ['Any External'],
              },
            ]
          : [],
    }),
  },
  {
    name: INTERCEPT,
    path: 'intercept',
    command: 'UserInterceptUserGetRequest21sp1',
    show: ({ isActive }) => ({
      isActive,
      announcementSelection: 'Default',
      inboundCallMode: 'Intercept All',
      alternateBlockingAnnouncement: false,
      exemptInboundMobilityCalls: false,
      disableParallelRingingToNetworkLocations: false,
      routeToVoiceMail: false,
      playNewPhoneNumber: false,
      transferOnZeroToPhoneNumber: false,
      outboundCallMode: 'Block All',
      exemptOutboundMobilityCalls: false,
      rerouteOutboundCalls: false,
    }),
  },
]
