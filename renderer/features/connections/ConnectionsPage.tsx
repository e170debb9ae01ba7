import { Download, Plus, Upload } from 'lucide-react'
import { useEffect } from 'react'
import { usePolicy } from '../../kernel/policy'
import { useStatus } from '../../kernel/status'
import { Button } from '../../ui/Button'
import { WhatToLoadDialog } from '../users/WhatToLoad'
import { ConnectionForm } from './ConnectionForm'
import { ConnectionList } from './ConnectionList'
import { DemoButton } from './DemoButton'
import { FirstRun } from './FirstRun'
import { ImportDialog } from './ImportDialog'
import { exportConnections, importConnections } from './importing'
import { PasswordDialog } from './PasswordDialog'
import { edit, listConnections, useConnections } from './store'

/** The servers a person works with, and how to sign in to them. */
export function ConnectionsPage() {
  const { list, editing } = useConnections()
  const { noDemo, connectionsLocked } = usePolicy(({ policy }) => policy)
  const active = useStatus(({ status }) => status?.connectionId)

  useEffect(() => {
    void listConnections()
  }, [])

  if (list === undefined) return <div className="page" />
  if (list.length === 0 && editing === undefined) return <FirstRun />
  const shown = editing ?? active ?? list[0]?.id
  const connection = list.find((each) => each.id === shown)
  return (
    <div className="page connections-page">
      <section className="connections-list" aria-label="Servers">
        <div className="page-head">
          <h1>Connections</h1>
        </div>
        <ConnectionList list={list} shown={shown} active={active} />
        <div className="connections-add">
          {connectionsLocked === undefined ? (
            <>
              <Button look="quiet" icon={Plus} onPress={() => edit('new')}>
                New connection
              </Button>
              <Button look="quiet" icon={Download} onPress={() => void importConnections()}>
                Import connections…
              </Button>
            </>
          ) : (
            <p className="small quiet connections-set">No connection can be added. {connectionsLocked}</p>
          )}
          {list.some((each) => !each.demo && each.username !== '') && (
            <Button look="quiet" icon={Upload} onPress={() => void exportConnections()}>
              Export connections…
            </Button>
          )}
          {noDemo === undefined && !list.some((each) => each.demo) && <DemoButton look="quiet" />}
        </div>
      </section>
      <section className="connections-form" aria-label={connection?.name ?? 'New connection'}>
        <ConnectionForm key={connection?.id ?? 'new'} connection={connection} />
        <PasswordDialog />
        <ImportDialog />
        <WhatToLoadDialog />
      </section>
    </div>
  )
}
