import type { LoadProgress } from '../../../../shared/ipc/contract'
import { useStatus } from '../../../kernel/status'
import { Button } from '../../../ui/Button'
import { Notice } from '../../../ui/Notice'
import { Progress } from '../../../ui/Progress'
import { count, counted } from '../../../ui/words'
import { cancelLoading, readMissing, refreshFromServer, useUsers } from '../store'

/** How far the reading of users has come, and which groups could not be read. */
export function LoadingBar() {
  const progress = useUsers((state) => state.progress)
  // What holds for the whole server is said once, above the list.
  const away = useStatus(({ status }) => status?.mayAsk === false && status.users > 0)
  if (!progress) return null
  const { running, failed } = progress
  const isReading = progress.groupsTotal === 0 || progress.groupsHere < progress.groupsTotal
  return (
    <>
      {running && progress.ahead !== true && (
        <Progress
          label="Loading users"
          done={progress.groupsDone}
          of={progress.groupsTotal}
          words={wordsOf(progress)}
          // What has arrived comes into the list in any case.
          {...(isReading ? { onCancel: () => void cancelLoading() } : {})}
        />
      )}
      {failed.length > 0 && !away && (
        <FailedGroups failed={failed} running={running} phase={progress.phase} />
      )}
    </>
  )
}

function wordsOf({ groupsHere, groupsDone, groupsTotal, users, failed, phase }: LoadProgress): string {
  if (groupsTotal === 0) return 'Finding groups…'
  const far = `${count(groupsDone)} of ${counted(groupsTotal, 'group')}, ${counted(users, 'user')}`
  if (phase === 'calls') return `Reading call handling: ${far}`
  if (groupsHere < groupsTotal) return `Reading ${phase === 'list' ? 'users' : 'details'}: ${far}`
  // Who is about to leave the network wants to know.
  return `${failed.length === 0 ? 'Everything has arrived. ' : ''}Filling the list: ${far}`
}

interface FailedProps {
  readonly failed: readonly { readonly groupId: string; readonly message: string }[]
  readonly running: boolean
  readonly phase: LoadProgress['phase']
}

function FailedGroups({ failed, running, phase }: FailedProps) {
  const shown = failed.slice(0, 50)
  return (
    <Notice
      tone="warning"
      actions={
        !running &&
        phase !== 'calls' && (
          <Button
            look="quiet"
            onPress={() => void (phase === 'list' ? refreshFromServer() : readMissing({}))}
          >
            Try again
          </Button>
        )
      }
    >
      {phase === 'list'
        ? `${counted(failed.length, 'group')} could not be read. ${failed.length === 1 ? 'Its' : 'Their'} users are shown as they were.`
        : phase === 'calls'
          ? `Not all of ${counted(failed.length, 'group')} could be read.`
          : `The full records of ${counted(failed.length, 'group')} could not be read. They are tried again later.`}
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
