import { Refusal } from '../ipc/refusal'
import { type Identity, sameIdentity } from './identity'

/**
 * What a person did under one server and account is never done under another, whatever was chosen meanwhile.
 * Throws a {@link Refusal} that names both.
 */
export function mustBeMeant(meant: Identity, now: Identity | undefined): void {
  if (now !== undefined && sameIdentity(meant, now)) return
  const chosen = now === undefined ? 'no server is' : `${now.account} on ${now.origin} is`
  throw new Refusal(
    'other-account',
    `This was meant for ${meant.account} on ${meant.origin}, and ${chosen} chosen now. Nothing was changed.`,
    { next: 'Connect there again, and do it again there. Unsaved edits wait there.' },
  )
}
