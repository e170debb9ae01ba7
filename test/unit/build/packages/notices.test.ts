import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { describe, expect, it } from 'vitest'
import { noticesText } from '../../../../build/packages/notices.mjs'
import { really, sbomText } from '../../../../build/packages/sbom.mjs'
import { ofReadme, type Shipped } from '../../../../build/packages/shipped.mjs'

const integrity = `sha512-${Buffer.alloc(64, 7).toString('base64')}`
const of = (name: string, also: Partial<Shipped> = {}): Shipped => ({
  name,
  version: '1.0.0',
  license: 'MIT',
  integrity,
  how: 'bundled',
  texts: [`Copyright of ${name}`],
  ...also,
})

describe('the notices', () => {
  it('name each package, give each text once, and say which bring none', () => {
    const text = noticesText([
      of('one', { texts: ['The same words'] }),
      of('@some/two', { texts: ['The same words'], license: 'Apache-2.0' }),
      of('three', { texts: [] }),
    ])
    expect(text.match(/The same words/g)).toHaveLength(1)
    expect(text).toContain('one 1.0.0 (MIT)\n@some/two 1.0.0 (Apache-2.0)\n\nThe same words')
    expect(text).toContain('do not bring:\n\nthree 1.0.0 (MIT)')
  })

  it('find a licence that is in the readme alone', () => {
    expect(ofReadme('# A\n\nWords\n\nLicense\n-------\n\n(MIT)\n\nCopyright me\n')).toEqual([
      '(MIT)\n\nCopyright me',
    ])
    expect(ofReadme('## License\n\nISC, by me\n\n## Thanks\n\nAll\n')).toEqual(['ISC, by me'])
    expect(ofReadme('# A\n\nThe license is good.\n')).toEqual([])
  })
})

describe('the bill of materials', () => {
  const app = {
    name: 'gungnir',
    version: '0.1.0',
    target: 'linux-x64',
    electron: { version: '45.0.0', standIn: false },
    packages: [
      of('one'),
      of('@some/two', { license: '(MIT OR Apache-2.0)', how: 'beside' }),
      of('three', { integrity: undefined, license: 'not stated' }),
    ],
  }

  it('is valid CycloneDX, and the same for the same app', async () => {
    const text = sbomText(app)
    expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text)).toBeNull()
    expect(sbomText(app)).toBe(text)
  })

  it('names every package, the runtime, and what depends on what it holds', () => {
    const { components, dependencies } = JSON.parse(sbomText(app))
    expect(components.map(({ purl }: { purl: string }) => purl).sort()).toEqual([
      'pkg:npm/%40some/two@1.0.0',
      'pkg:npm/electron@45.0.0',
      'pkg:npm/one@1.0.0',
      'pkg:npm/three@1.0.0',
    ])
    expect(dependencies).toContainEqual({
      ref: 'gungnir',
      dependsOn: components.map((each: { 'bom-ref': string }) => each['bom-ref']).sort(),
    })
  })

  it('leaves out what may be inside and is not, and refuses what is inside and not named', () => {
    const known = [of('in'), of('part-for-another', { how: 'beside' }), of('beside', { how: 'beside' })]
    expect(really(known, [{ name: 'beside', version: '1.0.0' }])).toEqual([known[0], known[2]])
    expect(() => really(known, [{ name: 'beside', version: '2.0.0' }])).toThrow('beside@2.0.0')
  })
})
