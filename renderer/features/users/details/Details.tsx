import { X } from 'lucide-react'
import type { CSSProperties, KeyboardEvent } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { flushSync } from 'react-dom'
import type { UserDetails } from '../../../../shared/ipc/contract'
import type { UserKey } from '../../../../shared/user/types'
import { displayValue, drawn } from '../../../../shared/user/value'
import { IconButton } from '../../../ui/Button'
import { Splitter } from '../../../ui/Splitter'
import { ActionsButton } from '../actions/ActionsButton'
import { useDraft } from '../drafts/draftStore'
import { shownName, shownValue } from '../shownValue'
import { usersGrid, useUsers } from '../store'
import { Calls } from './Calls'
import { DetailsFields } from './DetailsFields'
import { DetailsFooter } from './DetailsFooter'
import { DetailsState } from './DetailsState'
import {
  type DetailsTab,
  narrowestPanel,
  setDetailsWidth,
  showTab,
  useDetailsLayout,
  useDetailsTab,
  widestPanel,
} from './detailsLayout'
import { useDetails } from './detailsStore'
import { JsonView } from './JsonView'
import { NobodyChosen } from './NobodyChosen'
import { UserHistory } from './UserHistory'

/** Every option of the current user, beside the grid or over it. */
export function Details({ onClose }: { onClose: () => void }) {
  const { width, sheet } = useDetailsLayout()
  const current = useUsers((state) => state.current)
  const details = useDetails((state) => state.copy)
  const shown = current && details?.key.userId === current.userId ? details : undefined
  const style = { '--details': `${width}px` } as CSSProperties
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || event.nativeEvent.isComposing) return
    if (sheet) onClose()
    else usersGrid.current?.focus()
  }
  return (
    <section
      aria-label="User details"
      className={sheet ? 'details details-sheet' : 'details'}
      style={style}
      onKeyDown={onKeyDown}
    >
      {!sheet && (
        <Splitter
          label="Width of the details"
          width={width}
          least={narrowestPanel}
          most={widestPanel}
          onWidth={setDetailsWidth}
        />
      )}
      {current ? (
        <>
          <Head name={current.userId} details={shown} onClose={onClose} />
          <Parts user={current} details={shown} />
          <DetailsFooter userId={current.userId} />
        </>
      ) : (
        <>
          <div className="details-head">
            <span className="grow" />
            <IconButton icon={X} name="Close details" onPress={onClose} />
          </div>
          <NobodyChosen />
        </>
      )}
    </section>
  )
}

interface PartsProps {
  readonly user: UserKey
  readonly details: UserDetails | undefined
}

function Parts({ user, details }: PartsProps) {
  const tab = useDetailsTab()
  // The button that leads there goes with its tab: the focus goes on to the tab that is shown.
  const goToCalls = () => {
    flushSync(() => showTab('calls'))
    document.querySelector<HTMLElement>('.details [role=tab][aria-selected=true]')?.focus()
  }
  return (
    <Tabs
      className="details-tabs"
      selectedKey={tab}
      onSelectionChange={(chosen) => showTab(chosen as DetailsTab)}
    >
      <TabList className="tabs" aria-label="Parts of the details">
        <Tab id="profile" className="tab">
          Profile
        </Tab>
        <Tab id="calls" className="tab">
          Calls
        </Tab>
        <Tab id="history" className="tab">
          History
        </Tab>
        <Tab id="json" className="tab">
          JSON
        </Tab>
      </TabList>
      <TabPanel id="profile" className="tab-panel">
        <DetailsState details={details} />
        {details && <DetailsFields details={details} onCalls={goToCalls} key={details.key.userId} />}
      </TabPanel>
      <TabPanel id="calls" className="tab-panel">
        <Calls user={user} key={user.userId} />
      </TabPanel>
      <TabPanel id="history" className="tab-panel">
        <UserHistory userId={user.userId} />
      </TabPanel>
      <TabPanel id="json" className="tab-panel">
        {details && <JsonView details={details} key={details.key.userId} />}
      </TabPanel>
    </Tabs>
  )
}

interface HeadProps {
  readonly name: string
  readonly details: UserDetails | undefined
  readonly onClose: () => void
}

function Head({ name, details, onClose }: HeadProps) {
  const draft = useDraft(details?.key.userId)
  const extension = details && displayValue('extension', shownValue(details, draft, 'extension') ?? null)
  const facts = details
    ? [details.key.userId, extension && `ext. ${extension}`, details.key.groupId].filter(Boolean).join(' · ')
    : ''
  return (
    <header className="details-head">
      <div className="grow">
        <h2 className="details-name selectable" dir="auto">
          {drawn(details ? shownName(details, draft) : name)}
        </h2>
        <p className="small quiet selectable details-facts">{facts}</p>
      </div>
      {details && <ActionsButton details={details} />}
      <IconButton icon={X} name="Close details" onPress={onClose} />
    </header>
  )
}
