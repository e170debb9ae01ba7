import { expect, test } from './app'
import { picture } from './pictures'
import { type Call, openWire } from './wire'

test('a device is chosen from those of the group that have a free port, also without a network', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 60 })
  const people = await server.find({
    serviceProviderId: 'ent.aurora',
    groupId: 'cincinnati',
    extended: 'true',
  })
  const [one, two] = people
    .filter(({ endpointType }) => endpointType === 'accessDeviceEndpoint')
    .map(({ userId }) => String(userId)) as [string, string]
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(60)
  const device = app.details().getByRole('combobox', { name: 'Device', exact: true })
  const show = async (userId: string) => {
    await app.find(userId, /^1 of /)
    await app.row(userId).click()
    await expect(app.details()).toContainText(userId)
    await expect(device).not.toHaveValue('')
  }
  const choose = async (name: string) => {
    await device.evaluate((box) => box.scrollIntoView({ block: 'center' }))
    const option = app.page
      .getByRole('listbox')
      .getByRole('option', { name: new RegExp(`^${name} \\(Group\\)`) })
    // A list closes when the page moves under it, as when a read of the user arrives: it is opened again then.
    await expect(async () => {
      await app.details().getByRole('button', { name: 'Show device list' }).click()
      await expect(option).toBeVisible({ timeout: 10_000 })
      await picture(app, testInfo, `list-${name}`)
      await option.click({ timeout: 10_000 })
      await expect(device).toHaveValue(`${name} (Group)`, { timeout: 10_000 })
    }).toPass()
  }
  const deviceOf = async (userId: string) =>
    (
      (await server.user(userId)).accessDeviceEndpoint as
        | { accessDevice?: { deviceName?: string } }
        | undefined
    )?.accessDevice?.deviceName

  await show(one)
  await choose('spare-2')
  await app.save()
  await expect.poll(() => deviceOf(one)).toBe('spare-2')

  await show(two)
  await app.workOffline().click()
  await choose('spare-3')
  await app.save()
  await app.said('Will be sent when online')
  await app.workOffline().click()
  await expect.poll(() => deviceOf(two)).toBe('spare-3')
})

test('one phone is rebuilt and reset, which stands in history; not when it was swapped meanwhile', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 60 })
  const wire = await openWire(server)
  const people = await server.find({
    serviceProviderId: 'ent.aurora',
    groupId: 'cincinnati',
    extended: 'true',
  })
  const [person] = people.filter(({ endpointType }) => endpointType === 'accessDeviceEndpoint')
  const userId = String(person?.userId)
  const app = await open()
  await app.connectTo(wire)
  await app.allUsersLoaded(60)
  await app.find(userId, /^1 of /)
  await app.row(userId).click()
  const device = app.details().getByRole('combobox', { name: 'Device', exact: true })
  await expect(device).not.toHaveValue('')
  const name = (await device.inputValue()).replace(/ \(.*/, '')
  const calls: Call[] = []
  wire.answerFor((call) => {
    calls.push(call)
    return undefined
  })
  const sent = () => calls.filter(({ method, path }) => method === 'POST' && path.includes('/devices/'))
  const act = async (what: string) => {
    await app.details().getByRole('button', { name: 'Actions' }).click()
    await app.page.getByRole('menuitem', { name: `${what} device…` }).click()
    const dialog = app.page.getByRole('dialog', { name: `${what} device` })
    await expect(dialog).toContainText(name)
    await picture(app, testInfo, what)
    await dialog.getByRole('button', { name: what, exact: true }).click()
    return dialog
  }

  await expect(await act('Rebuild')).toBeHidden()
  await app.said(`The server was told to rebuild ${name}`)
  await expect(await act('Reset')).toBeHidden()
  expect(sent().map(({ path }) => path.replace(/^.*\/groups/, '/groups'))).toEqual([
    '/groups/devices/rebuild',
    '/groups/devices/reset',
  ])
  expect(sent().every(({ body }) => JSON.parse(body).deviceName === name)).toBe(true)

  await server.putUser({
    serviceProviderId: 'ent.aurora',
    groupId: 'cincinnati',
    userId,
    endpointType: 'accessDeviceEndpoint',
    accessDeviceEndpoint: {
      accessDevice: { deviceName: 'spare-4', deviceLevel: 'Group' },
      linePort: userId,
    },
  })
  const refused = await act('Reset')
  await expect(refused.getByRole('alert')).toContainText('The user has another device now: spare-4.')
  expect(sent()).toHaveLength(2)
  await refused.getByRole('button', { name: 'Cancel' }).click()
  await expect(refused).toBeHidden()

  await app.go('History')
  for (const action of ['rebuild device', 'reset device']) {
    await expect(app.history().getByRole('row').filter({ hasText: action })).toHaveCount(1)
  }
})
