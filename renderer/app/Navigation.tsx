import { History, Inbox, type LucideIcon, PanelLeftClose, PanelLeftOpen, Server, Users } from 'lucide-react'
import { type FocusEvent, type KeyboardEvent, type ReactNode, useEffect, useState } from 'react'
import { type Page, pageNames, pages } from '../kernel/pages'
import { setSetting, useStored } from '../kernel/settings'
import { useStatus } from '../kernel/status'
import { IconButton } from '../ui/Button'
import { useMedia } from '../ui/useMedia'
import { count } from '../ui/words'
import { Appearance } from './Appearance'

const icons: Readonly<Record<Page, LucideIcon>> = {
  users: Users,
  outbox: Inbox,
  history: History,
  connections: Server,
}

/** Where names beside the icons would leave too little room for the page, as at 200 % zoom; see frame.css. */
const narrowWindow = '(max-width: 799px)'

/**
 * Whether only icons are shown, as the person chose it and remembered. In a narrow window always, except while they are
 * asked for: then the names lie over the page until one goes on.
 */
function useCollapsed(page: Page) {
  const stored = useStored('navigation') === 'collapsed'
  const narrow = useMedia(narrowWindow)
  const [over, setOver] = useState(false)
  // Whoever went to a page is done with the names.
  useEffect(() => setOver(false), [page, narrow])
  const collapsed = narrow ? !over : stored
  const set = (next: boolean) => {
    if (narrow) setOver(!next)
    else setSetting('navigation', next ? 'collapsed' : 'open')
  }
  return { collapsed, over: narrow && over, set }
}

export function Navigation({ page, children }: { readonly page: Page; readonly children?: ReactNode }) {
  const { collapsed, over, set } = useCollapsed(page)
  const outbox = useStatus(({ status }) => status?.outbox)
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent<HTMLElement>) => {
    if (over && relatedTarget !== null && !currentTarget.contains(relatedTarget)) set(true)
  }
  const onKeyDown = ({ key, defaultPrevented }: KeyboardEvent) => {
    if (over && key === 'Escape' && !defaultPrevented) set(true)
  }
  return (
    <nav
      className="navigation"
      aria-label="Main"
      data-collapsed={collapsed || undefined}
      data-over={over || undefined}
      onBlur={onBlur}
      onKeyDown={onKeyDown}
    >
      <p className="brand">
        <Spear />
        <span className={collapsed ? 'hidden-text' : undefined}>Gungnir</span>
      </p>
      <ul className="nav-list">
        {pages.map((each) => (
          <li key={each}>
            <NavLink
              page={each}
              current={each === page}
              collapsed={collapsed}
              waiting={each === 'outbox' ? (outbox?.waiting ?? 0) : 0}
              needsPerson={each === 'outbox' ? (outbox?.needsPerson ?? 0) : 0}
            />
          </li>
        ))}
      </ul>
      <div className="nav-more">{!collapsed && children}</div>
      <div className="nav-foot">
        <Appearance collapsed={collapsed} />
        <IconButton
          icon={collapsed ? PanelLeftOpen : PanelLeftClose}
          name={collapsed ? 'Show names' : 'Show icons only'}
          onPress={() => set(!collapsed)}
        />
      </div>
    </nav>
  )
}

interface LinkProps {
  readonly page: Page
  readonly current: boolean
  readonly collapsed: boolean
  readonly waiting: number
  readonly needsPerson: number
}

function NavLink({ page, current, collapsed, waiting, needsPerson }: LinkProps) {
  const Icon = icons[page]
  const name = pageNames[page]
  const said = [
    name,
    waiting > 0 && `${count(waiting)} waiting`,
    needsPerson > 0 && `${count(needsPerson)} need${needsPerson === 1 ? 's' : ''} you`,
  ]
    .filter(Boolean)
    .join(', ')
  return (
    <a
      className="nav-link"
      href={`#/${page}`}
      aria-current={current ? 'page' : undefined}
      title={collapsed ? said : undefined}
    >
      <Icon size={16} aria-hidden />
      <span className="hidden-text">{said}</span>
      {!collapsed && (
        <span className="grow" aria-hidden>
          {name}
        </span>
      )}
      {waiting > 0 && (
        <span className="badge" data-look={needsPerson > 0 ? 'refused' : undefined} aria-hidden>
          {count(waiting)}
        </span>
      )}
    </a>
  )
}

/** The mark of the app: Odin's spear. */
function Spear() {
  return (
    <svg width="18" height="18" viewBox="0 0 24 24" aria-hidden className="brand-mark">
      <path d="M14.5 2.5 21.5 2.5 21.5 9.5 17.5 10.5 13.5 6.5Z" fill="currentColor" />
      <path d="M15 9 3 21" stroke="currentColor" strokeWidth="2.5" strokeLinecap="round" fill="none" />
    </svg>
  )
}
