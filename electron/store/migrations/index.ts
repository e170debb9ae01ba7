import { initial } from './0001-initial'
import { historyLedger } from './0002-history'
import { lookups } from './0003-lookups'
import { sightings } from './0004-sightings'
import { indexSnapshots } from './0005-index-snapshots'
import { indexOpening } from './0006-index-opening'
import { arrivals } from './0007-arrivals'
import { historyWordsAnew } from './0008-history-words'
import { trusted } from './0009-trusted'
import { historyBatches } from './0010-history-batches'
import { historyNumbers } from './0011-history-numbers'
import { services } from './0012-services'
import { readOnly } from './0013-read-only'
import { connectionProxies } from './0014-connection-proxies'
import { partialBodies } from './0015-partial-bodies'

export interface Migration {
  /** Counts from 1 without gaps. */
  readonly number: number
  readonly name: string
  readonly sql: string
}

/** Every migration there ever was, oldest first. One that has been released is never edited: add another. */
export const migrations: readonly Migration[] = [
  { number: 1, name: 'initial', sql: initial },
  { number: 2, name: 'history', sql: historyLedger },
  { number: 3, name: 'lookups', sql: lookups },
  { number: 4, name: 'sightings', sql: sightings },
  { number: 5, name: 'index-snapshots', sql: indexSnapshots },
  { number: 6, name: 'index-opening', sql: indexOpening },
  { number: 7, name: 'arrivals', sql: arrivals },
  { number: 8, name: 'history-words', sql: historyWordsAnew },
  { number: 9, name: 'trusted', sql: trusted },
  { number: 10, name: 'history-batches', sql: historyBatches },
  { number: 11, name: 'history-numbers', sql: historyNumbers },
  { number: 12, name: 'services', sql: services },
  { number: 13, name: 'read-only', sql: readOnly },
  { number: 14, name: 'connection-proxies', sql: connectionProxies },
  { number: 15, name: 'partial-bodies', sql: partialBodies },
]
