import { historyRepository, type NewHistoryEntry } from '../../../../electron/store/repositories/history'
import { openMemoryStore } from '../../../../electron/store/store'
import type { Calendar } from '../../../../shared/query/history'

export const calendar: Calendar = {
  today: () => ({ year: 2026, month: 11, day: 15 }),
  startOf: ({ year, month, day }) => Date.UTC(year, month - 1, day),
}
export const noon = Date.UTC(2026, 10, 15, 12)

export const change = (id: string, more: Partial<NewHistoryEntry> = {}): NewHistoryEntry => ({
  id,
  connectionId: 'c1',
  entryId: `entry-${id}`,
  user: { serviceProviderId: 'ent', groupId: 'sales', userId: 'zoe@odin.example' },
  userName: 'Zoë Łukasz',
  action: 'change',
  fields: ['lastName', 'address.city'],
  outcome: 'pending',
  words: 'Sending.',
  account: 'admin@odin.example',
  origin: 'https://odin.example/api/v2',
  reason: 'CHG-4711 marriage',
  startedWall: noon,
  before: { lastName: 'Łukasz', 'address.city': null },
  asked: { lastName: 'Müller', 'address.city': 'Köln' },
  request: 'PUT https://odin.example/api/v2/users\n{}',
  ...more,
})

export const ledger = () => {
  const store = openMemoryStore()
  return { store, history: historyRepository(store) }
}
