import { Pause, Play, RefreshCw, RotateCcw, Trash2 } from 'lucide-react'
import { ColumnsButton } from '../../grid/ColumnsButton'
import { useLayoutSetting } from '../../grid/layouts'
import { useSource } from '../../grid/useSource'
import { useStatus } from '../../kernel/status'
import { Button } from '../../ui/Button'
import { MenuButton } from '../../ui/MenuButton'
import { duration } from '../../ui/time'
import { count, counted } from '../../ui/words'
import { outboxColumns } from './columns'
import { importUnsent } from './importing'
import { chosenIds, discard, exportUnsent, outboxSource, pause, retry, syncNow, useOutbox } from './store'

export function OutboxToolbar() {
  useSource(outboxSource)
  const { selection, current } = useOutbox()
  const [layout, setLayout] = useLayoutSetting('outbox-columns')
  const total = outboxSource.total() ?? 0
  // Of a long list it is not known here which have ended; the question before a discard counts anew.
  const chosen = Math.min(selection.ids.size, total)
  const any = total > 0 && (chosen > 0 || current !== undefined)
  const paused = outboxSource.latest()?.paused ?? false
  const many = chosen > 0 ? ` ${count(chosen)} selected` : ''
  return (
    <div className="toolbar outbox-toolbar">
      <h1>Outbox</h1>
      <p role="status" className="quiet grow">
        <Summary />
      </p>
      <Button icon={RefreshCw} isDisabled={total === 0} onPress={() => void syncNow()}>
        Sync now
      </Button>
      <div className="toolbar-line">
        <Button look="quiet" icon={RotateCcw} isDisabled={!any} onPress={() => void retry(chosenIds())}>
          Retry{many}
        </Button>
        <Button look="quiet" icon={Trash2} isDisabled={!any} onPress={() => void discard(chosenIds())}>
          Discard{many}
        </Button>
        <span className="grow" />
        <Button look="quiet" icon={paused ? Play : Pause} onPress={() => void pause(!paused)}>
          {paused ? 'Resume' : 'Pause'}
        </Button>
        <ColumnsButton columns={outboxColumns} layout={layout} onLayout={setLayout} />
        <MenuButton
          choices={[
            { id: 'export', label: 'Export unsent changes…', run: () => void exportUnsent() },
            { id: 'import', label: 'Import unsent changes…', run: () => void importUnsent() },
          ]}
        >
          More
        </MenuButton>
      </div>
    </div>
  )
}

/** How much waits, for what, and about how long. */
function Summary() {
  const status = useStatus((state) => state.status)
  const total = outboxSource.total()
  if (total === undefined || total === 0) return null
  const { paused, secondsLeft } = outboxSource.latest() ?? {}
  const waiting = `${counted(total, 'change')} waiting`
  if (paused) return `${waiting}. Paused.`
  if (status?.workOffline) return `${waiting}. Working offline.`
  if (status && status.network !== 'online') return `${waiting}. ${status.why ?? 'Not online.'}`
  if (secondsLeft === undefined || secondsLeft <= 0) return `${waiting}.`
  // Not read out at every step of the countdown.
  return <span aria-live="off">{`${waiting}. About ${duration(secondsLeft)} left.`}</span>
}
