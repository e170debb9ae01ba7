import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Directory } from '../../../electron/demo/directory'
import { type Group, poolNumber } from '../../../electron/demo/hierarchy'
import { api, CINCINNATI, PASSWORD, signIn, start, type Thing } from './support'

const everyone = (directory: Directory) =>
  Array.from({ length: directory.size }, (_, index) => directory.person(index))

describe('the people of the demo server', () => {
  it('are 25,000 of 3 service providers and 40 groups unless told otherwise', async () => {
    const server = await start({ users: undefined as never })
    expect(server.users).toBe(25_000)
    const directory = new Directory(1, 25_000, undefined)
    expect(directory.providers).toHaveLength(3)
    expect(directory.groups).toHaveLength(40)
    expect(directory.groups.map((group) => group.size)).toEqual(Array.from({ length: 40 }, () => 625))
    expect(new Directory(1, 25_000, 7).groups).toHaveLength(7)
    expect(new Directory(1, 1_000_000, undefined).groups).toHaveLength(400)
    expect(new Directory(1, 10, undefined).groups).toHaveLength(3)
  })

  it('are in groups of which no two of one service provider have the same id, and no two share a domain', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.option(fc.integer({ min: 1, max: 1000 })),
        (users, groups) => {
          const { groups: made } = new Directory(1, users, groups ?? undefined)
          for (const of of [
            ({ provider, groupId }: Group) => `${provider.id}\n${groupId}`,
            ({ domain }: Group) => domain,
          ]) {
            expect(new Set(made.map(of)).size).toBe(made.length)
          }
        },
      ),
      {
        numRuns: 100,
        examples: [
          [25_000, null],
          [100_000, null],
          [250_000, null],
          [1_000_000, null],
        ],
      },
    )
  })

  it('are the same for the same seed and others for another', async () => {
    const read = async (seed: number) => {
      const admin = await signIn(await start({ seed }))
      return (await admin.get(`/users?${CINCINNATI}&extended=true`)).text
    }
    const first = await read(5)
    expect(await read(5)).toBe(first)
    expect(await read(6)).not.toBe(first)
  })

  it('are led by Ana Ødegård and Björn Nowak', () => {
    const directory = new Directory(99, 25_000, undefined)
    expect([0, 1].map((index) => directory.basics(index))).toMatchObject([
      { firstName: 'Ana', lastName: 'Ødegård', extension: '1234', phoneNumber: '+1-5135551234' },
      { firstName: 'Björn', lastName: 'Nowak', extension: '1235' },
    ])
    expect(directory.extensionOwner(directory.groupAt(0), '1241')).toBeUndefined()
  })

  it('share no id, number, extension or line/port, and each finds its owner', () => {
    for (const [users, groups] of [
      [25_000, undefined],
      [5000, 120],
    ] as const) {
      const directory = new Directory(3, users, groups)
      const seen = new Set<string>()
      const claim = (what: string) => {
        if (seen.has(what)) throw new Error(`Two hold ${what}`)
        seen.add(what)
      }
      for (const person of everyone(directory)) {
        const group = directory.groupAt(person.group)
        const owner = { kind: 'user', index: person.index }
        for (const id of [
          person.userId,
          ...person.aliases,
          ...person.alternateUserId.map((one) => one.alternateUserId),
        ]) {
          claim(`id ${id.toLowerCase()}`)
          if (person.index % 97 === 0) expect(directory.idOwner(id)).toEqual(owner)
        }
        if (person.phoneNumber !== undefined) {
          claim(`number ${person.phoneNumber}`)
          if (person.index % 97 === 0) expect(directory.numberOwner(person.phoneNumber)).toEqual(owner)
        }
        if (person.extension !== undefined) {
          claim(`extension ${person.group} ${person.extension}`)
          const { min, max } = group.extensionLength
          if (person.extension.length < min || person.extension.length > max)
            throw new Error(`Length of ${person.extension}`)
          if (person.index % 97 === 0)
            expect(directory.extensionOwner(group, person.extension)).toEqual(owner)
        }
        if (person.endpoint.type === 'accessDeviceEndpoint') claim(`port ${person.endpoint.linePort}`)
      }
      for (const group of directory.groups) {
        for (const instance of group.instances) {
          claim(`id ${instance.serviceUserId}`)
          claim(`extension ${group.index} ${instance.extension}`)
          if (instance.phoneNumber !== undefined) claim(`number ${instance.phoneNumber}`)
        }
        for (const at of [0, group.poolSize - 1]) claim(`pool ${poolNumber(group, at)}`)
      }
    }
  })

  it('keep every limit of the user object', () => {
    const longest: Record<string, number> = {}
    for (const person of everyone(new Directory(4, 25_000, undefined))) {
      for (const [name, value] of Object.entries(person)) {
        if (typeof value !== 'string') continue
        if (value === '' || value !== value.trim()) throw new Error(`${name} is ${JSON.stringify(value)}`)
        longest[name] = Math.max(longest[name] ?? 0, [...value].length)
      }
    }
    for (const name of [
      'lastName',
      'firstName',
      'callingLineIdLastName',
      'mobilePhoneNumber',
      'pagerPhoneNumber',
    ]) {
      expect(longest[name], name).toBeLessThanOrEqual(30)
    }
    expect(longest.lastName).toBe(30)
    expect(longest.title).toBeLessThanOrEqual(50)
    expect(longest.emailAddress).toBeLessThanOrEqual(80)
    expect(longest.userId).toBeLessThanOrEqual(161)
  })

  it('have names of many scripts, hostile ones among them, and every kind of gap', () => {
    const people = everyone(new Directory(1, 25_000, undefined, 'awkward'))
    const names = people.map((person) => `${person.firstName} ${person.lastName}`)
    for (const script of [
      'Greek',
      'Cyrillic',
      'Han',
      'Hangul',
      'Hiragana',
      'Arabic',
      'Hebrew',
      'Devanagari',
    ]) {
      expect(
        names.filter((name) => new RegExp(`\\p{Script=${script}}`, 'u').test(name)).length,
        script,
      ).toBeGreaterThan(5)
    }
    for (const part of [
      'ø',
      'ß',
      'ł',
      'İ',
      "'",
      '’',
      '-',
      '<img src=x onerror=alert(1)>',
      '</script',
      '__proto__',
      '👩‍👩‍👧‍👦',
    ]) {
      expect(
        names.some((name) => name.includes(part)),
        part,
      ).toBe(true)
    }
    const share = (test: (person: (typeof people)[number]) => boolean) =>
      people.filter(test).length / people.length
    expect(share((one) => one.phoneNumber === undefined)).toBeCloseTo(1 / 12, 1)
    expect(share((one) => one.extension === undefined)).toBeCloseTo(1 / 30, 1)
    expect(share((one) => one.department === undefined)).toBeCloseTo(1 / 4, 1)
    expect(share((one) => one.aliases.length === 2)).toBeGreaterThan(0.05)
    expect(new Set(people.map((one) => one.phoneNumber?.split('-')[0])).size).toBeGreaterThan(25)
    expect(people.some((one) => one.phoneNumber?.startsWith('+39-0'))).toBe(true)
    expect(new Set(names).size).toBeGreaterThan(9000)
  })
})

describe('the plain manner', () => {
  const people = everyone(new Directory(1, 25_000, undefined))

  it('is a company as it might be: no name that nobody has', () => {
    for (const { userId, firstName, lastName } of people) {
      for (const name of [firstName, lastName]) {
        expect(name, userId).toMatch(/^\p{L}[\p{L}\p{M} .'’-]*$/u)
      }
      expect(['null', 'undefined', '__proto__', 'constructor'], userId).not.toContain(firstName)
    }
  })

  it('writes a number in one way', () => {
    for (const { userId, callingLineIdPhoneNumber, mobilePhoneNumber, pagerPhoneNumber } of people) {
      for (const number of [callingLineIdPhoneNumber, mobilePhoneNumber, pagerPhoneNumber]) {
        if (number !== undefined) expect(number, userId).toMatch(/^\+[1-9]\d{7,14}$/)
      }
    }
  })
})

describe('a million people', () => {
  it('cost far less than 1 kB each, edited ones included', async () => {
    const script = resolve(import.meta.dirname, 'million.mjs')
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--expose-gc', '--import', 'tsx', script],
      { timeout: 55_000 },
    )
    const { idleMb, editedMb, edited } = JSON.parse(stdout)
    expect(idleMb).toBeLessThan(100)
    expect(editedMb - idleMb).toBeLessThan(edited / 1000)
  })

  it('are found by id', async () => {
    const server = await start({ users: 1_000_000 })
    const { token } = (
      await api(server.baseUrl).post('/auth/token', { username: 'admin', password: PASSWORD })
    ).json
    const admin = api(server.baseUrl, token)
    const [last] = server.truth.userIds(999_999, 1)
    const { json } = await admin.get(`/users?userId=${last}`)
    expect(json.userId).toBe(last)
    const groups: Thing[] = (await admin.get('/groups?serviceProviderId=sp.fjord')).json
    expect(groups).toHaveLength(80)
  })
})
