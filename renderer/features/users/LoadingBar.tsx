import type { LoadProgress } from '../../../shared/ipc/contract'
import { Button } from '../../ui/Button'
import { Notice } from '../../ui/Notice'
import { Progress } from '../../ui/Progress'
import { count, counted } from '../../ui/words'
import { cancelLoading, refreshFromServer, useUsers } from './store'

/** How far the reading of users has come, and which groups could not be read. */
export function LoadingBar() {
  const progress = useUsers((state) => state.progress)
  if (!progress) return null
  const { running, failed } = progress
  const isReading = progress.groupsTotal === 0 || progress.groupsHere < progress.groupsTotal
  return (
    <>
      {running && (
        <Progress
          label="Loading users"
          done={progress.groupsDone}
          of={progress.groupsTotal}
          words={wordsOf(progress)}
          // What has arrived comes into the list in any case.
          {...(isReading ? { onCancel: () => void cancelLoading() } : {})}
        />
      )}
      {failed.length > 0 && <FailedGroups failed={failed} running={running} />}
    </>
  )
}

function wordsOf({ groupsHere, groupsDone, groupsTotal, users, failed, phase }: LoadProgress): string {
  if (groupsTotal === 0) return 'Finding groups…'
  const far = `${count(groupsDone)} of ${counted(groupsTotal, 'group')}, ${counted(users, 'user')}`
  if (groupsHere < groupsTotal) return `Reading ${phase === 'list' ? 'users' : 'details'}: ${far}`
  // Who is about to leave the network wants to know.
  return `${failed.length === 0 ? 'Everything has arrived. ' : ''}Filling the list: ${far}`
}

interface FailedProps {
  readonly failed: readonly { readonly groupId: string; readonly message: string }[]
  readonly running: boolean
}

function FailedGroups({ failed, running }: FailedProps) {
  const shown = failed.slice(0, 50)
  return (
    <Notice
      tone="warning"
      actions={
        !running && (
          <Button look="quiet" onPress={() => void refreshFromServer()}>
            Try again
          </Button>
        )
      }
    >
      {counted(failed.length, 'group')} could not be read. {failed.length === 1 ? 'Its' : 'Their'} users are
      shown as they were.
      <details>
        <summary>Which, and why</summary>
        <ul>
          {shown.map(({ groupId, message }) => (
            <li key={groupId}>
              {groupId}: {message}
            </li>
          ))}
          {failed.length > shown.length && <li>and {count(failed.length - shown.length)} more</li>}
        </ul>
      </details>
    </Notice>
  )
}
