import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { policyOf } from '../../../../../electron/platform/policy/policy'
import { type PolicyKey, schemas } from '../../../../../electron/platform/policy/schema'
import { top } from '../../../../e2e/top'

const page = readFileSync(join(top, 'docs', 'policy.md'), 'utf8')
const place = 'docs/policy.md'
const keys = Object.keys(schemas) as PolicyKey[]

/** The rows of the table of settings: key, and the example of it. */
const rows = [...page.matchAll(/^\| `(\w+)` \| .* \| `(.*)` \|$/gm)].map(([, key = '', example = '']) => ({
  key,
  example,
}))

it('the page for administrators has every setting that there is, once, and no other', () => {
  expect(rows.map(({ key }) => key)).toEqual(keys)
})

it.each(rows)('its example of $key is understood and holds', ({ key, example }) => {
  const values = JSON.parse(`{${example}}`)
  expect(Object.keys(values)).toEqual([key])
  const { problems, setBy } = policyOf([{ place, values }])
  expect(problems).toEqual([])
  expect(setBy).toEqual({ [key]: place })
})

it('its whole file is understood, and registry and profile say the same', () => {
  const [, text = ''] = /```json\n(\{\n {2}"connections"[\s\S]*?)```/.exec(page) ?? []
  const values = JSON.parse(text)
  expect(policyOf([{ place, values }]).problems).toEqual([])
  const named = Object.keys(values).sort()
  const inRegistry = [
    ...page.matchAll(/^reg add HKLM\\Software\\Policies\\Gungnir(?:\\(\w+)\\1)? \/v (\w+)/gm),
  ]
  expect([...new Set(inRegistry.map(([, list, name]) => list ?? name))].sort()).toEqual(named)
  const [, profile = ''] = /```xml\n([\s\S]*?)```/.exec(page) ?? []
  expect([...profile.matchAll(/^<key>(\w+)<\/key>/gm)].map(([, key]) => key).sort()).toEqual(named)
})

it('what it says of updates is understood where it says it', () => {
  const updates = readFileSync(join(top, 'docs', 'updates.md'), 'utf8')
  const [, text = ''] = /```json\n(\{ "updates"[\s\S]*?)```/.exec(updates) ?? []
  // The key is shortened there.
  const values = JSON.parse(text.replace(/"publicKey": "[^"]*"/, `"publicKey": "${'A'.repeat(43)}="`))
  expect(policyOf([{ place, values }]).problems).toEqual([])
})
