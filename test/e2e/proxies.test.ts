import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './app'
import { violations } from './axe'
import { startProxy } from './proxy'

const secret = 'proxy-canary-2907'

test('a connection goes through its own proxy, which is signed in to once', async ({
  open,
  startServer,
  profile,
}, testInfo) => {
  const server = await startServer({ users: 30 })
  const proxy = await startProxy('ana', secret)
  try {
    const app = await open()
    const { page } = app
    const form = app.connectionForm()
    const connect = form.getByRole('button', { name: 'Connect', exact: true })
    const dialog = page.getByRole('dialog', { name: 'Sign in at the proxy' })
    const signIn = async (password: string) => {
      await form.getByRole('button', { name: 'Sign in at the proxy…' }).click()
      await dialog.getByRole('textbox', { name: 'Name at the proxy' }).fill('ana')
      await dialog.getByRole('textbox', { name: 'Password at the proxy' }).fill(password)
    }

    await test.step('the proxy is chosen in the form, and wants a sign-in', async () => {
      await page.getByRole('button', { name: 'Connect to your server' }).click()
      await app.fillConnection({ ...server, name: 'Behind' })
      await form.getByRole('combobox', { name: 'Proxy' }).click()
      await page.getByRole('option', { name: 'This one' }).click()
      await form.getByRole('textbox', { name: 'Proxy address' }).fill(proxy.address)
      await connect.click()
      await expect(form.getByRole('alert')).toContainText('The proxy wants a sign-in.')
      expect(proxy.asked.some(({ through }) => through)).toBe(false)
      await page.screenshot({ path: testInfo.outputPath('wanted.png') })
    })

    await test.step('a wrong password is said, and asked for again', async () => {
      await signIn('wrong')
      await page.screenshot({ path: testInfo.outputPath('dialog.png') })
      expect(await violations(page)).toEqual([])
      await dialog.getByRole('button', { name: 'Sign in' }).click()
      await expect(form.getByRole('alert')).toContainText('The proxy refused the name or password.')
    })

    await test.step('the right one leads on by itself', async () => {
      await signIn(secret)
      await page.keyboard.press('Enter')
      await app.allUsersLoaded(30)
      expect(proxy.asked.at(-1)).toEqual({ authority: new URL(server.baseUrl).host, through: true })
    })

    await test.step('it is nowhere in the profile', async () => {
      const found = readdirSync(profile, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => readFileSync(file).includes(secret))
      expect(found).toEqual([])
    })
    await app.quit()

    await test.step('after a start nobody is asked', async () => {
      const before = proxy.asked.length
      const again = await open()
      await again.allUsersLoaded(30)
      await expect(again.connectionStatus()).toContainText('Online')
      await expect.poll(() => proxy.asked.length).toBeGreaterThan(before)
      expect(proxy.asked.slice(before).every(({ through }) => through)).toBe(true)
    })
  } finally {
    proxy.close()
  }
})
