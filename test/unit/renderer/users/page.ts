import { vi } from 'vitest'
import type { Identity } from '../../../../shared/ipc/contract'

export const serverA: Identity = { connectionId: 'a', origin: 'http://127.0.0.1:1/api/v2', account: 'admin' }
export const serverB: Identity = { connectionId: 'b', origin: 'http://127.0.0.1:2/api/v2', account: 'admin' }

type Page = typeof import('../../../../renderer/kernel/status') &
  typeof import('../../../../renderer/kernel/settings') &
  typeof import('../../../../renderer/features/users/drafts/draftStore') &
  typeof import('../../../../renderer/features/users/drafts/saving') &
  typeof import('../../../../renderer/features/users/list/editing') &
  typeof import('../../../../renderer/features/users/store') & {
    /** This server and account are on screen from now on. */
    readonly onScreen: (identity: Identity | undefined) => void
  }
type Answers = Record<string, Record<string, (input: never) => unknown>>

/** The page's own modules, new, over a main process that answers as given; what it does not answer is never asked. */
export async function newPage(answers: Answers): Promise<Page> {
  vi.resetModules()
  vi.stubGlobal('window', {
    addEventListener: () => {},
    gungnir: { settings: { set: () => Promise.resolve({ ok: true, value: undefined }) }, ...answers },
  })
  const status = await import('../../../../renderer/kernel/status')
  const drafts = await import('../../../../renderer/features/users/drafts/draftStore')
  const saving = await import('../../../../renderer/features/users/drafts/saving')
  const editing = await import('../../../../renderer/features/users/list/editing')
  const store = await import('../../../../renderer/features/users/store')
  const settings = await import('../../../../renderer/kernel/settings')
  return {
    ...drafts,
    ...saving,
    ...editing,
    ...store,
    ...settings,
    ...status,
    onScreen: (identity: Identity | undefined) =>
      status.useStatus.setState({
        status: { ...identity, locked: {}, network: 'online', mayAsk: true } as never,
      }),
  }
}

export const ok = (value: unknown) => Promise.resolve({ ok: true, value })
