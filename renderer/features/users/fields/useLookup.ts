import { useCallback, useEffect, useState } from 'react'
import type { Input, LookupAnswer } from '../../../../shared/ipc/contract'
import type { UserKey } from '../../../../shared/user/types'
import { ask, gungnir, refusal } from '../../../kernel/bridge'
import { identityNow } from '../../../kernel/status'

type Listed = Input<'users.lookup'>['lookup']

/** What a field can be chosen from, asked for when the control is first used. */
export function useLookup(lookup: Listed, { serviceProviderId, groupId, userId }: UserKey) {
  const [answer, setAnswer] = useState<LookupAnswer>()
  const load = useCallback(() => {
    const as = identityNow()
    if (as === undefined) return
    ask(gungnir.users.lookup({ as, lookup, key: { serviceProviderId, groupId, userId } })).then(
      setAnswer,
      (error: unknown) => setAnswer({ options: [], why: refusal(error).message }),
    )
  }, [lookup, serviceProviderId, groupId, userId])
  // Another group has other departments and numbers.
  useEffect(() => () => setAnswer(undefined), [load])
  return { answer, load }
}
