import { expect, test } from './app'
import { violations } from './axe'

test('a search shows how it was understood, what a mistyped name may mean, and what else can be asked', async ({
  open,
  startServer,
}, testInfo) => {
  const server = await startServer({ users: 60 })
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(60)

  await app.page.getByRole('button', { name: 'How to search' }).click()
  const examples = app.page.getByRole('menu', { name: 'How to search' })
  await expect(examples.getByRole('menuitem')).toHaveCount(9)
  await testInfo.attach('examples', { body: await app.page.screenshot(), contentType: 'image/png' })
  await examples.getByRole('menuitem', { name: 'has:mobile' }).click()
  await expect(app.search()).toHaveValue('has:mobile')
  await expect(app.search()).toBeFocused()
  const parts = app.page.getByRole('list', { name: 'What is looked for' })
  await expect(parts.getByRole('listitem')).toHaveText(['Mobile number is not empty'])

  await app.search().fill('emial:@')
  await expect(app.page.getByText('There is no field called “emial”.')).toBeVisible()
  await app.search().press('Escape')
  await app.page.getByRole('button', { name: 'Search E-mail (email:)' }).click()
  await expect(app.search()).toHaveValue('email:@')
  await expect(parts.getByRole('listitem')).toHaveText(['E-mail has “@”'])
  await testInfo.attach('understood', { body: await app.page.screenshot(), contentType: 'image/png' })
  expect(await violations(app.page)).toEqual([])

  const names = (await server.find({ lastName: '*' })).map(({ lastName }) => String(lastName))
  const name = names.find((one) => /^[A-Za-z]{5,}$/.test(one) && one.charAt(2) !== one.charAt(3))
  if (name === undefined) throw new Error('Nobody has a plain name.')
  const mistyped = `${name.slice(0, 2)}${name.charAt(3)}${name.charAt(2)}${name.slice(4)}`
  await app.search().fill(mistyped)
  await expect(app.matches()).toHaveText(/^0 of/)
  const meant = app.page.getByRole('status', { name: 'Did you mean' })
  const offer = meant.getByRole('button', { name: new RegExp(`^${name} \\(\\d+\\)$`) })
  await expect(offer).toBeVisible()
  await testInfo.attach('nearest', { body: await app.page.screenshot(), contentType: 'image/png' })
  expect(await violations(app.page)).toEqual([])
  const users = /\d+/.exec(await offer.innerText())?.[0]
  await offer.click()
  await expect(app.search()).toHaveValue(name)
  await expect(app.matches()).toHaveText(new RegExp(`^${users} of`))

  await app.go('History')
  const history = app.page.getByRole('searchbox', { name: 'Search history' })
  await history.fill('when:last')
  const ways = app.page.getByRole('listbox', { name: 'Ways to go on' })
  await expect(ways.getByRole('option')).toHaveText([/^when:last-week/, /^when:last-month/])
  await history.press('ArrowDown')
  await history.press('Enter')
  await expect(history).toHaveValue('when:last-week ')
  await history.fill('')
  await app.page.getByRole('button', { name: 'How to search' }).click()
  await app.page.getByRole('menuitem', { name: 'All of the search language' }).click()
  await expect(app.page.getByRole('dialog', { name: 'Search language' })).toBeVisible()
})
