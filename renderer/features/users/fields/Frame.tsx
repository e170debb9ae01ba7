import type { ReactNode } from 'react'
import type { ControlProps } from './control'

interface Props extends Pick<ControlProps, 'look' | 'was' | 'problem'> {
  readonly id: string
  readonly label: string
  /** For a group of controls, which a label element cannot name. */
  readonly group?: boolean
  /** What a person should know before they change it, or why they cannot. */
  readonly hint?: string | undefined
  /** A button that belongs to the control, or a place for one that comes and goes. */
  readonly beside?: ReactNode
  /** What can be done next, under everything else. */
  readonly below?: ReactNode
  readonly children: ReactNode
}

export const noteId = (id: string) => `${id}-note`

/** Label on the left, control on the right, and under it what it was or what is wrong. */
export function Frame({ id, label, group, look, was, problem, hint, beside, below, children }: Props) {
  return (
    <div className="control" data-look={look}>
      {group ? (
        <span className="control-label" id={id}>
          {label}
        </span>
      ) : (
        <label className="control-label" htmlFor={id}>
          {label}
        </label>
      )}
      <div className="control-body">
        {beside !== undefined ? (
          <div className="item">
            {children}
            {beside}
          </div>
        ) : (
          children
        )}
        <div id={noteId(id)} className="control-notes">
          {problem !== undefined && <p className="problem">{problem}</p>}
          {was !== undefined && <p className="was">{was}</p>}
          {hint !== undefined && <p className="small quiet">{hint}</p>}
        </div>
        {below}
      </div>
    </div>
  )
}
