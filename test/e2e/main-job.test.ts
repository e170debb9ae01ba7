import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import keytar from 'keytar'
import type { Json, JsonObject } from '../../shared/json'
import { expect, filesUnder, spellings, test } from './app'
import type { DemoServer } from './demo-server'
import { openRelay } from './relay'

const person = async (server: DemoServer, lastName: string): Promise<JsonObject> => {
  const [found] = await server.find({ lastName })
  if (!found) throw new Error(`The demo server has nobody called ${lastName}`)
  return await server.user(String(found.userId))
}

/** Paths whose values differ, with what they became. */
function changes(
  before: Json | undefined,
  after: Json | undefined,
  path = '',
): Record<string, Json | undefined> {
  const isObject = (json: Json | undefined): json is JsonObject =>
    typeof json === 'object' && json !== null && !Array.isArray(json)
  if (!isObject(before) || !isObject(after)) {
    return JSON.stringify(before) === JSON.stringify(after) ? {} : { [path]: after }
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return Object.assign(
    {},
    ...[...keys].map((key) => changes(before[key], after[key], path ? `${path}.${key}` : key)),
  )
}

test('sign in, find, edit in the grid and in the panel, save, verified, history, restart', async ({
  open,
  startServer,
}) => {
  const server = await startServer({ users: 300 })
  const before = await person(server, 'Nowak')
  const userId = String(before.userId)
  let app = await open()

  await test.step('sign in', async () => {
    await app.connectTo(server)
    await app.allUsersLoaded(300)
    await expect(app.connectionStatus()).toContainText(/online/i)
    await expect(app.connectionStatus()).toContainText(server.username)
  })

  await test.step('find', async () => {
    await app.find(userId, /^1 of 300 users$/)
    await app.row('Nowak').first().click()
    await expect(app.field('First name')).toHaveValue(String(before.firstName))
    // The list has only part of a user; the rest is there once the details have been read.
    await expect(app.field('City')).toHaveValue(String((before.address as JsonObject).city))
  })

  await test.step('edit in the grid', async () => {
    await app.typeInCell('Nowak', 'First name', 'Þórunn')
    const cell = await app.cell('Nowak', 'First name')
    await expect(cell).toContainText('Þórunn')
    await expect(cell).toHaveAccessibleDescription(new RegExp(`${before.firstName}.*Þórunn`))
    expect(await server.user(userId), 'nothing is sent before Save').toEqual(before)
  })

  await test.step('edit in the panel', async () => {
    await app.field('Title').fill('Fjármálastjóri')
    await app.field('City').fill('Καβάλα')
  })

  await test.step('save', async () => {
    await app.save()
    // On a slow machine the answer may be there before anybody looked at the first message.
    await app.said(/^Saved\.|: Saved on the server\./)
    await expect
      .poll(async () => changes(before, await server.user(userId)))
      .toEqual({ firstName: 'Þórunn', title: 'Fjármálastjóri', 'address.city': 'Καβάλα' })
    await expect(await app.cell('Nowak', 'First name')).not.toHaveAccessibleDescription(/Þórunn/)
  })

  const seeHistory = async () => {
    await app.go('History')
    const row = app.row('Nowak', app.history()).first()
    await expect(row).toContainText('First name')
    await row.click()
    const change = app.change()
    await expect(change).toContainText(String(before.firstName))
    await expect(change).toContainText('Þórunn')
    await expect(change).toContainText('Καβάλα')
    await expect(app.history()).toHaveAttribute('aria-rowcount', '2')
  }

  await test.step('history', seeHistory)

  await test.step('restart: still there', async () => {
    await app.quit()
    app = await open()
    await app.go('Users')
    await app.find(userId, /^1 of 300 users$/)
    await expect(await app.cell('Nowak', 'First name')).toHaveText('Þórunn')
    await seeHistory()
  })

  expect(changes(before, await server.user(userId))).toEqual({
    firstName: 'Þórunn',
    title: 'Fjármálastjóri',
    'address.city': 'Καβάλα',
  })
})

test('two clicks from the first screen to the 25,000 users of the demo server', async ({ open }) => {
  const app = await open()
  await app.page.getByRole('button', { name: 'Try the demo server' }).click()
  await expect(app.row('').first()).toBeVisible({ timeout: 120_000 })
  await app.allUsersLoaded(25_000)
  await app.find('nowak', /^[\d,]+ of 25,000 users$/)
})

test('a wrong password is told apart, and nothing is loaded', async ({ open, startServer }) => {
  const server = await startServer({ users: 50 })
  const app = await open()
  await app.connectTo({ ...server, password: 'not the password' })
  await expect(
    app.page
      .getByText(/(user|password).*(wrong|not accepted|did not accept|refused)|wrong.*password/i)
      .first(),
  ).toBeVisible()
  await expect(app.connectionStatus()).not.toContainText(/online ·/i)
  await app.fillConnection({ password: server.password })
  await app.connectionForm().getByRole('button', { name: 'Connect', exact: true }).click()
  await app.allUsersLoaded(50)
})

test('the server goes away in the middle of a save: the change is kept, and settled when it is back', async ({
  open,
  startServer,
}) => {
  const server = await startServer({ users: 50 })
  const relay = await openRelay(server.baseUrl)
  const before = (await server.find({ lastName: '*a*' }))[0]
  const userId = String(before?.userId)
  const app = await open()
  await app.connectTo({ ...server, baseUrl: relay.baseUrl })
  await app.allUsersLoaded(50)
  await app.find(userId, /^1 of 50 users$/)
  await app.row(String(before?.lastName)).first().click()

  // The PUT arrives and is carried out; its answer is lost, and then nothing answers any more.
  let puts = 0
  relay.decide((method, path) => {
    if (method === 'PUT' && path.endsWith('/users')) puts++
    if (puts === 0) return 'pass'
    setTimeout(() => void relay.stop(), 50)
    return method === 'PUT' ? 'lose-answer' : 'cut'
  })
  await app.field('First name').fill('Survivor')
  await app.save()
  await expect.poll(async () => (await server.user(userId)).firstName).toBe('Survivor')

  await test.step('it is said to be unknown, not lost and not done', async () => {
    await app.go('Outbox')
    await expect(app.row(String(before?.lastName), app.outbox())).toContainText('Survivor')
  })

  await test.step('back again: found to be done, and not sent twice', async () => {
    relay.decide((method) => {
      if (method === 'PUT') puts++
      return 'pass'
    })
    await relay.start()
    // It may look by itself sooner than a hand can press.
    const entry = app.row(String(before?.lastName), app.outbox())
    await expect(async () => {
      if (await entry.isVisible()) {
        await app.page.getByRole('button', { name: 'Sync now' }).click({ timeout: 5000 })
      }
      await expect(entry).toBeHidden({ timeout: 120_000 })
    }).toPass({ timeout: 120_000 })
    await app.go('History')
    await expect(app.row(String(before?.lastName), app.history())).toHaveCount(1)
    expect(puts).toBe(1)
  })
  await relay.stop()
})

test('hostile names are shown as text', async ({ open, startServer }) => {
  const server = await startServer({ users: 50 })
  const victim = (await server.find({ lastName: '*a*' }))[0] ?? {}
  const { serviceProviderId, groupId, userId } = await server.user(String(victim.userId))
  const image = '<img src=x onerror=alert(1)>'
  await server.putUser({
    ...{ serviceProviderId, groupId, userId },
    ...{
      firstName: image,
      lastName: '"><svg onload=alert(2)>',
      title: '{{7*7}}',
      emailAddress: '__proto__@x.example',
    },
  } as JsonObject)
  const app = await open()
  const dialogs: string[] = []
  app.page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  await app.connectTo(server)
  await app.allUsersLoaded(50)
  await app.find('onload', /^1 of 50 users$/)
  await expect(await app.cell('onload', 'First name')).toHaveText(image)
  await app.row('onload').first().click()
  await expect(app.field('First name')).toHaveValue(image)
  await expect(app.field('Title')).toHaveValue('{{7*7}}')
  await app.field('Title').fill('<script>alert(3)</script>')
  await app.save()
  await app.go('History')
  await app.row('onload', app.history()).first().click()
  await expect(app.change()).toContainText('<script>alert(3)</script>')
  expect(await app.page.locator('img[src=x], svg[onload]').count()).toBe(0)
  expect(dialogs).toEqual([])
})

test('the password is in the keychain and nowhere else', async ({ open, startServer, profile }) => {
  const password = 'Grüße-Ω7q!"\\ %41'
  const server = await startServer({ users: 50, password })
  expect(server.password).toBe(password)
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(50)
  await app.quit()

  const again = await open()
  await expect(again.connectionStatus(), 'signed in again with the password from the keychain').toContainText(
    /online/i,
    { timeout: 120_000 },
  )
  await again.quit()

  const kept = await keytar.findCredentials('Gungnir')
  expect(kept.filter((entry) => entry.password === password)).toHaveLength(1)

  const files = await filesUnder(profile)
  expect(files.map(({ path }) => path)).toContain(join(profile, 'gungnir.db'))
  const places = [...files, { path: 'output', content: Buffer.from(app.output() + again.output()) }]
  const holding = (sought: Buffer[]) =>
    places.filter(({ content }) => sought.some((bytes) => content.includes(bytes))).map(({ path }) => path)
  expect(holding(spellings(password))).toEqual([])

  await test.step('the database key is not there either', async () => {
    // Where the history ended is kept there so that nobody who changes the files changes it, too; it is no secret.
    const secrets = kept
      .filter(({ account }) => !account.startsWith('history-end:'))
      .map((entry) => entry.password)
    expect(secrets.length).toBeGreaterThan(1)
    for (const secret of secrets) {
      const bytes = /^[0-9a-f]{64}$/i.test(secret)
        ? Buffer.from(secret, 'hex')
        : Buffer.from(secret, 'base64')
      expect(holding([...spellings(secret), ...(bytes.length >= 16 ? [bytes] : [])])).toEqual([])
    }
  })

  await test.step('the search would have found it', async () => {
    for (const [index, bytes] of spellings(password).entries()) {
      const path = join(profile, `planted-${index}`)
      await writeFile(path, Buffer.concat([Buffer.from('x'), bytes, Buffer.from('y')]))
    }
    const planted = (await filesUnder(profile)).filter(({ path }) => path.includes('planted-'))
    for (const { content } of planted) {
      expect(spellings(password).some((bytes) => content.includes(bytes))).toBe(true)
    }
    const encoded = Buffer.from(`{"user":"admin","password":${JSON.stringify(password)}}`).toString('base64')
    expect(spellings(password).length).toBeGreaterThan(5)
    expect(
      spellings(JSON.stringify(password).slice(1, -1)).some((bytes) => encoded.includes(bytes.toString())),
    ).toBe(true)
  })
})
