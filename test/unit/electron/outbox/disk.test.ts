import { expect, it } from 'vitest'
import { createOutboxDisk } from '../../../../electron/features/outbox/disk'
import { systemClock } from '../../../../electron/platform/clock'
import { historyRepository } from '../../../../electron/store/repositories/history'
import { openMemoryStore } from '../../../../electron/store/store'

const quiet = { info: () => {}, warn: () => {}, error: () => {} }

it('says of a write that an earlier run began what is known: one of the outbox was never sent, another may have been', () => {
  const store = openMemoryStore()
  const history = historyRepository(store)
  const row = {
    connectionId: 'c',
    user: { serviceProviderId: 'sp', groupId: 'g', userId: 'u' },
    userName: 'Ana',
    outcome: 'pending',
    words: 'Sending.',
    account: 'admin',
    origin: 'https://odin.example',
    startedWall: 0,
    before: {},
    request: '',
  }
  history.append({ ...row, id: 'password', action: 'password', fields: ['newPassword'], asked: {} })
  history.append({ ...row, id: 'change', entryId: 'e1', action: 'change', fields: ['title'], asked: {} })
  createOutboxDisk({ store, clock: systemClock(), log: quiet, recentWrites: 10 }).load()
  expect(history.byId('password')).toMatchObject({
    outcome: 'unknown',
    words: expect.stringContaining('may or may not have carried it out'),
  })
  expect(history.byId('change')).toMatchObject({
    outcome: 'unknown',
    words: expect.stringContaining('before it was sent'),
  })
  store.close()
})
