import { create } from 'zustand'
import type { AsideContent, PutAside } from '../../../shared/ipc/contract'
import { ask, gungnir, type Refused, refusal } from '../../kernel/bridge'
import { sayError } from '../../kernel/messages'
import { counted } from '../../ui/words'
import { showPlan } from '../outbox/importing'
import { historySource } from './store'

interface Asides {
  /** The databases that lie beside the one in use; nothing while they are not shown. */
  readonly databases: readonly PutAside[] | undefined
  /** The one that was asked for, and what is in it once it could be opened. */
  readonly name: string | undefined
  readonly content: AsideContent | undefined
  /** What has just been done with it. */
  readonly done: string | undefined
  readonly busy: boolean
  readonly error: Refused | undefined
}

const closed: Asides = {
  databases: undefined,
  name: undefined,
  content: undefined,
  done: undefined,
  busy: false,
  error: undefined,
}

export const useAsides = create<Asides>(() => closed)

export async function openAsides(): Promise<void> {
  try {
    const databases = await ask(gungnir.aside.list())
    useAsides.setState({ ...closed, databases })
  } catch (error) {
    sayError(error)
  }
}

export const closeAsides = (): void => useAsides.setState(closed)

/** One thing at a time. What comes of it is of no interest any more when the list was closed or another one chosen meanwhile. */
async function work(name: string, job: () => Promise<Partial<Asides>>): Promise<void> {
  if (useAsides.getState().busy) return
  useAsides.setState({ name, busy: true, error: undefined, done: undefined })
  let outcome: Partial<Asides>
  try {
    outcome = await job()
  } catch (error) {
    outcome = { error: refusal(error) }
  }
  const { databases, name: now } = useAsides.getState()
  if (databases !== undefined && now === name) useAsides.setState({ busy: false, ...outcome })
}

export const openAside = (name: string, key?: string): Promise<void> => {
  useAsides.setState({ content: undefined })
  return work(name, async () => ({
    content: await ask(gungnir.aside.open({ name, ...(key === undefined ? {} : { key }) })),
  }))
}

/** Shows unsent changes of a database as a plan, in place of the list. */
export const planUnsent = (
  name: string,
  { origin, account }: AsideContent['unsent'][number],
): Promise<void> =>
  work(name, async () => {
    showPlan(await ask(gungnir.aside.unsent({ name, origin, account })))
    return closed
  })

export const addHistory = (name: string): Promise<void> =>
  work(name, async () => {
    const { added, lost } = await ask(gungnir.aside.addHistory({ name }))
    await historySource.reload('start')
    const { content } = useAsides.getState()
    const unread = lost === 0 ? '' : ` ${counted(lost, 'row')} of it could not be read.`
    return {
      done: `${counted(added, 'change')} added to the history.${unread}`,
      content: content && { ...content, historyMissing: 0 },
    }
  })
