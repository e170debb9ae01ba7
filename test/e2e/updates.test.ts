import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { makeCertificates } from '../unit/electron/platform/http-certificates'
import { expect, type Gungnir, test } from './app'
import { violations } from './axe'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const stranger = generateKeyPairSync('ed25519').privateKey
const key = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')

/** What a server of updates has, over TLS; a test changes it as it goes. */
async function startUpdates(certificate: { key: string; cert: string }) {
  const asked: string[] = []
  const files = new Map<string, Buffer | { redirect: string }>()
  const server = createServer(certificate, ({ url = '' }, response) => {
    asked.push(url)
    const found = files.get(url)
    if (found === undefined) response.writeHead(404).end()
    else if (Buffer.isBuffer(found)) response.writeHead(200, { 'content-length': found.length }).end(found)
    else response.writeHead(302, { location: found.redirect }).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const name = `latest-linux-${process.arch}.json`
  const image = (version: string) => `/Gungnir-${version}.AppImage`
  const content = (version: string) => Buffer.from(`Gungnir ${version} `.repeat(5000))
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}/`,
    asked,
    files,
    image,
    content,
    offer(version: string, by = privateKey) {
      const bytes = content(version)
      const offer = Buffer.from(
        JSON.stringify({
          ...{ app: 'gungnir', channel: 'latest', platform: 'linux', arch: process.arch, version },
          notes: `What is new in ${version}.`,
          file: {
            name: image(version).slice(1),
            size: bytes.length,
            sha512: createHash('sha512').update(bytes).digest('base64'),
          },
        }),
      )
      files.set(`/${name}`, offer)
      files.set(`/${name}.sig`, Buffer.from(sign(null, offer, by).toString('base64')))
      files.set(image(version), bytes)
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test.skip(process.platform !== 'linux', 'the way of an AppImage')
test.afterEach(() => {
  for (const name of ['GUNGNIR_POLICY', 'APPIMAGE']) delete process.env[name]
})

test('a newer version is found, fetched and put in place, and nothing else ever is', async ({
  open,
  startServer,
  profile,
}) => {
  const certificates = makeCertificates()
  const updates = await startUpdates(certificates.good)
  const image = join(profile, 'apps', 'Gungnir.AppImage')
  mkdirSync(join(profile, 'apps'))
  writeFileSync(image, 'the old one', { mode: 0o755 })
  const policy = join(profile, 'apps', 'policy.json')
  writeFileSync(policy, JSON.stringify({ updates: { url: updates.url, publicKey: key } }), { mode: 0o644 })
  Object.assign(process.env, {
    GUNGNIR_POLICY: policy,
    APPIMAGE: image,
  })
  const server = await startServer({ users: 40 })

  const start = async (): Promise<Gungnir> => {
    const app = await open()
    // As if the system trusted who signed the certificate of the update server.
    await app.electron.evaluate(
      ({ session }, { ca, cache }) => {
        process.env.XDG_CACHE_HOME = cache
        const tls = process.getBuiltinModule('node:tls') as unknown as Record<string, unknown>
        tls.getCACertificates = () => [ca]
        session
          .fromPartition('electron-updater', { cache: false })
          .setCertificateVerifyProc((_request, answer) => answer(0))
      },
      { ca: certificates.authority, cache: join(profile, 'cache') },
    )
    return app
  }
  const dialog = (app: Gungnir) => app.page.getByRole('dialog', { name: 'Updates' })
  const says = (app: Gungnir) => dialog(app).getByRole('status', { name: 'Updates' })
  const button = (app: Gungnir, name: string) => dialog(app).getByRole('button', { name })
  const look = async (app: Gungnir) => {
    if (await dialog(app).isVisible()) await button(app, 'Close').first().click()
    await expect(dialog(app)).toBeHidden()
    await app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.send('command', 'updates'),
    )
  }
  const unchanged = () => expect(readFileSync(image, 'utf8')).toBe('the old one')

  let app = await start()
  await app.connectTo(server, 'Lab')
  await expect(app.row('').first()).toBeVisible()

  await test.step('an older version, the same, and one that somebody else has signed are none', async () => {
    updates.offer('0.0.9')
    await look(app)
    await expect(says(app)).toHaveText('Gungnir 0.1.0 is the newest.')
    updates.offer('0.1.0')
    await look(app)
    await expect(says(app)).toHaveText('Gungnir 0.1.0 is the newest.')
    updates.offer('0.2.0', stranger)
    await look(app)
    await expect(says(app)).toContainText('is not signed with the key that was set')
    await expect(button(app, 'Fetch')).toHaveCount(0)
    expect(updates.asked.filter((url) => url.endsWith('.AppImage'))).toEqual([])
  })

  await test.step('what is cut off, changed, or led elsewhere is thrown away', async () => {
    updates.offer('0.2.0')
    const whole = updates.content('0.2.0')
    const bad = Buffer.from(whole)
    bad[1000] = 0
    for (const file of [
      whole.subarray(0, 900),
      bad,
      { redirect: 'http://localhost:9/Gungnir-0.2.0.AppImage' },
    ]) {
      updates.files.set(updates.image('0.2.0'), file)
      await look(app)
      await expect(says(app)).toHaveText('Gungnir 0.2.0 is here. This is 0.1.0.')
      await button(app, 'Fetch').click()
      await expect(says(app)).toContainText(/is not what was signed|could not be fetched/)
      await expect(button(app, 'Restart and install')).toHaveCount(0)
    }
    unchanged()
    expect(readdirSync(join(profile, 'cache'), { recursive: true }).join()).not.toMatch(/\.AppImage/)
  })

  await test.step('a good one is fetched; changes that wait are asked about, and stay', async () => {
    await button(app, 'Close').first().click()
    await app.workOffline().click()
    await app.row('').first().getByRole('gridcell').nth(1).click()
    await app.field('Title').fill('Waits')
    await app.details().getByRole('button', { name: 'Save', exact: true }).click()
    await expect(app.page.getByRole('link', { name: '1 waiting', exact: true })).toBeVisible()
    updates.files.set(updates.image('0.2.0'), updates.content('0.2.0'))
    await look(app)
    await expect(dialog(app).getByText('What is new in 0.2.0.')).toBeVisible()
    await app.page.screenshot({ path: 'test-results/updates.png' })
    expect(await violations(app.page)).toEqual([])
    await button(app, 'Fetch').click()
    await expect(says(app)).toContainText('It can be installed')
    await button(app, 'Install when Gungnir ends').click()
    const question = app.page
      .getByRole('alertdialog')
      .or(app.page.getByRole('dialog', { name: /in the outbox/ }))
    await expect(question).toContainText('1 change in the outbox')
    await question.getByRole('button', { name: 'Cancel' }).click()
    await expect(says(app)).toContainText('It can be installed')
    await button(app, 'Install when Gungnir ends').click()
    await question.getByRole('button', { name: 'Install', exact: true }).click()
    await expect(says(app)).toHaveText('Gungnir 0.2.0 is installed when Gungnir ends.')
    unchanged()
    await app.quit()
    expect(readFileSync(image).equals(updates.content('0.2.0'))).toBe(true)
  })

  await test.step('they are there afterwards; and a server that is gone is said', async () => {
    await updates.close()
    app = await start()
    await expect(app.page.getByRole('link', { name: '1 waiting', exact: true })).toBeVisible()
    await look(app)
    await expect(says(app)).toHaveText('The update server cannot be reached.')
  })
  rmSync(image)
})

test('without an update server nobody is asked for one', async ({ open }) => {
  const app = await open()
  // A menu is opened by somebody who sees the page.
  await expect(app.page.getByRole('main')).toBeVisible()
  await app.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.send('command', 'updates'),
  )
  const dialog = app.page.getByRole('dialog', { name: 'Updates' })
  await expect(dialog.getByRole('status', { name: 'Updates' })).toHaveText(
    'Updates come the way Gungnir was installed, for example with those of the system.',
  )
})
