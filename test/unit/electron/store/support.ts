import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { OutboxEntry } from '../../../../shared/change/types'
import type { UserRecord } from '../../../../shared/user/types'

/** A folder that is gone after the test. */
export const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'gungnir-store-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

export const key = (fill = 7): Uint8Array => new Uint8Array(32).fill(fill)

export const user = (userId: string, fields: UserRecord['fields'] = {}): UserRecord => ({
  key: { serviceProviderId: 'sp', groupId: 'grp', userId },
  completeness: 'row',
  fields,
  extra: {},
})

export const entry = (seq: number, changes: Partial<OutboxEntry> = {}): OutboxEntry => ({
  id: `entry-${seq}`,
  seq,
  origin: 'https://odin.example/api/v2',
  account: 'admin',
  connectionId: 'c1',
  user: { serviceProviderId: 'sp', groupId: 'grp', userId: `user${seq}@odin.example` },
  edits: [{ path: 'lastName', base: 'Old', mine: 'New' }],
  state: 'queued',
  why: 'Will be sent when online.',
  conflicts: [],
  attempts: [],
  createdWall: 1_700_000_000_000,
  ...changes,
})
