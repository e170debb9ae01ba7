import { Radio, RadioGroup } from 'react-aria-components'
import type { ReadingChoice } from '../../../../shared/ipc/contract'
import { useStatus } from '../../../kernel/status'
import { Button } from '../../../ui/Button'
import { DialogButton } from '../../../ui/DialogButton'
import { Progress } from '../../../ui/Progress'
import { duration } from '../../../ui/time'
import { count, counted } from '../../../ui/words'
import { cancelLoading, chooseReading, readMissing, useUsers } from '../store'
import { keptOf, keptWords } from './offline'

/** About how long a read takes, in words for behind a verb; nothing when that is not known. */
export const about = (seconds: number | undefined): string =>
  seconds === undefined ? '' : ` (about ${duration(seconds)})`

const choices: readonly (readonly [ReadingChoice, string])[] = [
  ['all', 'Of everybody'],
  ['opened', 'Of who is opened, and of the group that is chosen'],
  ['nothing', 'Only of who is opened'],
]

/** How far the full records are here, with what is read by itself and a way to read the rest. */
export function CompletenessButton() {
  const completeness = useUsers((state) => state.completeness)
  const progress = useUsers((state) => state.progress)
  const online = useStatus(({ status }) => status?.mayAsk === true)
  if (completeness === undefined || completeness.users === 0) return null
  const { users, known, choice, stopped, seconds } = completeness
  const reading = progress?.running === true && progress.phase === 'details'
  const rest = users - known
  const words = `${reading ? 'Reading: ' : ''}${rest === 0 ? 'all' : count(known)} in full`
  return (
    <DialogButton label={words} name={`${words}, full records`} title="Full records">
      <p>
        {rest === 0
          ? `The full record of each of ${counted(users, 'user')} is here.`
          : `The full record is here of ${count(known)} of ${counted(users, 'user')}. Of the others the server has told what its lists tell: name, user ID, number, extension, department.`}
      </p>
      {reading ? (
        <Progress
          label="Reading full records"
          done={progress.groupsDone}
          of={progress.groupsTotal}
          words={`${count(progress.groupsDone)} of ${counted(progress.groupsTotal, 'group')}`}
          onCancel={() => void cancelLoading()}
          cancel="Stop"
        />
      ) : (
        rest > 0 && (
          <p>
            <Button isDisabled={!online} onPress={() => void readMissing({})}>
              {`Read the rest${about(seconds)}`}
            </Button>
            {stopped && <span className="small quiet"> Stopped. Nothing is read until you ask for it.</span>}
            {!online && <span className="small quiet"> This needs the server.</span>}
          </p>
        )
      )}
      <KeptGroups />
      <RadioGroup
        aria-label="Read full records by themselves"
        className="radios radios-column"
        value={choice}
        onChange={(chosen) => void chooseReading(chosen as ReadingChoice)}
      >
        <span className="label">Read full records by themselves</span>
        {choices.map(([value, label]) => (
          <Radio key={value} value={value} className="radio">
            {label}
          </Radio>
        ))}
      </RadioGroup>
    </DialogButton>
  )
}

/** Which groups are kept for work without a network, how complete and from when. */
function KeptGroups() {
  const scopes = useUsers((state) => state.scopes)
  const kept = scopes.filter(({ offline }) => offline)
  if (kept.length === 0) return null
  return (
    <>
      <p className="label" id="kept-groups">
        Kept offline
      </p>
      <ul aria-labelledby="kept-groups" className="kept-groups small">
        {kept.map((group) => (
          <li key={`${group.serviceProviderId} ${group.groupId}`}>
            {`${group.groupId} (${group.serviceProviderId}): ${keptWords(keptOf([group]), Date.now())}`}
          </li>
        ))}
      </ul>
    </>
  )
}
