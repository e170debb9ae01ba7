import { Copy, Undo2, X } from 'lucide-react'
import { serviceAt } from '../../../shared/calls/catalogue'
import type { HistoryEntry } from '../../../shared/history/shapes'
import { drawn } from '../../../shared/user/value'
import { useStatus } from '../../kernel/status'
import { Button, IconButton } from '../../ui/Button'
import { MenuButton } from '../../ui/MenuButton'
import { Refusal } from '../../ui/Refusal'
import { StateBadge } from '../../ui/StateBadge'
import { exactTime } from '../../ui/time'
import { count } from '../../ui/words'
import { OpenUser } from '../users/details/OpenUser'
import { BatchActions, BatchFacts } from './BatchChange'
import { ChangeFields } from './ChangeFields'
import { copyAs } from './exporting'
import { type Fact, FactList } from './FactList'
import { planRevert } from './reverting'
import {
  historyGrid,
  historyId,
  isOpenApplied,
  openEntry,
  setHistorySearch,
  showEntry,
  useHistory,
} from './store'
import { batchText, outcomeLook, outcomeWord } from './words'

/** One change in full: what was, what was asked, what it became, and what went over the wire. */
export function Change() {
  const state = useHistory()
  const { entry, batch: line, opened, error, open } = state
  const canRevert = isOpenApplied(state)
  const origin = useStatus(({ status }) => status?.origin)
  const shown = entry?.id === open ? entry : undefined
  const batch =
    line?.batch && historyId(line) === open
      ? { ...line.batch, open: opened.includes(line.batch.id) }
      : undefined
  const close = () => {
    void openEntry(undefined)
    historyGrid.current?.focus()
  }
  return (
    <section aria-label="Change" className="details side">
      <header className="details-head">
        <div className="grow">
          <h2 className="details-name selectable" dir="auto">
            {drawn(
              shown ? shown.userName || shown.user.userId : line && batch ? batchText(line, batch) : 'Change',
            )}
          </h2>
          {shown && (
            <p className="small quiet selectable details-facts">
              {shown.user.userId} · {shown.user.groupId}
            </p>
          )}
        </div>
        {shown && <OpenUser user={shown.user} fields={shown.fields} here={shown.origin === origin} />}
        <IconButton icon={X} name="Close change" onPress={close} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached from the keyboard. */}
      <div className="side-body" tabIndex={0}>
        {error && <Refusal error={error} />}
        {shown && <Entry entry={shown} />}
        {line && batch && <BatchFacts line={line} batch={batch} />}
      </div>
      {shown && <Actions id={shown.id} canRevert={canRevert} />}
      {line && batch && canRevert && <BatchActions line={line} />}
    </section>
  )
}

function Actions({ id, canRevert }: { id: string; canRevert: boolean }) {
  return (
    <footer className="details-foot">
      <div className="details-actions">
        <MenuButton
          icon={Copy}
          choices={[
            { id: 'odins_spear', label: 'odins_spear (Python)', run: () => void copyAs(id, 'odins_spear') },
            { id: 'curl', label: 'curl', run: () => void copyAs(id, 'curl') },
          ]}
        >
          Copy as…
        </MenuButton>
        <span className="grow" />
        {canRevert && (
          <Button icon={Undo2} onPress={() => void planRevert(id)}>
            Revert this change…
          </Button>
        )}
      </div>
    </footer>
  )
}

/** From a change to the one it puts back, and the other way; and to those that were saved together with it. */
function Links({ entry }: { entry: HistoryEntry }) {
  const { reverts, revertedBy, batchId } = entry
  if (reverts === undefined && revertedBy === undefined && batchId === undefined) return null
  return (
    <p className="change-links">
      {reverts !== undefined && (
        <Button look="quiet" onPress={() => void showEntry(reverts)}>
          Puts back an earlier change
        </Button>
      )}
      {revertedBy !== undefined && (
        <Button look="quiet" onPress={() => void showEntry(revertedBy)}>
          Was put back by a later change
        </Button>
      )}
      {batchId !== undefined && (
        <Button look="quiet" onPress={() => setHistorySearch(`batch:${batchId}`)}>
          Show the whole batch
        </Button>
      )}
    </p>
  )
}

function Entry({ entry }: { entry: HistoryEntry }) {
  return (
    <>
      <p className="change-outcome">
        <StateBadge look={outcomeLook(entry.outcome)}>{outcomeWord(entry.outcome)}</StateBadge>
        <span className="selectable">{entry.words}</span>
      </p>
      <ChangeFields entry={entry} />
      <Links entry={entry} />
      <Facts entry={entry} />
      <Wire title="Request" text={entry.request} />
      <Wire title="Answer" text={entry.answer ?? 'No answer was received.'} />
    </>
  )
}

function Facts({ entry }: { entry: HistoryEntry }) {
  const facts: readonly Fact[] = [
    ['Time', exactTime(entry.startedWall)],
    ['Who', entry.account],
    ['Server', entry.origin],
    ['Reason', entry.reason],
    ['Took', ms(entry.durationMs)],
    ['Unguarded window', ms(entry.unguardedMs)],
    ['Body', bodyForm(entry)],
    ['Status', entry.status === undefined ? undefined : String(entry.status)],
    ['Error', entry.errorCode],
    ['Batch', entry.batchId],
  ]
  return <FactList facts={facts} />
}

/** How much of a call-handling service was sent; there is nothing to say of a user's options. */
function bodyForm({ fields, carried }: HistoryEntry): string | undefined {
  if (serviceAt(fields[0] ?? '') === undefined) return undefined
  return carried === undefined
    ? 'The changed fields alone'
    : 'The whole service as it had just been read, with the changes over it'
}

const ms = (time: number | undefined) => (time === undefined ? undefined : `${count(Math.round(time))} ms`)

function Wire({ title, text }: { title: string; text: string }) {
  return (
    <section className="wire">
      <h3>{title}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached from the keyboard. */}
      <pre className="selectable" tabIndex={0}>
        {pretty(text)}
      </pre>
    </section>
  )
}

/** JSON with line breaks; anything else as it came. */
function pretty(text: string): string {
  const start = text.search(/^[{[]/m)
  if (start === -1) return text
  try {
    return text.slice(0, start) + JSON.stringify(JSON.parse(text.slice(start)), null, 2)
  } catch {
    return text
  }
}
