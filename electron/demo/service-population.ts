import { pick } from './chance'
import type { Manner } from './options'
import { KNOWN_PEOPLE, type Population } from './population'
import type { Location, Settings } from './rules/services/fields'
import { INTERCEPT, SELECTIVE } from './rules/services/read-only'
import { VOICE_MESSAGING } from './rules/services/table'

/** How many of a hundred users have a service. */
const SHARES: Readonly<Record<string, number>> = {
  'Do Not Disturb': 97,
  'Call Forwarding Always': 97,
  'Call Forwarding Busy': 96,
  'Call Forwarding No Answer': 96,
  'Call Forwarding Not Reachable': 90,
  [VOICE_MESSAGING]: 92,
  'Call Waiting': 98,
  'Calling Line ID Delivery Blocking': 70,
  'Remote Office': 35,
  'Hoteling Guest': 20,
  'Anonymous Call Rejection': 60,
  'Simultaneous Ring Personal': 45,
  [SELECTIVE]: 20,
  [INTERCEPT]: 30,
}

/** Services that are there without anything to switch on or off. */
const PLAIN_SERVICES = ['Authentication', 'Basic Call Logs', 'Call Transfer'] as const

/** Salts of the population end below this one. */
const FIRST_SALT = 100
/** Salts for one service: for having it, being active, and whatever else is drawn for it. */
const SALTS_EACH = 20

enum Draw {
  Assigned,
  Active,
  Number,
  Where,
  Form,
  Other,
  More,
}

const firstSalts = new Map(
  Object.keys(SHARES).map((service, at) => [service, FIRST_SALT + SALTS_EACH * (at + 1)]),
)
const saltOf = (service: string, draw: number) => (firstSalts.get(service) ?? 0) + draw

/**
 * What services a user is born with and how these are set: made from the seed and the user's index when asked for, as
 * the user is. Most have voice mail and the forwardings, and the forwardings of most are off.
 */
export class ServicePopulation {
  readonly #population: Population
  readonly #awkward: boolean

  constructor(population: Population, manner: Manner) {
    this.#population = population
    this.#awkward = manner === 'awkward'
  }

  /** The services of a user in the order of the server's list, those that have no settings here last. */
  assigned(index: number): readonly string[] {
    return [...Object.keys(SHARES).filter((service) => this.isAssigned(index, service)), ...PLAIN_SERVICES]
  }

  isAssigned(index: number, service: string): boolean {
    const share = SHARES[service] ?? 0
    if (index < KNOWN_PEOPLE) return share > 0
    // One in forty is a line for calling out, at a door or in a lift: it has none of this.
    if (this.#population.chance(index, FIRST_SALT) % 40 === 0) return false
    return this.#isOneOf(share, index, saltOf(service, Draw.Assigned))
  }

  /** How the service is set for a user who has it. */
  settings(index: number, service: string): Settings {
    const known = index < KNOWN_PEOPLE
    const some = (percent: number, draw: number) =>
      !known && this.#isOneOf(percent, index, saltOf(service, draw))
    const pickOf = (draw: number) => this.#population.chance(index, saltOf(service, draw))
    /** A switch that needs a number: some have the number and are off. */
    const switched = (active: number, withNumber: number, outside: number) => {
      const isActive = some(active, Draw.Active)
      const number =
        isActive || some(withNumber, Draw.Number) ? this.#destination(index, service, outside) : undefined
      return { isActive, number }
    }
    const forwarding = (active: number, withNumber: number, outside: number): Settings => {
      const { isActive, number } = switched(active, withNumber, outside)
      return { isActive, forwardToPhoneNumber: number }
    }

    switch (service) {
      case 'Do Not Disturb':
        return { isActive: some(3, Draw.Active), ringSplash: some(10, Draw.Other) }
      case 'Call Forwarding Always':
        return { ...forwarding(4, 15, 30), isRingSplashActive: some(10, Draw.Other) }
      case 'Call Forwarding Busy':
        return forwarding(10, 8, 10)
      case 'Call Forwarding No Answer':
        return {
          ...forwarding(14, 8, 15),
          numberOfRings: known ? 3 : [0, 2, 3, 3, 3, 4, 4, 5, 6, 10][pickOf(Draw.Other) % 10],
        }
      case 'Call Forwarding Not Reachable':
        return forwarding(5, 4, 50)
      case VOICE_MESSAGING:
        return this.#voiceMail(index, some)
      case 'Call Waiting':
        return {
          isActive: known || !some(15, Draw.Active),
          disableCallingLineIdDelivery: some(2, Draw.Other),
        }
      case 'Calling Line ID Delivery Blocking':
      case 'Anonymous Call Rejection':
        return { isActive: some(5, Draw.Active) }
      case 'Remote Office': {
        const { isActive, number } = switched(6, 15, 90)
        return { isActive, remoteOfficePhoneNumber: number }
      }
      case 'Hoteling Guest':
        return known
          ? { isActive: false, enableAssociationLimit: false, associationLimitHours: 12 }
          : this.#guest(index, some(15, Draw.Active), pickOf(Draw.Other))
      case 'Simultaneous Ring Personal': {
        const isActive = some(12, Draw.Active)
        const locations: Location[] = []
        if (isActive || some(15, Draw.Number)) {
          locations.push({
            phoneNumber: this.#outside(index, service),
            answerConfirmationRequired: some(30, Draw.Other),
          })
          if (some(25, Draw.More)) {
            locations.push({ phoneNumber: this.#inside(index, service), answerConfirmationRequired: false })
          }
        }
        return { isActive, doNotRingIfOnCall: some(30, Draw.Form), locations }
      }
      case SELECTIVE: {
        const isActive = some(15, Draw.Active)
        return {
          isActive,
          defaultForwardToPhoneNumber: isActive ? this.#destination(index, service, 40) : undefined,
        }
      }
      case INTERCEPT:
        return { isActive: some(2, Draw.Active) }
      default:
        throw new Error(`No settings are made for ${service}`)
    }
  }

  #isOneOf(percent: number, index: number, salt: number): boolean {
    return this.#population.chance(index, salt) % 1000 < percent * 10
  }

  #voiceMail(index: number, some: (percent: number, draw: number) => boolean): Settings {
    const { emailAddress } = this.#population.basics(index)
    const notifies = emailAddress !== undefined && some(12, Draw.Number)
    const copies = emailAddress !== undefined && some(3, Draw.Where)
    const transfers = some(20, Draw.Form)
    const [frontDesk] = this.#population.groupOf(index).instances
    return {
      isActive: !some(6, Draw.Active),
      processing:
        emailAddress !== undefined && some(15, Draw.Other)
          ? 'Deliver To Email Address Only'
          : 'Unified Voice and Email Messaging',
      voiceMessageDeliveryEmailAddress: emailAddress,
      usePhoneMessageWaitingIndicator: !some(8, Draw.More),
      sendVoiceMessageNotifyEmail: notifies,
      voiceMessageNotifyEmailAddress: notifies ? emailAddress : undefined,
      sendCarbonCopyVoiceMessage: copies,
      voiceMessageCarbonCopyEmailAddress: copies ? `archive@${emailAddress.split('@')[1]}` : undefined,
      transferOnZeroToPhoneNumber: transfers,
      transferPhoneNumber: transfers ? frontDesk?.extension : undefined,
      alwaysRedirectToVoiceMail: some(2, Draw.More + 1),
      busyRedirectToVoiceMail: !some(15, Draw.More + 2),
      noAnswerRedirectToVoiceMail: !some(10, Draw.More + 3),
      outOfPrimaryZoneRedirectToVoiceMail: false,
    }
  }

  #guest(index: number, isActive: boolean, drawn: number): Settings {
    const host = isActive && drawn % 3 > 0 ? this.#colleague(index, drawn >>> 4) : undefined
    return {
      isActive,
      enableAssociationLimit: drawn % 5 > 0,
      associationLimitHours: [12, 12, 12, 24, 8, 240][(drawn >>> 8) % 6],
      hostUserId: host,
      hostSince: host === undefined ? undefined : `2026-0${1 + (drawn % 9)}-1${drawn % 10}T08:30:00.000Z`,
    }
  }

  #colleague(index: number, drawn: number): number | undefined {
    const group = this.#population.groupOf(index)
    const other = group.firstUser + (drawn % group.size)
    return other === index ? undefined : other
  }

  #destination(index: number, service: string, percentOutside: number): string {
    return this.#isOneOf(percentOutside, index, saltOf(service, Draw.Where))
      ? this.#outside(index, service)
      : this.#inside(index, service)
  }

  /** A colleague's extension, number or mailbox, or the group's front desk. */
  #inside(index: number, service: string): string {
    const group = this.#population.groupOf(index)
    const form = this.#population.chance(index, saltOf(service, Draw.Form))
    const other = this.#colleague(index, form >>> 8)
    const colleague = other === undefined ? undefined : this.#population.basics(other)
    const reached = colleague?.extension ?? group.instances[0]?.extension ?? '0'
    const number = colleague?.phoneNumber
    switch (form % 8) {
      case 0:
      case 1:
        return number?.replace('-', '') ?? reached
      case 2:
        // Straight to a voice mailbox.
        return `*55${reached}`
      case 3:
        if (!this.#awkward) return reached
        return colleague === undefined ? reached : `${reached}@${group.domain}`
      case 4:
        return this.#awkward && number !== undefined ? number.slice(number.indexOf('-') + 1) : reached
      default:
        return reached
    }
  }

  /** A mobile phone, mostly of the same country: in the awkward manner in every way that people write one. */
  #outside(index: number, service: string): string {
    const form = this.#population.chance(index, saltOf(service, Draw.Form))
    const { place } = this.#population.groupOf(index)
    const abroad = form % 12 === 0
    const countryCode = !abroad ? place.countryCode : place.countryCode === '44' ? '47' : '44'
    const digits = abroad ? 9 : place.nationalLength
    const national = `9${String(1e12 + form * 97).slice(1 - digits)}`
    if (!this.#awkward) return `+${countryCode}${national}`
    return pick(
      [
        `+${countryCode}${national}`,
        `+${countryCode}-${national}`,
        `00${countryCode}${national}`,
        `0${national}`,
        national,
        `${countryCode}${national}`,
        `(${national.slice(0, 3)}) ${national.slice(3, 6)}.${national.slice(6)}`,
      ],
      form >>> 4,
    )
  }
}
