import { useEffect, useState } from 'react'
import type { NearestSearch } from '../../../../shared/ipc/contract'
import { useSource } from '../../../grid/useSource'
import { ask, gungnir } from '../../../kernel/bridge'
import { identityNow } from '../../../kernel/status'
import { Button } from '../../../ui/Button'
import { count } from '../../../ui/words'
import { setSearch, usersSource, useUsers } from '../store'

/** A search that finds no more than so many may be mistyped. */
const few = 3
/** In ms, after the last key: whoever goes on typing means something else. */
const rest = 200

const nobody: readonly NearestSearch[] = []

/** What a search that finds nobody, or hardly anybody, may have meant. */
export function NearestNames() {
  useSource(usersSource)
  const query = useUsers((state) => state.query)
  const matched = usersSource.total() ?? few + 1
  const known = usersSource.latest()?.known ?? 0
  const [near, setNear] = useState<{ readonly of: typeof query; readonly found: readonly NearestSearch[] }>()
  const wanted = query.search.trim() !== '' && matched <= few && known > 0

  useEffect(() => {
    if (!wanted) return
    let here = true
    const as = identityNow()
    const timer = setTimeout(() => {
      const asked = ask(gungnir.users.nearest({ query, ...(as === undefined ? {} : { as }) }))
      // It is an offer: a list that cannot be read says so itself.
      void asked.catch(() => nobody).then((found) => here && setNear({ of: query, found }))
    }, rest)
    return () => {
      here = false
      clearTimeout(timer)
    }
  }, [wanted, query])

  const found = wanted && near?.of === query ? near.found : nobody
  return (
    <div role="status" aria-label="Did you mean" className={found.length > 0 ? 'search-problems' : undefined}>
      {found.length > 0 && <span>Did you mean</span>}
      {found.map(({ search, users }) => (
        <Button key={search} look="quiet" onPress={() => setSearch(search)}>
          <bdi>{search}</bdi> {`(${count(users)})`}
        </Button>
      ))}
      {found.length > 0 && <span>?</span>}
    </div>
  )
}
