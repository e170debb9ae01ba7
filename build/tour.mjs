// A guided tour of the main job in the real app, for machines without a display: `npm start` runs it there.
// It drives the app by what is on the screen, prints what it saw at each step, and keeps pictures of it in a folder
// that git ignores. `npm run pictures` renews those of the README by the same tour: GUNGNIR_PICTURES names the folder.
// Needs TypeScript's loader: node --import tsx build/tour.mjs
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { _electron, expect as wait } from '@playwright/test'
import { Screen } from '../test/e2e/screen.ts'
import { electronPath } from './electron-path.mjs'
import { launchSwitches, playwrightLoader } from './launch.mjs'
import { top } from './run.mjs'

const expect = wait.configure({ timeout: 60_000 })
const pictures = resolve(top, process.env.GUNGNIR_PICTURES ?? join('test-results', 'tour'))
const WANTED = { firstName: 'Ingrid', title: 'Head of Support' }

const switches = process.argv.slice(2)
const ownProfile = switches.some((argument) => argument.startsWith('--user-data-dir='))
  ? undefined
  : mkdtempSync(join(tmpdir(), 'gungnir-tour-'))

const app = await _electron.launch({
  executablePath: (await electronPath()).path,
  args: [
    '-r',
    playwrightLoader,
    ...launchSwitches({ virtual: true }),
    '.',
    ...(ownProfile ? [`--user-data-dir=${ownProfile}`] : []),
    '--lang=en-US',
    ...switches,
  ],
  cwd: top,
  chromiumSandbox: true,
})
const began = Date.now()
let number = 0

try {
  const page = await app.firstWindow()
  const screen = new Screen(page)
  mkdirSync(pictures, { recursive: true })

  await step('The first screen', async () => {
    const demo = page.getByRole('button', { name: 'Try the demo server' })
    await expect(demo).toBeVisible()
    await picture(page, 'first-run')
    return `a window called "${await page.title()}" with ${await buttons(page)}`
  })

  await step('Try the demo server', async () => {
    await page.getByRole('button', { name: 'Try the demo server' }).click()
    await expect(screen.matches()).toHaveText(/^25,000 /)
    await screen.allUsersLoaded(25_000)
    return `${await said(screen.matches())}; ${await said(screen.connectionStatus())}`
  })

  const who = await step('Search for "nowak"', async () => {
    await screen.find('nowak', /^[\d,]+ of 25,000 users$/)
    const row = screen.row('Nowak').first()
    await expect(row).toBeVisible()
    await row.getByRole('gridcell').nth(1).click()
    await expect(screen.field('Last name')).toHaveValue(/Nowak/)
    await picture(page, 'users')
    const before = await screen.field('First name').inputValue()
    const lastName = await screen.field('Last name').inputValue()
    const userId = await screen
      .details()
      .getByText(/\S+@\S+/)
      .first()
      .innerText()
    return [`${await said(screen.matches())}; the details of ${before} ${lastName}`, { before, userId }]
  })

  await step('Edit the title in the panel and the first name in the grid', async () => {
    await screen.field('Title').fill(WANTED.title)
    await screen.typeInCell(who.before, 'First name', WANTED.firstName)
    // Enter in a cell goes on to the next user; the pictures are of this one.
    await (await screen.cell(WANTED.firstName, 'First name')).click()
    const cell = await screen.cell(WANTED.firstName, 'First name')
    await expect(cell).toContainText(WANTED.firstName)
    await picture(page, 'edited')
    return `the cell reads "${await said(cell)}", described as "${await cell.getAttribute('aria-description')}"`
  })

  await step('Save', async () => {
    await screen.save()
    await expect(screen.messages()).toContainText('Saved')
    return await said(screen.messages())
  })

  await step('Sent and verified', async () => {
    const cell = await screen.cell(WANTED.firstName, 'First name')
    await expect(cell).not.toHaveAttribute('aria-description', /.+/)
    await screen.go('Outbox')
    const link = screen.navigation().getByRole('link', { name: /^Outbox/ })
    await expect(link).toHaveAccessibleName('Outbox')
    await picture(page, 'outbox')
    return `the status bar reads "${await said(page.getByText('Nothing waiting'))}"`
  })

  await step('History', async () => {
    await screen.go('History')
    const row = screen.row('Nowak', screen.history()).first()
    await expect(row).toBeVisible()
    await row.getByRole('gridcell').first().click()
    await expect(screen.change()).toContainText(WANTED.firstName)
    await picture(page, 'history')
    return `${await said(row)}; before and after: ${await said(screen.change(), 240)}`
  })

  console.log(`\nThe tour took ${seconds()} s. Its pictures are in ${relative(top, pictures)}.`)
} catch (error) {
  console.error(`\nThe tour could not go on: ${error.message}`)
  const [page] = app.windows()
  if (page) {
    console.error(`What was on the screen:\n${await page.locator('body').ariaSnapshot().catch(String)}`)
  }
  process.exitCode = 1
} finally {
  await app.close()
  if (ownProfile) rmSync(ownProfile, { recursive: true, force: true })
}

/** Does one step and prints what it saw: a text, or a pair of the text and what later steps need. */
async function step(title, work) {
  const seen = await work()
  const [text, result] = Array.isArray(seen) ? seen : [seen]
  console.log(`${String(++number).padStart(2)}. ${title}\n    saw: ${text} (${seconds()} s)`)
  return result
}

function seconds() {
  return ((Date.now() - began) / 1000).toFixed(1)
}

async function said(locator, length = 160) {
  const text = (await locator.innerText()).replace(/\s+/g, ' ').trim()
  return text.length > length ? `${text.slice(0, length)}…` : text
}

async function buttons(page) {
  const names = await page.getByRole('button').allInnerTexts()
  return names
    .filter((name) => name.trim() !== '')
    .map((name) => `[${name.trim()}]`)
    .join(' ')
}

/** The same view in both themes, as a person's system would choose them. */
async function picture(page, name) {
  for (const theme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme: theme })
    await page.screenshot({ path: join(pictures, `${name}-${theme}.png`), animations: 'disabled' })
  }
}
