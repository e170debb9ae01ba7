// What is inside a packed app, as a CycloneDX bill of materials beside it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Contrib, Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library'
import asar from '@electron/asar'
import { PackageURL } from 'packageurl-js'
import parseLicense from 'spdx-expression-parse'

/**
 * @param {string} archive the packed app's app.asar
 * @returns {{ name: string, version: string }[]} the packages of npm's that lie in it unbundled
 */
export function packagesInside(archive) {
  return asar
    .listPackage(archive)
    .map((path) => path.replaceAll('\\', '/').slice(1))
    .filter((path) => /(^|\/)node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(path))
    .map((path) => JSON.parse(asar.extractFile(archive, path).toString('utf8')))
    .map(({ name, version }) => ({ name, version }))
}

/**
 * @param {import('./shipped.mjs').Shipped[]} known everything that may be inside, see shipped.mjs
 * @param {{ name: string, version: string }[]} inside what lies in the archive unbundled
 * @returns {import('./shipped.mjs').Shipped[]} what was bundled, and what of the rest is inside
 * @throws when something is inside that the notices do not name
 */
export function really(known, inside) {
  const title = ({ name, version }) => `${name}@${version}`
  const named = new Set(known.map(title))
  const strange = inside.map(title).filter((each) => !named.has(each))
  if (strange.length > 0) {
    throw new Error(
      `The app contains what its third-party notices do not name: ${strange.join(', ')}. Add it to "dependencies", or leave it out in electron-builder.yml.`,
    )
  }
  const packed = new Set(inside.map(title))
  return known.filter((each) => each.how === 'bundled' || packed.has(title(each)))
}

/**
 * @param {object} app
 * @param {string} app.name
 * @param {string} app.version
 * @param {string} app.target platform and processor, as Node names them
 * @param {{ version: string, standIn: boolean }} app.electron the runtime inside
 * @param {import('./shipped.mjs').Shipped[]} app.packages
 * @returns {string} CycloneDX 1.6, JSON; the same for the same app, so without a serial number and a time
 */
export function sbomText({ name, version, target, electron, packages }) {
  const { Component } = Models
  const root = new Component(Enums.ComponentType.Application, name, { bomRef: name, version })
  root.properties.add(new Models.Property('gungnir:target', target))
  const runtime = new Component(Enums.ComponentType.Framework, 'electron', {
    bomRef: `pkg:npm/electron@${electron.version}`,
    version: electron.version,
    purl: `pkg:npm/electron@${electron.version}`,
    ...(electron.standIn ? { description: 'A stand-in, for tests: not the Electron that people get.' } : {}),
  })
  runtime.licenses.add(new Models.SpdxLicense('MIT'))
  const bom = new Models.Bom({ metadata: new Models.Metadata({ component: root }) })
  const licences = new Contrib.License.Factories.LicenseFactory(parseLicense)
  for (const each of packages) bom.components.add(componentOf(each, licences))
  bom.components.add(runtime)
  for (const component of bom.components) root.dependencies.add(component.bomRef)
  const normalizers = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6)
  return `${new Serialize.JsonSerializer(normalizers).serialize(bom, { sortLists: true, space: 2 })}\n`
}

function componentOf({ name, version, license, integrity, how }, licences) {
  const [group, own] = name.startsWith('@') ? name.split('/') : [undefined, name]
  const purl = new PackageURL('npm', group, own, version).toString()
  const component = new Models.Component(Enums.ComponentType.Library, own, {
    bomRef: purl,
    group,
    version,
    purl,
  })
  component.licenses.add(licences.makeFromString(license))
  component.properties.add(new Models.Property('gungnir:how', how))
  const [, digest] = /^sha512-(.+)$/.exec(integrity ?? '') ?? []
  // npm's own form of it is base64, CycloneDX's is hexadecimal: of the package as it is fetched, not of the files here.
  if (digest)
    component.hashes.set(Enums.HashAlgorithm['SHA-512'], Buffer.from(digest, 'base64').toString('hex'))
  return component
}

/** Writes it beside the packages. */
export function writeSbom(folder, app) {
  writeFileSync(join(folder, `${app.name}-${app.version}-${app.target}.cdx.json`), sbomText(app))
}
