import { expect, it } from 'vitest'
import { judged } from '../../../../build/packages/signatures.mjs'

const one = { name: 'one', version: '1.0.0', code: 'EINTEGRITYSIGNATURE' }

it('packs what is signed', () => {
  expect(judged('{"invalid":[],"missing":[]}')).toEqual({})
})

it('packs nothing with another signature than the registry’s', () => {
  expect(judged(JSON.stringify({ invalid: [one], missing: [] })).refused).toContain('one@1.0.0')
})

it('names what has none', () => {
  expect(judged(JSON.stringify({ invalid: [], missing: [one] }))).toEqual({
    told: 'Packages without a signature: one@1.0.0',
  })
})

it('says so where nobody can be asked', () => {
  const away = { error: { code: 'ENOTFOUND', summary: 'getaddrinfo ENOTFOUND keys.example', detail: '' } }
  expect(judged(JSON.stringify(away)).told).toContain('were not checked: getaddrinfo ENOTFOUND')
  expect(judged('').told).toContain('were not checked')
})
