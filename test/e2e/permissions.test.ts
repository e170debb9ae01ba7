import { expect, test } from './app'

test('what the account may not do is read-only on the screen, with the reason', async ({
  open,
  startServer,
}) => {
  const server = await startServer({ users: 120 })
  const app = await open()

  await test.step('a policy takes numbers away, and nothing else', async () => {
    await app.connectTo({ ...server, username: 'limited-admin' }, 'Limited')
    await expect(app.row('').first()).toBeVisible()
    await app.row('').first().getByRole('gridcell').nth(1).click()
    await expect(app.field('Title')).toBeEditable()
    await expect(app.field('Extension')).not.toBeEditable()
    await expect(app.field('Extension')).toHaveAccessibleDescription(/policy of this account/)
    await expect(await app.cell('', 'Extension')).toHaveAttribute('aria-readonly', 'true')
    await expect(await app.cell('', 'First name')).toHaveAttribute('aria-readonly', 'false')
    await (await app.cell('', 'Extension')).click()
    await app.page.keyboard.press('F2')
    await app.said(/^Extension cannot be changed: .*policy of this account/)
  })

  await test.step('an account that may only read is told so once', async () => {
    await app.connectTo({ ...server, username: 'read-only' }, 'Reading')
    await expect(app.connectionStatus()).toContainText('Reading as read-only')
    await app.go('Users')
    await expect(app.row('').first()).toBeVisible()
    await app.row('').first().getByRole('gridcell').nth(1).click()
    await expect(app.details().getByText('This account may only read.')).toHaveCount(1)
    await expect(app.field('Title')).not.toBeEditable()
    await expect(await app.cell('', 'First name')).toHaveAttribute('aria-readonly', 'true')
    await (await app.cell('', 'First name')).click()
    await app.page.keyboard.type('X')
    await app.said('First name cannot be changed: This account may only read.')
    await app.page.keyboard.press('Space')
    await expect(app.page.getByText('1 selected')).toBeVisible()
    await expect(app.page.getByRole('button', { name: 'Edit selected…' })).toHaveCount(0)
  })
})
