import type * as z from 'zod'
import type { Handlers } from '../../shared/ipc/bridge'
import {
  type Channel,
  contract,
  type EventName,
  type EventPayload,
  events,
  type IpcAnswer,
  type IpcError,
} from '../../shared/ipc/contract'
import type { Log } from '../platform/ports'
import { StoreError, type StoreErrorKind } from '../store/errors'
import type { Answerer, Caller } from './listen'
import { asIpcError, Refusal } from './refusal'
import { fits } from './size'

const ordinaryBudget = 256_000
/** A selection of many users, or what was taken out of a batch, is named one by one. */
const budgets: Partial<Record<Channel, number>> = {
  'outbox.save': 200_000_000,
  // A pasted block of thousands of cells is kept as drafts.
  'settings.set': 50_000_000,
  'batch.edit': 50_000_000,
  'batch.save': 50_000_000,
  'batch.exportUsers': 50_000_000,
  'outbox.retry': 20_000_000,
  'outbox.discard': 20_000_000,
  'outbox.abandon': 20_000_000,
}

/**
 * The one door to the page. Each call is checked (who asks, how big, what shape), handed to its handler, and its answer
 * checked on the way out. `handlers` may still be starting: calls wait for them. Never throws across; errors are values.
 */
export function openDoor(deps: {
  handlers: Handlers | Promise<Handlers>
  /** Whether this web contents id is one of our windows. */
  isKnownWindow: (webContentsId: number) => boolean
  /** Whether this is a page of ours. */
  isOurPage: (url: string) => boolean
  /** Why a question is not answered just now; undefined when it is. */
  refusal?: (channel: Channel) => IpcError | undefined
  log: Log
}): Answerer {
  const { handlers, isKnownWindow, isOurPage, refusal, log } = deps

  const mayAsk = ({ sender, senderFrame }: Caller): boolean =>
    senderFrame !== null &&
    senderFrame.parent === null &&
    senderFrame === sender.mainFrame &&
    isOurPage(senderFrame.url) &&
    isKnownWindow(sender.id)

  return async (channel, caller, args) => {
    try {
      if (!mayAsk(caller)) {
        log.warn('ipc.stranger', { channel, url: caller.senderFrame?.url })
        return refuse({ kind: 'forbidden', message: 'Only the window of Gungnir may ask this.' })
      }
      if (args.length > 1 || !fits(args[0], budgets[channel] ?? ordinaryBudget)) {
        log.warn('ipc.too-large', { channel })
        return refuse({ kind: 'too-large', message: 'That is more than Gungnir can take in one go.' })
      }
      const { input, output }: { input: z.ZodType; output: z.ZodType } = contract[channel]
      const asked = input.safeParse(args[0])
      if (!asked.success) {
        const where = places(asked.error)
        log.warn('ipc.bad-input', { channel, where })
        return refuse({ kind: 'invalid', message: `That cannot be done: ${where}.` })
      }
      const ready = await handlers
      const refused = refusal?.(channel)
      if (refused !== undefined) return refuse(refused)
      const handler = ready[channel] as (input: unknown) => unknown
      const told = output.safeParse(await handler(asked.data))
      // It may have taken until after the window was locked.
      const late = refusal?.(channel)
      if (late !== undefined) return refuse(late)
      if (told.success) return { ok: true, value: told.data }
      log.error('ipc.bad-output', { channel, where: places(told.error) })
      return refuse(internal)
    } catch (cause) {
      if (cause instanceof Refusal) return refuse(asIpcError(cause))
      const passing = cause instanceof StoreError ? nextWords[cause.kind] : undefined
      if (cause instanceof StoreError && passing !== undefined) {
        log.warn('ipc.store', { channel, kind: cause.kind, code: cause.code })
        return refuse({
          kind: `database-${cause.kind}`,
          message: `${cause.message} Nothing was changed.`,
          next: passing,
        })
      }
      log.error('ipc.failed', { channel, cause })
      return refuse(internal)
    }
  }
}

const internal: IpcError = {
  kind: 'internal',
  message: 'Something went wrong inside Gungnir. What you saved before is safe.',
  next: 'Try again; if it happens again, restart Gungnir. The log says more.',
}

/** What a person can do about a store that does not take something just now. */
const nextWords: Partial<Record<StoreErrorKind, string>> = {
  busy: 'Try again in a moment. If it stays so, end the program that uses it.',
  'disk-full': 'Make room on the disk and try again.',
  text: 'Remove that character and try again.',
  io: 'Check the disk and its permissions, and try again.',
}

const refuse = (error: IpcError): IpcAnswer<never> => ({ ok: false, error })

/** Where a value was wrong, and never the value: it may be a password. */
function places(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map(({ path, code }) => `${path.join('.').slice(0, 200) || 'input'} (${code})`)
    .join(', ')
}

export type Emit = <E extends EventName>(name: E, payload: EventPayload<E>) => void

/** The way back: events to every window, their payloads checked like answers. */
export function createEmitter(deps: {
  windows: () => readonly { isDestroyed(): boolean; send(channel: string, payload: unknown): void }[]
  log: Log
}): Emit {
  return (name, payload) => {
    const parsed = (events[name] as z.ZodType).safeParse(payload)
    if (!parsed.success) {
      deps.log.error('ipc.bad-event', { name, where: places(parsed.error) })
      return
    }
    for (const window of deps.windows()) {
      if (!window.isDestroyed()) window.send(name, parsed.data)
    }
  }
}
