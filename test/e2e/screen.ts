import { expect, type Locator, type Page } from '@playwright/test'
import { hear } from './hearing'

/**
 * The app as a person meets it: found by roles and accessible names only. Knows nothing of how the page is built
 * or how it was started, so it serves the development build, the packaged app and the guided tour.
 */
export class Screen {
  /** Waits until the page has said this, after what it was last asked about. */
  readonly said: (words: string | RegExp) => Promise<void>

  private readonly answering: Promise<void>

  constructor(readonly page: Page) {
    this.said = hear(page)
    // Whoever tests something else wants everything here.
    this.answering = page.addLocatorHandler(this.whatToLoad(), () => this.load('Everything')).catch(() => {})
  }

  // --- frame -----------------------------------------------------------------------------------------------

  readonly navigation = () => this.page.getByRole('navigation', { name: 'Main' })
  readonly connectionStatus = () => this.page.getByRole('status', { name: 'Connection' })
  readonly messages = () => this.page.getByRole('status', { name: 'Messages' })
  readonly alert = () => this.page.getByRole('alert')
  readonly workOffline = () => this.page.getByRole('switch', { name: 'Work offline' })

  async go(place: 'Users' | 'Outbox' | 'History' | 'Connections'): Promise<void> {
    await this.navigation()
      .getByRole('link', { name: new RegExp(`^${place}\\b`) })
      .click()
  }

  // --- connections -----------------------------------------------------------------------------------------

  readonly connectionForm = () => this.page.getByRole('form', { name: 'Connection' })

  async fillConnection(values: {
    name?: string
    baseUrl?: string
    username?: string
    password?: string
    callsPerSecond?: number
  }): Promise<void> {
    const form = this.connectionForm()
    const boxes = [
      ['Name', values.name],
      ['Base URL', values.baseUrl],
      ['Username', values.username],
      ['Password', values.password],
    ] as const
    for (const [name, value] of boxes) {
      if (value !== undefined) await form.getByRole('textbox', { name, exact: true }).fill(value)
    }
    if (values.callsPerSecond !== undefined) {
      const box = form.getByRole('spinbutton', { name: 'Calls per second' })
      await box.fill(String(values.callsPerSecond))
      await box.blur()
    }
  }

  /** The page for a new connection, wherever we are. */
  async newConnection(): Promise<void> {
    const first = this.page.getByRole('button', { name: 'Connect to your server' })
    const another = this.page.getByRole('button', { name: 'New connection' })
    await this.go('Connections')
    await first.or(another).click()
    await expect(this.connectionForm()).toBeVisible()
  }

  async connectTo(
    server: { baseUrl: string; username: string; password: string },
    name = 'Test',
  ): Promise<void> {
    await this.newConnection()
    await this.fillConnection({
      name,
      baseUrl: server.baseUrl,
      username: server.username,
      password: server.password,
      callsPerSecond: 100,
    })
    await this.connectionForm().getByRole('button', { name: 'Connect', exact: true }).click()
  }

  readonly whatToLoad = () => this.page.getByRole('dialog', { name: 'What to load' })

  /** From now on the test itself says what to load. */
  async saysWhatToLoad(): Promise<void> {
    await this.answering
    await this.page.removeLocatorHandler(this.whatToLoad())
  }

  async load(what: 'Everything' | 'Nothing: find on the server'): Promise<void> {
    await this.whatToLoad().getByRole('radio', { name: what }).check({ force: true })
    await this.whatToLoad().getByRole('button', { name: 'Continue' }).click()
  }

  // --- users -----------------------------------------------------------------------------------------------

  readonly users = () => this.page.getByRole('grid', { name: 'Users' })
  readonly matches = () => this.page.getByRole('status', { name: 'Matches' })
  readonly search = () => this.page.getByRole('searchbox', { name: 'Search users' })
  readonly details = () => this.page.getByRole('region', { name: 'User details' })

  /** Waits until a search has been answered: the count is the one asked for. */
  async find(text: string, matches: RegExp | string): Promise<void> {
    await this.search().fill(text)
    await expect(this.matches()).toHaveText(matches)
  }

  /** Waits until the whole list has arrived. */
  async allUsersLoaded(count: number): Promise<void> {
    await expect(this.matches()).toContainText(count.toLocaleString('en-US'), { timeout: 120_000 })
    await expect(this.page.getByRole('progressbar', { name: 'Loading users' })).toBeHidden({
      timeout: 120_000,
    })
  }

  /** Waits until the full record of each user is here. */
  async allUsersRead(): Promise<void> {
    await expect(this.page.getByRole('button', { name: 'all in full, full records' })).toBeVisible({
      timeout: 240_000,
    })
  }

  row(text: string, grid = this.users()): Locator {
    return grid.getByRole('row').filter({ has: this.page.getByRole('gridcell'), hasText: text })
  }

  async cell(rowText: string, column: string, grid = this.users()): Promise<Locator> {
    const header = grid.getByRole('columnheader', { name: column, exact: true })
    const index = await header.getAttribute('aria-colindex')
    if (index === null) throw new Error(`The column ${column} has no aria-colindex`)
    return this.row(rowText, grid).first().locator(`[role=gridcell][aria-colindex="${index}"]`)
  }

  /** Edits a cell in place, as a person does from the keyboard. */
  async typeInCell(rowText: string, column: string, value: string): Promise<void> {
    const cell = await this.cell(rowText, column)
    await cell.click()
    await this.page.keyboard.press('F2')
    const editor = this.users().getByRole('textbox', { name: column })
    await expect(editor).toBeFocused()
    await editor.fill(value)
    await editor.press('Enter')
  }

  field(label: string): Locator {
    return this.details().getByRole('textbox', { name: label, exact: true })
  }

  /** Whose details are shown. */
  async currentId(): Promise<string> {
    const head = this.details().locator('.details-head')
    await expect(head).toContainText('@')
    const [id] = /[^\s·]+@[^\s·]+/.exec(await head.innerText()) ?? []
    if (id === undefined) throw new Error('The details name nobody.')
    return id
  }

  async save(): Promise<void> {
    await this.details().getByRole('button', { name: 'Save', exact: true }).click()
  }

  // --- outbox and history ----------------------------------------------------------------------------------

  readonly outbox = () => this.page.getByRole('grid', { name: 'Outbox' })
  readonly history = () => this.page.getByRole('grid', { name: 'History' })
  readonly change = () => this.page.getByRole('region', { name: 'Change' })
}
