import { expect, type Gungnir, test } from './app'
import { violations } from './axe'
import type { DemoServer } from './demo-server'

const resize = (app: Gungnir, width: number, height: number) =>
  app.electron.evaluate(
    ({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h),
    [width, height] as const,
  )

async function signIn(open: () => Promise<Gungnir>, server: DemoServer): Promise<Gungnir> {
  const app = await open()
  await resize(app, 1280, 800)
  await app.connectTo(server)
  await app.allUsersLoaded(server.users)
  return app
}

test('a row that was found by what nobody sees says where', async ({ open, startServer }) => {
  const server = await startServer({ users: 120 })
  const departments = (await server.find({})).map(({ department }) => String(department ?? ''))
  const told = departments.find((each) => /^[A-Z][a-z]{4,} \(/.test(each)) ?? ''
  const name = told.slice(0, told.indexOf(' ('))
  expect(name, 'somebody has a department').not.toBe('')
  const app = await signIn(open, server)
  const { page } = app
  const header = app.users().getByRole('columnheader', { name: 'Found in' })

  await test.step('a word that only a column out of sight has', async () => {
    await app.find(`dept:${name}`, /^[1-9]\d* of 120/)
    await expect(header).toBeInViewport({ ratio: 1 })
    const cell = await app.cell(name, 'Found in')
    await expect(cell).toHaveText(new RegExp(`^Department: .*${name}`))
    await expect(cell).toBeInViewport({ ratio: 1 })
    await expect(cell.locator('mark')).toHaveText(name)
    expect(await violations(page)).toEqual([])
  })

  await test.step('it comes last: the cursor and the other columns stay where they are', async () => {
    const last = await app.users().getByRole('columnheader').last().innerText()
    expect(last).toBe('Found in')
    await app.users().evaluate((grid) => {
      grid.scrollLeft = grid.scrollWidth
    })
    await expect(header).toBeInViewport({ ratio: 1 })
    await expect(app.users().getByRole('columnheader', { name: 'Department' })).toBeInViewport({ ratio: 1 })
  })

  await test.step('where the column is in sight its mark says it all', async () => {
    await app.find('', /^120 of/)
    await expect(header).toHaveCount(0)
    await app.details().getByRole('button', { name: 'Close details' }).click()
    await resize(app, 1920, 1080)
    await expect(app.users().getByRole('columnheader', { name: 'Department' })).toBeInViewport({ ratio: 1 })
    await app.find(`dept:${name}`, /^[1-9]\d* of 120/)
    await expect(app.users().locator('mark').first()).toHaveText(name)
    await expect(header).toHaveCount(0)
  })
})

test('a number of another country than most tells it, so that no two look alike', async ({
  open,
  startServer,
}) => {
  const server = await startServer({ users: 240, switches: ['--groups', '12'] })
  const rows = (await server.find({})).filter(({ phoneNumber }) => phoneNumber)
  const codes = rows.map(({ countryCode }) => String(countryCode))
  const often = (code: string) => codes.filter((each) => each === code).length
  const usual = codes.reduce((most, code) => (often(code) > often(most) ? code : most))
  const at = rows.find(({ countryCode }) => String(countryCode) === usual)
  const abroad = rows.find(({ countryCode }) => String(countryCode) !== usual)
  if (!at || !abroad) throw new Error('Everybody is in one country.')
  const national = (text: unknown) => String(text).replace(/^\+\d+-/, '')
  const app = await signIn(open, server)

  for (const [user, shown] of [
    [at, national(at.phoneNumber)],
    [abroad, String(abroad.phoneNumber)],
  ] as const) {
    await app.find(`id:"${user.userId}"`, /^1 of/)
    const cell = await app.cell(String(user.userId), 'Phone number')
    await expect(cell).toHaveText(shown)
    await cell.click()
    await expect(app.details()).toContainText(String(user.userId))
    await expect(app.details().getByRole('combobox', { name: 'Phone number' })).toHaveValue(shown)
    await app.page.keyboard.press('F2')
    const editor = app.users().getByRole('combobox', { name: 'Phone number' })
    await expect(editor).toHaveValue(shown)
    // Looked at and left: nothing is changed.
    await editor.press('Enter')
    await expect(app.page.getByText(/unsaved edit/)).toHaveCount(0)
    // The record that is read after a change tells no country: what the list told is kept.
    await app.field('Title').fill('Abroad')
    await app.save()
    await expect.poll(async () => (await server.user(String(user.userId))).title).toBe('Abroad')
    await expect(app.navigation().getByRole('link', { name: 'Outbox', exact: true })).toBeVisible()
    await expect(app.details().getByText('not on the server yet')).toHaveCount(0)
    await expect(cell).toHaveText(shown)
  }
})
