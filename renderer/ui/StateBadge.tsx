import {
  Ban,
  Check,
  CircleDashed,
  CircleHelp,
  Clock,
  CloudDownload,
  GitCompare,
  type LucideIcon,
  PenLine,
  Send,
  UserX,
} from 'lucide-react'

/** The few looks that states have, the same everywhere. */
export type StateLook =
  | 'draft'
  | 'waiting'
  | 'sending'
  | 'unknown'
  | 'conflict'
  | 'refused'
  | 'done'
  | 'ended'
  | 'gone'
  | 'found'

const icons: Readonly<Record<StateLook, LucideIcon>> = {
  draft: PenLine,
  waiting: Clock,
  sending: Send,
  unknown: CircleHelp,
  conflict: GitCompare,
  refused: Ban,
  done: Check,
  ended: CircleDashed,
  gone: UserX,
  found: CloudDownload,
}

/** A state: a shape and a word, never a colour alone. */
export function StateBadge({ look, children }: { look: StateLook; children: string }) {
  const Icon = icons[look]
  return (
    <span className="state" data-state={look}>
      <Icon size={12} strokeWidth={2.5} aria-hidden />
      <span className="state-word">{children}</span>
    </span>
  )
}
