import { PlugZap } from 'lucide-react'
import { goTo } from '../../kernel/pages'
import { Button } from '../../ui/Button'
import { Empty } from '../../ui/Empty'
import { signInTo, useConnections } from '../connections/store'

/** No server is in use: says so, and offers each of the saved ones. */
export function NotConnected() {
  const { list, busy } = useConnections()
  return (
    <div className="page users-page">
      <section className="users-list" aria-label="Users list">
        <h1 className="hidden-text">Users</h1>
        <Empty
          icon={PlugZap}
          title="Not connected"
          actions={
            <>
              {list?.map((connection) => (
                <Button
                  key={connection.id}
                  isDisabled={busy !== undefined}
                  onPress={() => void signInTo(connection)}
                >
                  Connect to {connection.name}
                </Button>
              ))}
              <Button look="quiet" onPress={() => goTo('connections')}>
                Go to Connections
              </Button>
            </>
          }
        >
          The users of a server are shown once you are connected to it.
        </Empty>
      </section>
    </div>
  )
}
