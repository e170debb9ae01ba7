import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  bodyForms,
  callFields,
  formOf,
  keyOf,
  serviceAt,
  serviceOf,
  services,
  writableServices,
} from '../../../../shared/calls/catalogue'
import { everyField, fieldAt } from '../../../../shared/user/catalogue'
import { cellText, cellValue } from '../../../../shared/user/cell'
import { validateField } from '../../../../shared/user/validate'
import { sameValue } from '../../../../shared/user/value'

interface DescribedService {
  resource: string
  serviceName: string
  get: string
  put: string
  bulkGet: string | null
  readOnlyKeys: string[]
}
interface DescribedField {
  resource: string
  path: string
  type: string
  minLength: number | null
  maxLength: number | null
  minimum: number | null
  maximum: number | null
  enum: (string | number)[] | null
  pattern: string | null
  clearable: boolean
  requires: string | null
}

const described: { services: DescribedService[]; fields: DescribedField[] } = JSON.parse(
  readFileSync(new URL('../../../fixtures/call-handling-fields.json', import.meta.url), 'utf8'),
)

describe('the services, as described', () => {
  it.each(described.services.map((each) => [each.resource, each] as const))('%s', (id, facts) => {
    const service = services.find((each) => each.id === id)
    // Described apart from the fields, among the keys: a list that is replaced as a whole.
    const lists = id === 'simultaneousRingPersonal' ? ['locations'] : []
    expect(service).toMatchObject({
      name: facts.serviceName,
      hasBulkGet: facts.bulkGet !== null,
      readOnlyKeys: facts.readOnlyKeys.filter((name) => !lists.includes(name)),
    })
    expect(facts.readOnlyKeys).toEqual(expect.arrayContaining(lists))
    expect(facts.get).toBe(`GET /users${service?.path}?userId`)
    expect(facts.put.startsWith(`PUT /users${service?.path} {`)).toBe(true)
    const names = described.fields.filter(({ resource }) => resource === id).map(({ path }) => path)
    expect(service?.fields.map(({ path }) => keyOf(path)).sort()).toEqual([...names, ...lists].sort())
  })

  it('there are no others that can be changed', () => {
    expect(writableServices.map(({ id }) => id).sort()).toEqual(
      described.services.map(({ resource }) => resource).sort(),
    )
  })
})

describe('the form of a body', () => {
  const table = readFileSync(new URL('../../../../docs/call-handling.md', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '))
  const inDocs = {
    changed: 'the changed fields',
    whole: 'the object just read with our fields laid over it',
  }

  it.each(writableServices.map(({ id, label }) => [id, label] as const))(
    'of %s is said with its reason where it is described',
    (id, label) => {
      const { form, because } = bodyForms[id] ?? { form: undefined, because: '' }
      const row = table.filter((line) => line.includes(because))
      const names = id.startsWith('callForwarding') ? 'the four forwardings' : label.toLowerCase()
      expect(because).not.toBe('')
      expect(row.map((line) => line.toLowerCase().includes(names.toLowerCase()))).toEqual([true])
      expect(row[0]).toContain(`| ${form && inDocs[form]} |`)
    },
  )

  it('is that of a part wherever the connection is set so, and changes nothing elsewhere', () => {
    for (const { id } of writableServices) {
      expect(formOf(id, true)).toBe('changed')
      expect(formOf(id, false)).toBe(bodyForms[id]?.form)
    }
  })
})

describe('the numbers that ring at the same time', () => {
  const path = 'simultaneousRingPersonal.locations'
  const at = (phoneNumber: string | number, answerConfirmationRequired?: boolean) => ({
    phoneNumber,
    ...(answerConfirmationRequired === undefined ? {} : { answerConfirmationRequired }),
  })

  it('are sent as a list of numbers in plain form, each with its yes or no', () => {
    expect(validateField(path, [at(' +1 513 555 0100 '), at('sip:ana@acme.example', true), {}])).toEqual({
      value: [at('+15135550100', false), at('ana@acme.example', true)],
    })
    expect(validateField(path, [])).toEqual({ value: null })
  })

  it.each([
    ['call me', [at('call me')]],
    ['twice', [at('+1 513 555-0100'), at('+15135550100', true)]],
    ['eleven', Array.from({ length: 11 }, (_, n) => at(`450${n}`))],
    ['without a number', [{ answerConfirmationRequired: true }]],
    ['perhaps', [{ phoneNumber: '4500', answerConfirmationRequired: 'perhaps' }]],
  ])('are refused: %s', (_, list) => {
    expect(validateField(path, list)).toHaveProperty('problem')
  })

  it('are the same in any order and form, and others with another answer', () => {
    expect(sameValue(path, [at('0123'), at('+1-513-555-0100', false)], [at('+15135550100'), at(123)])).toBe(
      true,
    )
    expect(sameValue(path, [at('4500', true)], [at('4500')])).toBe(false)
    expect(sameValue(path, [at('4500'), at('4500')], [at('4500'), at('4501')])).toBe(false)
    expect(sameValue(path, null, [])).toBe(true)
  })

  it('are written into a cell so that they are read back', () => {
    const list = [at('+15135550100', true), at('4500', false)]
    const text = cellText(path, list)
    expect(text).toBe('+15135550100 (to be confirmed)\n4500')
    const key = { serviceProviderId: 'sp', groupId: 'g', userId: 'u' }
    expect(validateField(path, cellValue(path, text, key))).toEqual({ value: list })
  })
})

describe('what is only shown', () => {
  it('is no field of a change', () => {
    const shown = services.filter(({ readOnly }) => readOnly)
    expect(shown.map(({ id }) => id)).toEqual(['callForwardingSelective', 'intercept'])
    for (const { path } of shown.flatMap(({ fields }) => fields)) {
      expect(validateField(path, true), path).toHaveProperty('problem')
    }
  })
})

describe('the fields, as described', () => {
  it.each(described.fields.map((each) => [`${each.resource}.${each.path}`, each] as const))(
    '%s',
    (path, facts) => {
      const field = fieldAt(path)
      expect(field).toBeDefined()
      expect(serviceAt(path)).toBe(facts.resource)
      expect(field?.clear).toBe(facts.clearable ? 'null' : 'no')
      if (facts.type === 'boolean') expect(field?.kind).toBe('boolean')
      if (facts.type === 'integer') {
        expect(field).toMatchObject({ kind: 'integer', min: facts.minimum, max: facts.maximum })
        const { enum: allowed } = facts
        for (let value = (facts.minimum ?? 0) - 1; value <= (facts.maximum ?? 0) + 1; value++) {
          const isAllowed = allowed === null || allowed.includes(value)
          const isIn = value >= (facts.minimum ?? 0) && value <= (facts.maximum ?? 0)
          expect('value' in validateField(path, value), `${value}`).toBe(isAllowed && isIn)
        }
      }
      if (facts.type.startsWith('string')) {
        expect([field?.min, field?.max]).toEqual(
          facts.maxLength === null ? [undefined, undefined] : [facts.minLength, facts.maxLength],
        )
        if (facts.enum !== null) expect(field?.choices?.map(({ value }) => value)).toEqual(facts.enum)
        expect(field?.pattern?.source).toBe(facts.pattern?.replaceAll(String.raw`.\-]`, '.-]'))
      }
      if (facts.requires?.includes('set when isActive is true')) {
        expect(serviceOf(serviceAt(path) as never).needs?.on).toBe(path)
      }
    },
  )

  it('are called by names that are nobody else’s', () => {
    const labels = everyField.map(({ label }) => label)
    const twice = labels.filter((label, at) => labels.indexOf(label) !== at)
    expect(callFields.map(({ label }) => label).filter((label) => twice.includes(label))).toEqual([])
  })
})

describe('where a call goes', () => {
  const path = 'callForwardingAlways.forwardToPhoneNumber'

  it.each([
    ['+1 513 555-0100', '+15135550100'],
    ['(513) 555.0100', '5135550100'],
    [4500, '4500'],
    [123, '0123'],
    ['ana@Acme.Example', 'ana@acme.example'],
  ])('%s is %s', (a, b) => {
    expect(sameValue(path, a, b)).toBe(true)
  })

  it.each([
    ['*554500', '554500'],
    ['+15135550100', '5135550100'],
    ['Ana@acme.example', 'ana@acme.example'],
    ['0123', '123'],
  ])('%s is not %s', (a, b) => {
    expect(sameValue(path, a, b)).toBe(false)
  })

  it.each([
    [' +1 513 555 0100 ', '+15135550100'],
    ['*55 4500', '*554500'],
    ['sip:ana@acme.example', 'ana@acme.example'],
    ['', null],
  ])('%s is sent as %s', (typed, sent) => {
    expect(validateField(path, typed)).toEqual({ value: sent })
  })

  it.each(['call me', 'a@b@c', '9'.repeat(162), '+'])('%s is refused', (typed) => {
    expect(validateField(path, typed)).toHaveProperty('problem')
  })
})
