import { create } from 'zustand'
import type { HistoryReport } from '../../../shared/history/shapes'
import { ask, gungnir, type Refused, refusal } from '../../kernel/bridge'
import { say, sayError } from '../../kernel/messages'
import { usePolicy } from '../../kernel/policy'
import { sayWritten } from '../../kernel/written'
import { copyText } from '../../ui/clipboard'
import { confirm } from '../../ui/confirm'
import { counted } from '../../ui/words'
import { allChosen } from './chosen'
import { historySource, useHistory } from './store'

interface Work {
  /** What is being done with the whole history, if anything. */
  readonly running: 'verify' | 'export' | undefined
  readonly progress: { readonly done: number; readonly of: number } | undefined
  /** How the last check of the chain went. */
  readonly report: HistoryReport | undefined
  readonly error: Refused | undefined
}

const idle: Work = { running: undefined, progress: undefined, report: undefined, error: undefined }

export const useHistoryWork = create<Work>(() => idle)

export const forgetReport = (): void => useHistoryWork.setState({ report: undefined, error: undefined })

/** One job at a time over the whole history. */
async function work<T>(running: 'verify' | 'export', job: () => Promise<T>): Promise<T | undefined> {
  if (useHistoryWork.getState().running) return undefined
  useHistoryWork.setState({ ...idle, running })
  try {
    return await job()
  } catch (error) {
    useHistoryWork.setState({ error: refusal(error) })
    return undefined
  } finally {
    useHistoryWork.setState({ running: undefined, progress: undefined })
  }
}

export type Format = 'csv' | 'jsonl' | 'html'

/** Writes what is chosen, or else all that the search finds, to a file that the person chooses. */
export const exportAs = (format: Format) =>
  work('export', async () => {
    const { search, selection } = useHistory.getState()
    const chosen = selection.all
      ? allChosen(search, selection.except)
      : { search, ...(selection.ids.size > 0 && { only: [...selection.ids] }) }
    const { path, entries } = await ask(gungnir.history.export({ format, ...chosen }))
    if (path !== undefined) sayWritten(`Exported ${counted(entries, 'change')} to ${path}`, path)
  })

/** Checks the chain of the whole history. */
export const verify = () =>
  work('verify', async () => {
    useHistoryWork.setState({ report: await ask(gungnir.history.verify()) })
  })

/** One change as a call for other tools, on the clipboard. */
export async function copyAs(id: string, form: 'odins_spear' | 'curl'): Promise<void> {
  try {
    const text = await ask(gungnir.history.copyAs({ id, form }))
    if (copyText(text)) say('Copied.')
    else say('This computer did not allow copying.')
  } catch (error) {
    sayError(error)
  }
}

/** Removes old entries, after asking. */
export async function trim(olderThanDays: number): Promise<void> {
  const { historyMinimumDays, historyStays } = usePolicy.getState().policy
  if (historyStays !== undefined && olderThanDays < (historyMinimumDays ?? Number.POSITIVE_INFINITY)) {
    const most =
      historyMinimumDays === undefined
        ? 'All changes stay'
        : `Changes stay for ${counted(historyMinimumDays, 'day')}`
    say(`${most}. ${historyStays}.`)
    return
  }
  const sure = await confirm({
    title: `Remove changes older than ${counted(olderThanDays, 'day')}?`,
    text: 'They are removed from this computer for good. A mark stays where they stood.',
    action: 'Remove',
  })
  if (!sure) return
  try {
    const removed = await ask(gungnir.history.trim({ olderThanDays }))
    say(`Removed ${counted(removed, 'change')} from the history.`)
    await historySource.reload('start')
  } catch (error) {
    sayError(error)
  }
}
