import { expect, type Gungnir, test } from './app'
import { violations } from './axe'

const nothing = 'Nothing: find on the server'

/** For who looks at it afterwards. */
async function looksWell(app: Gungnir): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await app.page.emulateMedia({ colorScheme })
    expect(await violations(app.page)).toEqual([])
    await app.page.screenshot({ path: test.info().outputPath(`${colorScheme}-${Date.now()}.png`) })
  }
  await app.page.emulateMedia({ colorScheme: null })
}

test('with an empty list: found by Enter, opened, edited and kept over a restart and a later load', async ({
  open,
  startServer,
}) => {
  const server = await startServer({ users: 20_000 })
  const [someone] = await server.find({ userId: '*ana*', limit: '1' })
  const userId = String(someone?.userId)
  const number = String(someone?.phoneNumber ?? '')
  expect(number, 'the one who is looked for has a number').not.toBe('')
  let app = await open()
  await app.saysWhatToLoad()
  await app.connectTo(server)

  await test.step('what to load is asked before anything is', async () => {
    await expect(app.whatToLoad()).toBeVisible()
    await expect(app.whatToLoad().getByRole('radio', { name: 'Everything' })).toBeChecked()
    await looksWell(app)
    await app.load(nothing)
    await expect(app.page.getByText('Nothing is loaded')).toBeVisible()
    await expect(app.matches()).toHaveText('0 of 0 users')
  })

  await test.step('Enter asks the server, by the number', async () => {
    await app.search().fill(number)
    await expect(app.page.getByRole('button', { name: 'Find on the server' })).toBeVisible()
    await app.search().press('Enter')
    await expect(app.row(userId)).toBeVisible()
    await expect(app.page.getByRole('status', { name: 'Search on the server' })).toHaveText(
      /^1 found on the server by phone number\.$/,
    )
    await expect(await app.cell(userId, 'State')).toContainText('Found on the server')
    await looksWell(app)
  })

  await test.step('it is opened, edited and sent like anybody', async () => {
    await app.row(userId).click()
    await expect(app.details()).toContainText(userId)
    await app.field('Title').fill('Found and edited')
    await app.save()
    await expect.poll(async () => (await server.user(userId))?.title).toBe('Found and edited')
  })

  await test.step('after a restart it is here, and nothing is asked or loaded', async () => {
    await app.quit()
    app = await open()
    await app.saysWhatToLoad()
    await expect(app.matches()).toHaveText('1 of 1 user')
    await expect(app.whatToLoad()).toHaveCount(0)
    await app.search().fill('no.such.person@nowhere')
    await expect(app.page.getByRole('button', { name: 'Find on the server' })).toBeVisible()
    await app.search().press('Enter')
    await expect(app.page.getByRole('status', { name: 'Search on the server' })).toHaveText(
      'The server finds nobody by user ID or e-mail.',
    )
    await looksWell(app)
  })

  await test.step('changed in Connections: a provider is loaded, and what was found and edited stays', async () => {
    await app.search().fill('')
    await app.go('Connections')
    await app.page.getByRole('button', { name: 'What to load…' }).click()
    await app.whatToLoad().getByRole('radio', { name: 'Chosen providers and groups' }).check({ force: true })
    await app.whatToLoad().getByRole('checkbox').first().check({ force: true })
    await looksWell(app)
    await app.whatToLoad().getByRole('button', { name: 'Continue' }).click()
    await expect(app.page.getByText('1 service provider', { exact: true })).toBeVisible()
    await app.go('Users')
    await expect(app.matches()).toHaveText(/^([\d,]{3,}) of \1 users$/, { timeout: 60_000 })
    await expect(app.page.getByRole('progressbar', { name: 'Loading users' })).toBeHidden({ timeout: 60_000 })
    await app.find(userId, /^1 of /)
    await app.row(userId).click()
    await expect(app.field('Title')).toHaveValue('Found and edited')
    await expect(app.page.getByRole('button', { name: 'Find on the server' })).toBeVisible()
  })
})
