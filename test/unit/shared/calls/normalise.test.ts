import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyOf, type Service, serviceOf, writableServices } from '../../../../shared/calls/catalogue'
import { missingNeed, normaliseService, serviceBody } from '../../../../shared/calls/normalise'
import type { Json, JsonObject } from '../../../../shared/json'
import { displayValue, fieldValue, sameValue } from '../../../../shared/user/value'

const key = { serviceProviderId: 'ent', groupId: 'grp', userId: 'ann@x' }

/** What a server may say for a field, and what it means. */
const saying = (service: Service): fc.Arbitrary<JsonObject> => {
  const values = Object.fromEntries(
    service.fields.map(({ path, kind, choices, clear }) => {
      const said: fc.Arbitrary<Json> =
        kind === 'boolean'
          ? fc.constantFrom<Json>(true, false, 'true', 'false')
          : kind === 'integer'
            ? fc.constantFrom<Json>(0, 2, 20, '12')
            : kind === 'choice'
              ? fc.constantFrom<Json>(...(choices ?? []).map(({ value }) => value))
              : kind === 'list'
                ? fc.constantFrom<Json>(
                    null,
                    [],
                    [{ phoneNumber: 4500 }],
                    [
                      { phoneNumber: '0123', answerConfirmationRequired: true },
                      { phoneNumber: 'a@b.example', answerConfirmationRequired: false },
                    ],
                  )
                : fc.constantFrom<Json>(4500, '4500', '0123', '+1-5135550100', 'a@b.example', null, '', [])
      return [keyOf(path), clear === 'no' ? said : fc.option(said, { nil: undefined })]
    }),
  )
  return fc
    .tuple(
      fc.record(values),
      fc.dictionary(
        fc.constantFrom('isEnterprise', 'group', 'more'),
        fc.jsonValue({ noUnicodeString: true }).filter((value) => typeof value !== 'number'),
      ),
    )
    .map(([known, more]) => JSON.parse(JSON.stringify({ userId: 'ann@x', ...more, ...known })) as JsonObject)
}

describe.each(writableServices.map((service) => [service.id, service] as const))('%s', (_, service) => {
  it('loses nothing of what the server said', () => {
    fc.assert(
      fc.property(saying(service), (object) => {
        const record = normaliseService(service, key, object)
        expect(record?.sent).toEqual(object)
        for (const { path } of service.fields) {
          const said = object[keyOf(path)] ?? null
          const value = record && fieldValue(record, path)
          const isEmpty = said === null || said === '' || (Array.isArray(said) && said.length === 0)
          if (isEmpty) expect(value).toBeNull()
          else if (typeof said === 'object') expect(value).toEqual(said)
          else expect(String(value)).toBe(String(said))
        }
      }),
    )
  })

  it('has no body of its own for an object that nobody has changed', () => {
    fc.assert(
      fc.property(saying(service), (object) => {
        const record = normaliseService(service, key, object)
        if (record === undefined) throw new Error('no record')
        expect(serviceBody(service, key, [], record, 'whole')).toEqual(object)
        expect(serviceBody(service, key, [], record, 'changed')).toEqual({ userId: 'ann@x' })
      }),
    )
  })

  it('an edit changes its own key and no other', () => {
    const [field] = service.fields
    if (field === undefined) throw new Error('no field')
    fc.assert(
      fc.property(saying(service), fc.boolean(), (object, mine) => {
        const record = normaliseService(service, key, object)
        if (record === undefined) throw new Error('no record')
        const { [keyOf(field.path)]: _before, ...others } = object
        for (const form of ['whole', 'changed'] as const) {
          const body = serviceBody(service, key, [{ path: field.path, mine }], record, form)
          const { [keyOf(field.path)]: now, ...rest } = body
          expect(now).toBe(mine)
          expect(rest).toEqual(form === 'whole' ? others : { userId: 'ann@x' })
        }
      }),
    )
  })
})

describe('what is only shown', () => {
  const sent = {
    userId: 'ann@x',
    isActive: true,
    defaultForwardToPhoneNumber: 4500,
    playRingReminder: false,
    criteria: [
      { isActive: true, criteriaName: 'Weekends', forwardTo: 4711, callsFrom: ['Any External'] },
      { isActive: 'false', criteriaName: 'Nights', forwardTo: '' },
    ],
  }
  const selective = serviceOf('callForwardingSelective')

  it('has its rules in words', () => {
    const record = normaliseService(selective, key, sent)
    const rules = record && fieldValue(record, 'callForwardingSelective.criteria')
    expect(displayValue('callForwardingSelective.criteria', rules ?? null)).toBe(
      'Weekends → 4711, Nights (off)',
    )
    expect(record?.extra).toEqual({})
  })

  it('is in no body', () => {
    const record = normaliseService(selective, key, sent)
    if (record === undefined) throw new Error('no record')
    expect(() =>
      serviceBody(
        selective,
        key,
        [{ path: 'callForwardingSelective.isActive', mine: false }],
        record,
        'changed',
      ),
    ).toThrow(RangeError)
  })

  it('of an intercept without its modes, those are not known and the switch is', () => {
    const record = normaliseService(serviceOf('intercept'), key, { userId: 'ann@x', isActive: true })
    if (record === undefined) throw new Error('no record')
    expect(fieldValue(record, 'intercept.isActive')).toBe(true)
    expect(fieldValue(record, 'intercept.inboundCallMode')).toBeUndefined()
    expect(fieldValue(record, 'intercept.newPhoneNumber')).toBeNull()
  })
})

describe('what is not understood', () => {
  const forwarding = serviceOf('callForwardingAlways')

  it('is unknown, not empty, and said', () => {
    const record = normaliseService(forwarding, key, {
      userId: 'ann@x',
      isActive: 'perhaps',
      isRingSplashActive: false,
      odd: [1],
    })
    expect(record && fieldValue(record, 'callForwardingAlways.isActive')).toBeUndefined()
    expect(record?.extra).toEqual({
      'callForwardingAlways.isActive': 'perhaps',
      'callForwardingAlways.odd': [1],
    })
  })

  it('a list with parts that nobody knows is not one to be replaced', () => {
    const record = normaliseService(serviceOf('simultaneousRingPersonal'), key, {
      userId: 'ann@x',
      isActive: true,
      doNotRingIfOnCall: false,
      locations: [{ phoneNumber: '4500', description: 'Home' }],
    })
    expect(record && fieldValue(record, 'simultaneousRingPersonal.locations')).toBeUndefined()
    expect(record && fieldValue(record, 'simultaneousRingPersonal.isActive')).toBe(true)
  })

  it('is refused as a whole where it is larger than any service', () => {
    const huge = Object.fromEntries(Array.from({ length: 6_000 }, (_, i) => [`k${i}`, 1]))
    expect(normaliseService(forwarding, key, huge)).toBeUndefined()
  })

  it('a field of another service is in no body', () => {
    const record = normaliseService(forwarding, key, { userId: 'ann@x', isActive: true })
    if (record === undefined) throw new Error('no record')
    expect(() =>
      serviceBody(forwarding, key, [{ path: 'remoteOffice.isActive', mine: true }], record, 'whole'),
    ).toThrow(RangeError)
  })

  it('half an object empties nothing, and one without its switch is none', () => {
    expect(normaliseService(forwarding, key, { userId: 'ann@x' })).toBeUndefined()
    const half = normaliseService(forwarding, key, { userId: 'ann@x', isActive: false })
    expect(half && fieldValue(half, 'callForwardingAlways.isActive')).toBe(false)
    expect(half && fieldValue(half, 'callForwardingAlways.forwardToPhoneNumber')).toBeUndefined()
    expect(half && fieldValue(half, 'callForwardingAlways.isRingSplashActive')).toBeUndefined()
  })

  it('the object of another service is not this one’s', () => {
    const noAnswer = { userId: 'ann@x', isActive: true, forwardToPhoneNumber: '9999', numberOfRings: 3 }
    expect(normaliseService(forwarding, key, noAnswer)).toBeUndefined()
    // A neighbour's key that servers are known to send along says nothing.
    const stray = normaliseService(serviceOf('callForwardingNotReachable'), key, noAnswer)
    expect(stray?.fields).toEqual({
      'callForwardingNotReachable.isActive': true,
      'callForwardingNotReachable.forwardToPhoneNumber': '9999',
    })
    expect(stray?.extra).toEqual({})
  })

  it('secrets are neither kept nor sent back, nor are numbers that have lost digits', () => {
    const whole = { userId: 'ann@x', isActive: true, isRingSplashActive: false }
    const record = normaliseService(forwarding, key, {
      ...whole,
      groupMailServerPassword: 'S3cretBox',
      passcode: 4711,
      forwardToPhoneNumber: 2 ** 60,
    })
    expect(record?.sent).toEqual(whole)
    expect(JSON.stringify(record)).not.toMatch(/S3cretBox|4711/)
    expect(record && fieldValue(record, 'callForwardingAlways.forwardToPhoneNumber')).toBeUndefined()
  })

  it('a record of a service knows nothing of the options, nor of another service', () => {
    const record = normaliseService(forwarding, key, { userId: 'ann@x', isActive: true })
    if (record === undefined) throw new Error('no record')
    expect(fieldValue(record, 'title')).toBeUndefined()
    expect(fieldValue(record, 'doNotDisturb.isActive')).toBeUndefined()
    const { service: _service, ...options } = record
    expect(fieldValue({ ...options, fields: {} }, 'callForwardingAlways.isActive')).toBeUndefined()
  })
})

describe('a switch and what it needs', () => {
  const forwarding = serviceOf('callForwardingBusy')
  const need = (on: Json, number: Json | undefined) =>
    missingNeed(forwarding, (path) => (path.endsWith('isActive') ? on : number))

  it.each([
    [true, null, 'callForwardingBusy.forwardToPhoneNumber'],
    [true, '', 'callForwardingBusy.forwardToPhoneNumber'],
    [true, '4500', undefined],
    // Not known is not empty.
    [true, undefined, undefined],
    [false, null, undefined],
  ])('%s with %s', (on, number, missing) => {
    expect(need(on, number)).toBe(missing)
  })

  it('a number that lost its zeros is the same', () => {
    expect(sameValue('callForwardingBusy.forwardToPhoneNumber', 123, '00123')).toBe(true)
  })
})
