import { Button } from '../../ui/Button'
import { Notice } from '../../ui/Notice'
import { Progress } from '../../ui/Progress'
import { count, counted } from '../../ui/words'
import { cancelLoading, refreshFromServer, useUsers } from './store'

/** How far the reading of users has come, and which groups could not be read. */
export function LoadingBar() {
  const progress = useUsers((state) => state.progress)
  if (!progress) return null
  const { running, groupsDone, groupsTotal, users, failed, phase } = progress
  const what = phase === 'list' ? 'users' : 'details'
  return (
    <>
      {running && (
        <Progress
          label="Loading users"
          done={groupsDone}
          of={groupsTotal}
          words={
            groupsTotal === 0
              ? 'Finding groups…'
              : `Reading ${what}: ${count(groupsDone)} of ${counted(groupsTotal, 'group')}, ${counted(users, 'user')}`
          }
          onCancel={() => void cancelLoading()}
        />
      )}
      {failed.length > 0 && <FailedGroups failed={failed} running={running} />}
    </>
  )
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
