import { expect, test } from './app'

test('a conflict, a refusal and a busy server can be tried in the demo', async ({ open }) => {
  test.setTimeout(900_000)
  const app = await open()
  const { page } = app
  await page.getByRole('button', { name: 'Try the demo server' }).click()
  await expect(app.connectionStatus()).toContainText('Online')
  await app.go('Outbox')
  await page.getByRole('button', { name: 'Show whom to try it with' }).click()
  // They are among the 25,000 that are on their way.
  await expect(app.matches()).toHaveText(/^3 of [\d,]+ users$/, { timeout: 600_000 })

  const change = async (kind: string, title = 'Nurse') => {
    await (await app.cell(`try me: ${kind}`, 'Last name')).click()
    await expect(app.field('Last name')).toHaveValue(new RegExp(kind))
    await app.field('Title').fill(title)
    await app.save()
  }
  await change('refused')
  await expect(page.getByRole('alert')).toContainText('this user of the demo shows a refusal', {
    ignoreCase: true,
  })
  // A change right after the user was read goes out on what that read said: whoever is so quick tries again.
  let attempt = 0
  await expect(async () => {
    await change('conflict', `Nurse ${++attempt}`)
    await expect(app.navigation().getByRole('link', { name: 'Outbox, 2 waiting, 2 need you' })).toBeVisible({
      timeout: 10_000,
    })
  }).toPass({ timeout: 300_000 })
  await change('busy')
  await app.go('Outbox')
  // It is tried again by itself until the server takes it.
  await expect(app.row('try me: busy', app.outbox())).toBeHidden({ timeout: 120_000 })
  await expect(app.row('try me: conflict', app.outbox()).first()).toContainText('Conflict')
  await expect(app.row('try me: refused', app.outbox()).first()).toContainText('Refused')
})
