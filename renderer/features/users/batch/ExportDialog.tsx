import { useEffect } from 'react'
import { unreadWord } from '../../../../shared/user/cell'
import { useStatus } from '../../../kernel/status'
import { Button } from '../../../ui/Button'
import { Dialog } from '../../../ui/Dialog'
import { Notice } from '../../../ui/Notice'
import { Progress } from '../../../ui/Progress'
import { count, counted } from '../../../ui/words'
import { about } from '../list/Completeness'
import { exportAsItIs, followBatches, leaveExport, readThenExport, useBatch, useExport } from './store'

/** Asks, before a file is written, what is to become of fields that were not read. */
export function ExportDialog() {
  useEffect(followBatches, [])
  const asked = useExport((state) => state.asked)
  const progress = useBatch((state) => state.progress)
  const online = useStatus(({ status }) => status?.mayAsk === true)
  if (!asked) return null
  const { facts, reading, why } = asked
  const { done, of } = progress ?? { done: 0, of: 0 }
  return (
    <Dialog
      open
      title="Export users"
      onClose={() => void leaveExport()}
      footer={
        <>
          <Button onPress={() => void leaveExport()}>Cancel</Button>
          <Button isDisabled={reading} onPress={() => void exportAsItIs()}>
            {`Export with ${unreadWord}`}
          </Button>
          <Button
            look="primary"
            isDisabled={reading || !online || facts.groups === 0}
            onPress={() => void readThenExport()}
          >
            {`Read them first${about(facts.seconds)}`}
          </Button>
        </>
      }
    >
      <p>
        {`Of ${count(facts.unread)} of ${counted(facts.users, 'user')} not every field of the file was read from the server yet. `}
        {`Such a field stands in the file as ${unreadWord}, which no import takes for a value.`}
      </p>
      {why !== undefined && <Notice tone="warning">{`Not all could be read: ${why}`}</Notice>}
      {!online && <p className="quiet">Reading them needs the server.</p>}
      {reading && (
        <Progress
          label="Reading users"
          done={done}
          of={of}
          words={of === 0 ? 'Reading…' : `${count(done)} of ${counted(of, 'user')}`}
        />
      )}
    </Dialog>
  )
}
