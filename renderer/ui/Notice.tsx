import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

export type Tone = 'info' | 'good' | 'warning' | 'error'

const icons = { info: Info, good: CircleCheck, warning: TriangleAlert, error: CircleAlert }

interface Props {
  readonly tone: Tone
  readonly children: ReactNode
  /** What to do next. */
  readonly next?: string | undefined
  /** The words of the server or system: said when short, else one click away. */
  readonly raw?: string | undefined
  readonly actions?: ReactNode
  /** Says it aloud as soon as it appears: for what a person's own action brought about. */
  readonly announce?: boolean
}

/** A short text in place, where what it is about stands. */
export function Notice({ tone, children, next, raw, actions, announce }: Props) {
  const Icon = icons[tone]
  const role = announce ? (tone === 'error' ? 'alert' : 'status') : undefined
  return (
    <div className={`notice notice-${tone}`} role={role}>
      <Icon size={16} aria-hidden />
      <div className="notice-text selectable">
        <span>{children}</span>
        {next && <span className="notice-next"> {next}</span>}
        {raw && isShort(raw) && <span className="notice-raw"> “{raw.trim()}”</span>}
        {raw && reasonIn(raw) && <span className="notice-raw"> “{reasonIn(raw)}”</span>}
        {raw && !isShort(raw) && (
          <details>
            <summary>The exact words</summary>
            <pre>{raw}</pre>
          </details>
        )}
      </div>
      {actions && <div className="notice-actions">{actions}</div>}
    </div>
  )
}

/** A line for people rather than a page or a record. */
const isShort = (raw: string): boolean =>
  /^\s*[^<{[\s][^\n]{0,200}\s*$/.test(raw) || /^\s*\[Error \d+\][^\n]{0,200}\s*$/.test(raw)

/** What the API gives as its reason in an error of its own form, if that is a line for people. */
function reasonIn(raw: string): string | undefined {
  if (!raw.trimStart().startsWith('{')) return undefined
  try {
    const { error } = JSON.parse(raw) as { error?: unknown }
    return typeof error === 'string' && isShort(error) ? error.trim() : undefined
  } catch {
    return undefined
  }
}
