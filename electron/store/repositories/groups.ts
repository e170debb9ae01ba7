import type { Db, SqlRow } from '../connection'
import { number, optionalNumber, optionalText, text } from './rows'

/** One group of a connection as the cache knows it. Times are wall milliseconds. */
export interface CachedGroup {
  readonly serviceProviderId: string
  readonly groupId: string
  readonly serviceProviderName?: string
  readonly groupName?: string
  /** When the list of its users was last read completely. */
  readonly readAt?: number
  /** When the full record of each of its users was last read. */
  readonly detailedAt?: number
  /** The numbers of the loads that did so. */
  readonly readBy?: number
  readonly detailedBy?: number
  /** Kept complete and fresh for work without a network. */
  readonly offline: boolean
}

const columns = 'sp, grp, sp_name, group_name, read_at, detailed_at, read_by, detailed_by, offline'

const groupOf = (row: SqlRow): CachedGroup => {
  const optional = {
    serviceProviderName: optionalText(row, 'sp_name'),
    groupName: optionalText(row, 'group_name'),
    readAt: optionalNumber(row, 'read_at'),
    detailedAt: optionalNumber(row, 'detailed_at'),
    readBy: optionalNumber(row, 'read_by'),
    detailedBy: optionalNumber(row, 'detailed_by'),
  }
  return {
    serviceProviderId: text(row, 'sp'),
    groupId: text(row, 'grp'),
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as {
      [K in keyof typeof optional]?: NonNullable<(typeof optional)[K]>
    }),
    offline: number(row, 'offline') === 1,
  }
}

export const groupsRepository = (db: Db) => ({
  list: (connectionId: string): CachedGroup[] =>
    db
      .all(`SELECT ${columns} FROM groups WHERE connection_id = ? ORDER BY sp, grp`, connectionId)
      .map(groupOf),

  byId: (connectionId: string, serviceProviderId: string, groupId: string): CachedGroup | undefined => {
    const row = db.get(
      `SELECT ${columns} FROM groups WHERE connection_id = ? AND sp = ? AND grp = ?`,
      connectionId,
      serviceProviderId,
      groupId,
    )
    return row && groupOf(row)
  },

  /** Adds a group or renames it; what is known of its reads stays. */
  saveName: (
    connectionId: string,
    group: Pick<CachedGroup, 'serviceProviderId' | 'groupId' | 'serviceProviderName' | 'groupName'>,
  ): void => {
    db.run(
      `INSERT INTO groups (connection_id, sp, grp, sp_name, group_name) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (connection_id, sp, grp) DO UPDATE SET
         sp_name = coalesce(excluded.sp_name, sp_name), group_name = coalesce(excluded.group_name, group_name)`,
      connectionId,
      group.serviceProviderId,
      group.groupId,
      group.serviceProviderName ?? null,
      group.groupName ?? null,
    )
  },

  /** Notes that the group's users were read, as list rows or (`detailed`) as full records. */
  noteRead: (
    connectionId: string,
    group: Pick<CachedGroup, 'serviceProviderId' | 'groupId'>,
    { at, detailed, load }: { readonly at: number; readonly detailed: boolean; readonly load: number },
  ): void => {
    db.run(
      `UPDATE groups SET read_at = ?, read_by = ?, detailed_at = coalesce(?, detailed_at),
         detailed_by = coalesce(?, detailed_by)
       WHERE connection_id = ? AND sp = ? AND grp = ?`,
      at,
      load,
      detailed ? at : null,
      detailed ? load : null,
      connectionId,
      group.serviceProviderId,
      group.groupId,
    )
  },

  setOffline: (
    connectionId: string,
    group: Pick<CachedGroup, 'serviceProviderId' | 'groupId'>,
    offline: boolean,
  ): void => {
    db.run(
      'UPDATE groups SET offline = ? WHERE connection_id = ? AND sp = ? AND grp = ?',
      offline ? 1 : 0,
      connectionId,
      group.serviceProviderId,
      group.groupId,
    )
  },

  removeConnection: (connectionId: string): void => {
    db.run('DELETE FROM groups WHERE connection_id = ?', connectionId)
  },
})
export type GroupsRepository = ReturnType<typeof groupsRepository>
