import type { JsonObject } from '../../shared/json'
import { expect, test } from './app'
import type { DemoServer } from './demo-server'
import { picture } from './pictures'

const users = 60
const paths = ['always', 'busy', 'no-answer', 'not-reachable'].map((name) => `call-forwarding-${name}`)

/** To which numbers each user is forwarded, as the server has it. */
const truthOf = async (server: DemoServer, ids: readonly string[]): Promise<Map<string, string[]>> => {
  const truth = new Map<string, string[]>()
  for (const id of ids) {
    const services = await Promise.all(paths.map((path) => server.service(path, id).catch(() => undefined)))
    const on = services.filter((service) => service?.isActive === true)
    truth.set(
      id,
      on.map((service) => String(service?.forwardToPhoneNumber)),
    )
  }
  return truth
}

const digits = (text: unknown) => String(text ?? '').replace(/\D/g, '')

/** Whether a number is none of the enterprise's, by the plainest reading of that. */
const isOutside = (number: string, user: JsonObject, all: readonly JsonObject[]): boolean => {
  const own = all.filter(({ serviceProviderId }) => serviceProviderId === user.serviceProviderId)
  const inGroup = own.filter(({ groupId }) => groupId === user.groupId)
  if (number.startsWith('*55')) return false
  if (number.includes('@')) {
    return !own.some(({ userId }) => String(userId).split('@')[1] === number.split('@')[1])
  }
  if (inGroup.some(({ extension }) => digits(extension).length === number.length)) return false
  return !own.some(({ phoneNumber, countryCode }) => {
    const national = digits(String(phoneNumber ?? '').replace(/^\+\d+-/, ''))
    return national !== '' && [national, `${countryCode}${national}`].includes(digits(number))
  })
}

test('who is forwarded out of the enterprise: said to be unknown, read when asked, found as the server has it', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users })
  const rows = await server.find({ lastName: '*' })
  const idOf = ({ userId }: JsonObject) => String(userId)
  // One of each kind for certain, whatever the population is like.
  const able: string[] = []
  for (const id of rows.map(idOf)) {
    if (able.length === 2) break
    const has = await server.service('call-forwarding-always', id).catch(() => undefined)
    if (has !== undefined) able.push(id)
  }
  const [away = '', near = ''] = able
  const put = (userId: string, forwardToPhoneNumber: string) =>
    server.putService('call-forwarding-always', { userId, isActive: true, forwardToPhoneNumber })
  await put(away, '+442079460123')
  await put(near, digits(rows.find((row) => idOf(row) === away)?.extension))
  const truth = await truthOf(server, rows.map(idOf))
  const outside = rows
    .filter((row) => truth.get(idOf(row))?.some((number) => isOutside(number, row, rows)))
    .map(idOf)
  const forwarded = rows.filter((row) => (truth.get(idOf(row)) ?? []).length > 0)
  expect(outside).toContain(away)
  expect(outside).not.toContain(near)
  expect(outside.length).toBeLessThan(20)

  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(users)
  const line = () => app.page.getByText(/^Forwarded to is known for [\d,]+ of [\d,]+ users\.$/)
  const header = app.users().getByRole('columnheader', { name: 'Forwarded to' })

  await test.step('until it was read nobody is found, and that is said', async () => {
    await expect(header).toHaveCount(0)
    await app.page
      .getByRole('region', { name: 'Saved views' })
      .getByRole('button', { name: 'Forwarded outside', exact: true })
      .click()
    await expect(app.search()).toHaveValue('forwarded:outside')
    await expect(header).toBeVisible()
    await expect(line()).toHaveText(`Forwarded to is known for 0 of ${users} users.`)
    await app.search().fill('forwarded:no')
    await expect(app.matches()).toHaveText(`0 of ${users} users`)
    await app.search().fill('forwarded:outside')
    await expect(app.matches()).toHaveText(`0 of ${users} users`)
    await expect(app.page.getByText('No match yet for “forwarded:outside”')).toBeVisible()
    await expect(line()).toHaveText(`Forwarded to is known for 0 of ${users} users.`)
    await picture(app, testInfo, 'unread')
  })

  await test.step('read, it is exactly whom the server forwards outside, with the number', async () => {
    await app.page.getByRole('button', { name: /^Read them/ }).click()
    await expect(line()).toHaveCount(0)
    await expect(app.matches()).toHaveText(`${outside.length} of ${users} users`)
    for (const id of outside) {
      for (const number of truth.get(id) ?? []) await expect(app.row(id)).toContainText(number)
    }
    await picture(app, testInfo, 'outside')
  })

  await test.step('the others are found as they are', async () => {
    await app.search().fill('forwarded:yes')
    await expect(app.matches()).toHaveText(`${forwarded.length} of ${users} users`)
    await app.search().fill('-forwarded:yes')
    await expect(app.matches()).toHaveText(`${users - forwarded.length} of ${users} users`)
    await app.search().fill('forwarded:+4420*')
    await expect(app.row(away)).toBeVisible()
  })

  await test.step('what is read user by user is known when that was asked for as well', async () => {
    const states = await Promise.all(
      rows.map((row) => server.service('do-not-disturb', idOf(row)).catch(() => undefined)),
    )
    await app.search().fill('dnd:on')
    await expect(app.page.getByText(`Do not disturb is known for 0 of ${users} users.`)).toBeVisible()
    await app.page.getByRole('button', { name: /^Read them/ }).click()
    await expect(app.page.getByText(/^Do not disturb is known for/)).toHaveCount(0)
    const on = states.filter((state) => state?.isActive === true).length
    await expect(app.matches()).toHaveText(`${on} of ${users} users`)
  })
})
