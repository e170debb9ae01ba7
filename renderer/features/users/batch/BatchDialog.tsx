import { useEffect } from 'react'
import { useStatus } from '../../../kernel/status'
import { showInFolder } from '../../../kernel/written'
import { Button } from '../../../ui/Button'
import { Dialog } from '../../../ui/Dialog'
import { TextField } from '../../../ui/Field'
import { Notice } from '../../../ui/Notice'
import { Progress } from '../../../ui/Progress'
import { Refusal } from '../../../ui/Refusal'
import { count, counted } from '../../../ui/words'
import { about } from '../list/Completeness'
import { Preview } from './Preview'
import { RuleEditor } from './RuleEditor'
import {
  closeBatch,
  compare,
  followBatches,
  leaveBatch,
  saveBatch,
  saveResult,
  stopWork,
  useBatch,
} from './store'

/** Changes of many users, by rules or from a file: looked at first, then saved. */
export function BatchDialog() {
  useEffect(followBatches, [])
  const asked = useBatch((state) => state.asked)
  const summary = useBatch((state) => state.summary)
  const error = useBatch((state) => state.error)
  const note = useBatch((state) => state.note)
  const written = useBatch((state) => (state.note === undefined ? undefined : state.written))
  const begun = useBatch((state) => state.progress !== undefined)
  if (!asked) return null
  const reading = asked.kind === 'import' && !summary && !error
  // While the system's own dialog is open there is nothing to show yet.
  if (reading && !begun) return null
  return (
    <Dialog
      large
      open
      title={titleOf(asked, summary?.name)}
      onClose={() => void (reading ? closeBatch() : leaveBatch())}
      footer={reading ? undefined : <Footer />}
    >
      {error && <Refusal error={error} />}
      {asked.kind === 'edit' && <RuleEditor />}
      <Work />
      <Unread />
      {note !== undefined && (
        <Notice tone="info" announce actions={written !== undefined && <InFolder path={written} />}>
          {note}
        </Notice>
      )}
      <Preview />
      {summary && summary.edits > 0 && <Reason />}
    </Dialog>
  )
}

const InFolder = ({ path }: { path: string }) => (
  <Button look="quiet" onPress={() => void showInFolder(path)}>
    Show in folder
  </Button>
)

function titleOf(asked: NonNullable<ReturnType<typeof useBatch.getState>['asked']>, file?: string): string {
  if (asked.kind === 'edit') return `Edit ${counted(asked.users, 'user')}`
  const what = /\.xlsx$/i.test(file ?? '') ? 'Import workbook' : 'Import CSV'
  return file === undefined ? what : `${what}: ${file}`
}

const workWords = {
  read: 'Reading the file',
  look: 'Looking at users',
  compare: 'Comparing with the server',
  save: 'Saving',
  export: 'Exporting',
}

function Work() {
  const work = useBatch((state) => state.work)
  const progress = useBatch((state) => state.progress)
  if (!work || (work !== 'compare' && !progress)) return null
  const { done, of } = progress ?? { done: 0, of: 0 }
  const what = workWords[progress?.work ?? work]
  return (
    <Progress
      label={what}
      done={done}
      of={of}
      words={of === 0 ? `${what}…` : `${what}: ${count(done)} of ${count(of)}`}
      onCancel={() => void stopWork()}
      cancel="Stop"
    />
  )
}

/** Users of whom a field in question was not read: without it, it is not known what would be replaced. */
function Unread() {
  const unread = useBatch((state) => state.summary?.unread ?? 0)
  const work = useBatch((state) => state.work)
  const online = useStatus(({ status }) => status?.mayAsk === true)
  if (unread === 0 || work !== undefined) return null
  return (
    <Notice tone="info">
      {`Of ${counted(unread, 'user')} not every field in question was read yet, so it is not known what would be replaced. `}
      {online
        ? 'Read them first, or save only the others.'
        : 'Connect to read them; the others can be saved.'}
    </Notice>
  )
}

function Reason() {
  const reason = useBatch((state) => state.reason)
  return (
    <TextField
      label="Reason or ticket"
      description="Optional, kept in history."
      value={reason}
      onChange={(next) => useBatch.setState({ reason: next })}
    />
  )
}

function Footer() {
  const { summary, count: picked, work } = useBatch()
  const online = useStatus(({ status }) => status?.mayAsk === true)
  const users = summary ? picked.users : 0
  const unread = online ? (summary?.unread ?? 0) : 0
  const told = summary?.columns?.why === undefined
  return (
    <>
      <span className="grow small quiet">
        {summary && users > 0 && `${counted(picked.edits, 'field')} of ${counted(users, 'user')}`}
      </span>
      {summary?.kind === 'import' && told && (
        <Button look="quiet" isDisabled={work !== undefined} onPress={() => void saveResult()}>
          Save result…
        </Button>
      )}
      {summary && told && (
        <Button look="quiet" isDisabled={!online || work !== undefined} onPress={() => void compare()}>
          Compare with the server
        </Button>
      )}
      <Button isDisabled={work === 'save'} onPress={() => void leaveBatch()}>
        {summary && users === 0 ? 'Close' : 'Cancel'}
      </Button>
      {unread > 0 && (
        <Button look="primary" isDisabled={work !== undefined} onPress={() => void compare('unread')}>
          {`Read ${counted(unread, 'user')} first${about(summary?.readSeconds)}`}
        </Button>
      )}
      <Button
        look={unread > 0 ? 'plain' : 'primary'}
        isDisabled={users === 0 || work === 'save' || work === 'look'}
        onPress={() => void saveBatch()}
      >
        {users === 0 ? 'Save' : `Save ${counted(users, 'user')}`}
      </Button>
    </>
  )
}
