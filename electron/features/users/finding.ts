import { onServer, type ServerAsk } from '../../../shared/query/on-server'
import { accessDeviceMac } from '../../../shared/user/catalogue'
import type { UserRecord } from '../../../shared/user/types'
import { fieldValue, sameValue } from '../../../shared/user/value'
import { Refusal } from '../../ipc/refusal'
import type { OdinError, OdinSession, UsersQuery } from '../../odin/types'
import { refusalOf } from './actions'
import type { Scope } from './index/user-index'
import type { DirectoryClient } from './shown'

/** More than these, and whoever searches is better served by another letter. */
const mostFound = 100

/** Where a sign-in may look, within what was chosen. Who is below the system is refused the search of a whole system. */
const within = ({ loginType, serviceProviderId, groupId }: OdinSession, scope: Scope): Scope => {
  if (serviceProviderId === undefined) return scope
  if (groupId !== undefined && loginType !== 'Service Provider') return { serviceProviderId, groupId }
  return scope.serviceProviderId === serviceProviderId ? scope : { serviceProviderId }
}

const macAsked = (ask: ServerAsk): string | undefined =>
  ask.find((filter) => filter?.by === 'macAddress')?.value

/** Lists do not tell MAC addresses, and nobody knows that the server compares them whole. */
const isOfMac = (record: UserRecord, mac: string): boolean => {
  const told = fieldValue(record, accessDeviceMac)
  if (told === undefined || told === null) return false
  // A number has lost the zeros that a MAC address often begins with.
  const whole = typeof told === 'number' ? String(told).padStart(mac.length, '0') : told
  return sameValue(accessDeviceMac, whole, mac)
}

/** What came of the questions. */
interface Found {
  readonly fields: readonly string[]
  readonly more: boolean
  readonly others: number
}

/**
 * Asks the server for what was typed. What each question finds is given away at once.
 * @throws Refusal when nothing could be asked, or nothing was answered
 */
export async function findUsers(
  client: Pick<DirectoryClient, 'session' | 'users'>,
  search: string,
  scope: Scope,
  signal: AbortSignal,
  onFound: (records: readonly UserRecord[]) => void,
): Promise<Found> {
  const session = client.session()
  if (session === undefined) {
    throw new Refusal('offline', 'The server cannot be searched: not signed in.', { next: 'Sign in first.' })
  }
  if (session.loginType === 'User') {
    throw new Refusal('not-allowed', 'This sign-in sees one user only: there is nobody else to find.')
  }
  const wanted = onServer(search)
  if (wanted === undefined) {
    throw new Refusal('not-searchable', 'The server has no search for this.', {
      next: 'It finds whole words of a name, a user ID, an e-mail address, an extension, a number or a MAC address.',
    })
  }
  const { serviceProviderId, groupId } = within(session, scope)
  const where: Pick<UsersQuery, 'serviceProviderId' | 'groupId'> = {
    ...(serviceProviderId === undefined ? {} : { serviceProviderId }),
    ...(groupId === undefined ? {} : { groupId }),
  }
  let more = false
  let others = 0
  const failures: OdinError[] = []
  await Promise.all(
    wanted.asks.map(async (ask) => {
      const [filter, and] = ask
      const mac = macAsked(ask)
      const answer = await client.users({
        ...where,
        filter,
        ...(and === undefined ? {} : { and }),
        ...(mac === undefined ? {} : { extended: true }),
        limit: mostFound,
        urgency: 'person',
        signal,
      })
      if (signal.aborted) return
      if (!answer.ok) return void failures.push(answer.error)
      const found = mac === undefined ? answer.value : answer.value.filter((record) => isOfMac(record, mac))
      others += answer.value.length - found.length
      more ||= answer.value.length >= mostFound
      if (found.length > 0) onFound(found)
    }),
  )
  const [failure] = failures
  if (failure !== undefined) throw refusalOf(failure)
  return { fields: wanted.fields, more, others }
}
