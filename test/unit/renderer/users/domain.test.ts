import { expect, test } from 'vitest'
import { domainOf, sameDomain, withDomain } from '../../../../renderer/features/users/actions/domain'

test.each([
  ['ana@acme.example', 'other.example', 'ana@other.example'],
  ['ana', 'acme.example', 'ana@acme.example'],
  ['ana ', 'acme.example', 'ana@acme.example'],
  ['ana@', 'acme.example', 'ana@acme.example'],
  ['a@b@acme.example', 'other.example', 'a@b@other.example'],
])('%s at %s is %s', (userId, domain, result) => {
  expect(withDomain(userId, domain)).toBe(result)
  expect(domainOf(result)).toBe(domain)
})

test('a domain is known whatever its case, and none is not the empty one', () => {
  expect(sameDomain('acme.example', domainOf('ana@ACME.example'))).toBe(true)
  expect(domainOf('ana')).toBeUndefined()
  expect(sameDomain('', domainOf('ana'))).toBe(false)
})
