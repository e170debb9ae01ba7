import { ProgressBar } from 'react-aria-components'
import { Button } from './Button'

interface Props {
  readonly label: string
  readonly done: number
  /** 0 while it is not known how much there is. */
  readonly of: number
  /** How far it is, in words. */
  readonly words: string
  readonly onCancel?: () => void
  readonly cancel?: string
}

/** How far a longer job has come, with a way to stop it. */
export function Progress({ label, done, of, words, onCancel, cancel = 'Cancel' }: Props) {
  return (
    <div className="loading-bar">
      <ProgressBar
        aria-label={label}
        value={done}
        maxValue={Math.max(1, of)}
        isIndeterminate={of === 0}
        valueLabel={words}
        className="progress"
      >
        {({ percentage = 0, isIndeterminate }) => (
          <span className="progress-track">
            <span
              className={isIndeterminate ? 'progress-fill progress-busy' : 'progress-fill'}
              style={{ width: isIndeterminate ? undefined : `${percentage}%` }}
            />
          </span>
        )}
      </ProgressBar>
      <span className="small quiet tabular">{words}</span>
      {onCancel && (
        <Button look="quiet" onPress={onCancel}>
          {cancel}
        </Button>
      )}
    </div>
  )
}
