import type { Connection } from '../../../shared/ipc/contract'
import { networkOf, useStatus } from '../../kernel/status'
import { useColours } from './colours'
import { isReadable } from './form'
import { edit } from './store'

interface Props {
  readonly list: readonly Connection[]
  readonly shown: string | undefined
  readonly active: string | undefined
}

export function ConnectionList({ list, shown, active }: Props) {
  const status = useStatus((state) => state.status)
  const now = status && networkOf(status)
  const colourOf = useColours()
  return (
    <ul className="connection-list">
      {list.map((each) => (
        <li key={each.id}>
          <button
            type="button"
            className="connection-item"
            data-colour={colourOf(each.id)}
            aria-current={each.id === shown || undefined}
            onClick={() => edit(each.id)}
          >
            <span className="dot" data-network={each.id === active ? now?.dot : 'none'} aria-hidden />
            <span className="grow">
              <span className="connection-name">{each.name}</span>
              <span className="small quiet connection-where">
                {each.username} · {each.demo ? 'on this computer' : each.baseUrl}
                {isReadable(each.baseUrl) && ' · not encrypted'}
              </span>
              <span className="small quiet">
                {[
                  ...(each.id === active && now ? [now.word] : []),
                  ...(each.readOnly ? ['Read-only'] : []),
                ].join(' · ')}
              </span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
