import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Directory } from '../../../../electron/demo/directory'
import type { Manner } from '../../../../electron/demo/options'
import { KNOWN_PEOPLE } from '../../../../electron/demo/population'
import { READ_ONLY_SERVICES } from '../../../../electron/demo/rules/services/read-only'
import {
  changedSettings,
  SERVICES,
  serviceNamed,
  shownSettings,
} from '../../../../electron/demo/rules/services/table'
import { ServicePopulation } from '../../../../electron/demo/service-population'

const NAMES = [...SERVICES, ...READ_ONLY_SERVICES].map(({ name }) => name)

function made(seed: number, users = 25_000, manner: Manner = 'plain') {
  const directory = new Directory(seed, users, undefined, manner)
  return { directory, manner, services: new ServicePopulation(directory.population, manner) }
}

const everyone = Array.from({ length: 25_000 }, (_, index) => index)

describe('the services that users are born with', () => {
  it('are the same for the same seed and others for another', () => {
    const of = (seed: number) => {
      const { services } = made(seed)
      return everyone
        .slice(0, 300)
        .map((index) =>
          services
            .assigned(index)
            .map((name) => [name, NAMES.includes(name) && services.settings(index, name)]),
        )
    }
    const first = of(5)
    expect(of(5)).toEqual(first)
    expect(of(6)).not.toEqual(first)
  })

  it('are such as the rules of the server let through, whatever the seed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 31 - 1 }),
        fc.constantFrom<Manner>('plain', 'awkward'),
        fc.array(fc.nat(24_999), { minLength: 20, maxLength: 20 }),
        (seed, manner, indexes) => {
          const { directory, services } = made(seed, 25_000, manner)
          for (const index of indexes) {
            for (const service of SERVICES) {
              if (!services.isAssigned(index, service.name)) continue
              const settings = services.settings(index, service.name)
              const place = { directory, manner, index, command: service.command }
              const shown = shownSettings(service, settings, place)
              expect(changedSettings(service, settings, shown, place)).toEqual(settings)
            }
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('leave nothing of the people that everybody knows to chance: all is assigned, and nothing sends a call away', () => {
    for (const seed of [1, 2, 3]) {
      const { services } = made(seed)
      for (let index = 0; index < KNOWN_PEOPLE; index++) {
        for (const name of NAMES) {
          expect(services.isAssigned(index, name)).toBe(true)
          const { isActive } = services.settings(index, name)
          expect(isActive, name).toBe(name === 'Voice Messaging User' || name === 'Call Waiting')
        }
      }
    }
  })

  it('are had by most, not by all, and a few have none of them', () => {
    const { services } = made(1)
    const share = (name: string) =>
      everyone.filter((index) => services.isAssigned(index, name)).length / everyone.length
    for (const name of NAMES) {
      expect(share(name), name).toBeGreaterThan(0.1)
      expect(share(name), name).toBeLessThan(0.99)
    }
    for (const name of [
      'Voice Messaging User',
      'Do Not Disturb',
      'Call Forwarding Always',
      'Call Forwarding No Answer',
    ]) {
      expect(share(name), name).toBeGreaterThan(0.85)
    }
    const bare = everyone.filter((index) => !NAMES.some((name) => services.isAssigned(index, name)))
    expect(bare.length).toBeGreaterThan(100)
    expect(bare.length).toBeLessThan(2500)
  })

  it.each(['plain', 'awkward'] as const)('send some calls on inside and a few outside (%s)', (manner) => {
    const { services, directory } = made(1, 25_000, manner)
    const service = serviceNamed('Call Forwarding Always')
    const counts = { off: 0, inside: 0, outside: 0 }
    for (const index of everyone) {
      if (!services.isAssigned(index, service.name)) continue
      const { isActive, forwardToPhoneNumber: number } = services.settings(index, service.name)
      if (!isActive) {
        counts.off += 1
        continue
      }
      const to = String(number).replace(/^\*55/, '').replace(/@.*$/, '')
      const group = directory.groupAt(directory.basics(index).group)
      const { countryCode } = group.place
      const canonical = to.startsWith('+')
        ? to.replace(`+${countryCode}`, `+${countryCode}-`)
        : `+${countryCode}-${to}`
      const inside = directory.extensionOwner(group, to) ?? directory.numberOwner(canonical)
      counts[inside ? 'inside' : 'outside'] += 1
    }
    expect(counts.off).toBeGreaterThan(20_000)
    expect(counts.inside).toBeGreaterThan(counts.outside)
    expect(counts.outside).toBeGreaterThan(100)
    expect(counts.outside).toBeLessThan(1000)
  })

  it('write numbers in every way in the awkward manner', () => {
    const { services } = made(1, 25_000, 'awkward')
    const numbers = everyone.flatMap((index) => {
      const number = services.settings(index, 'Call Forwarding Always').forwardToPhoneNumber
      return typeof number === 'string' ? [number] : []
    })
    for (const form of [/^[1-9][0-9]+$/, /^0[0-9]+$/, /^\+[0-9]+$/, /^\+[0-9]+-/, /^\*55/, /@/, /^\(/]) {
      expect(
        numbers.some((number) => form.test(number)),
        String(form),
      ).toBe(true)
    }
  })
})
