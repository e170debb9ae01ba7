import { create } from 'zustand'

export const pages = ['users', 'outbox', 'history', 'connections'] as const
export type Page = (typeof pages)[number]

export const pageNames: Readonly<Record<Page, string>> = {
  users: 'Users',
  outbox: 'Outbox',
  history: 'History',
  connections: 'Connections',
}

const fromHash = (): Page | undefined => pages.find((page) => location.hash === `#/${page}`)

export const usePage = create<{ readonly page: Page }>(() => ({ page: fromHash() ?? 'users' }))

/** The address says which page is shown, so that its links are links and the system's "back" works. */
export function goTo(page: Page): void {
  if (fromHash() !== page) location.hash = `/${page}`
  usePage.setState({ page })
}

window.addEventListener('hashchange', () => usePage.setState({ page: fromHash() ?? 'users' }))
