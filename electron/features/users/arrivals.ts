import type { SentUsers } from '../../odin/types'
import { readSent } from '../../odin/users'
import type { Bundle, Log, SealedFiles } from '../../platform/ports'
import { type Arrival, arrivalsRepository } from '../../store/repositories/arrivals'
import type { Store } from '../../store/store'
import type { CacheWriter } from './cache-writer'
import { keyOfGroup } from './plan'

/** Bytes that may be on their way to the disk while the next answers are received. */
const mostUnwritten = 16_000_000

/** The users of a group as they were just read. */
export interface Received extends Arrival {
  readonly sent: SentUsers
  /** When they were asked for, on the monotonic clock. */
  readonly askedMono: number
}

export interface Told {
  /** It is on the disk. */
  readonly onKept: () => void
  /** So many users of it are in the cache now; undefined when it could not be read back. */
  readonly onTaken: (users: number | undefined) => void
  /** It could not be written, or nothing can be taken in for now: then it stays on the disk. */
  readonly onFailed: (cause: unknown) => void
}

interface Waiting extends Arrival {
  /** Undefined when an earlier run of the app asked. */
  readonly askedMono: number | undefined
  readonly bytes: number
  readonly told: Told
}

/** The connection whose arrivals are taken in. */
interface Opened {
  readonly connectionId: string
  readonly stop: AbortController
  /** By group, in the order of their arrival. */
  readonly waiting: Map<string, Waiting>
  bytes: number
  /** Answers on their way to the disk, and their bytes. */
  writing: number
  unwritten: number
  /** What is being taken in. */
  current: Waiting | undefined
  working: boolean
  /** Whoever waits for something to be written or taken in. */
  readonly watching: (() => void)[]
}

/**
 * Between reading users and taking them into the cache: an answer is written to the disk as it came, which takes little longer
 * than to receive it, and taken in afterwards. So the server is needed for the time of the transfer alone, and what arrived is
 * there after a crash or without a network. One connection at a time.
 */
export interface Arrivals {
  /** From now on for this connection: what arrived of it in an earlier run is taken in. After {@link close}. */
  open(connectionId: string): void
  /**
   * Keeps the users of a group in place of those that arrived of it before. Resolves when another can be kept.
   */
  keep(connectionId: string, read: Received, told: Told): Promise<void>
  /** Whether what this load reads of a group has arrived and waits. */
  has(
    connectionId: string,
    group: Pick<Arrival, 'serviceProviderId' | 'groupId' | 'load' | 'detailed'>,
  ): boolean
  /** Whether something is being written or taken in. */
  readonly busy: boolean
  /** Resolves when everything that was kept is on the disk. */
  written(): Promise<void>
  /** Resolves when nothing waits any more, or nothing can be taken in for now. */
  settled(): Promise<void>
  /** Stops; what waits stays on the disk. Resolves when nothing is written any more. */
  close(): Promise<void>
  forget(connectionId: string): Promise<void>
  /** The files that are in use, of all connections. */
  names(): string[]
}

export const createArrivals = (deps: {
  readonly store: Store
  readonly files: SealedFiles
  readonly log: Log
  readonly writer: Pick<CacheWriter, 'writeGroup'>
  /** Bytes that may wait; who keeps more waits as well. */
  readonly mostBytes: number
  /** A group of the connection is in the cache. */
  readonly onTaken: (connectionId: string) => void
  /** There is nothing left to do. */
  readonly onIdle: () => void
}): Arrivals => {
  const { store, files, log, writer, mostBytes, onTaken, onIdle } = deps
  const arrivals = arrivalsRepository(store)
  let opened: Opened | undefined

  const drop = async (of: Opened, one: Waiting): Promise<void> => {
    of.bytes -= one.bytes
    const key = keyOfGroup(one)
    if (of.waiting.get(key) === one) of.waiting.delete(key)
    arrivals.remove(of.connectionId, one)
    await files.remove(fileOf(of.connectionId, one))
  }

  const takeIn = async (of: Opened, one: Waiting): Promise<void> => {
    const { connectionId, stop } = of
    const bundle = await files.read(fileOf(connectionId, one))
    if (stop.signal.aborted) return
    const read = bundle && (await readSent(unpacked(bundle)))
    if (stop.signal.aborted) return
    if (read?.ok) {
      const unread = read.problems?.length ?? 0
      if (unread > 0) log.warn('users.unreadable', { count: unread })
      const { detailed, load, askedMono, askedAt } = one
      await writer.writeGroup(
        {
          connectionId,
          group: one,
          records: read.value,
          detailed,
          complete: unread === 0,
          load,
          askedMono,
          askedWall: askedAt,
        },
        stop.signal,
      )
      if (stop.signal.aborted) return
    } else log.warn('users.arrival-lost')
    await drop(of, one)
    one.told.onTaken(read?.ok ? read.value.length : undefined)
    if (read?.ok) onTaken(connectionId)
  }

  const isBusy = (of: Opened): boolean => of.writing > 0 || of.working

  const moved = (of: Opened): Promise<void> => new Promise((resolve) => of.watching.push(resolve))

  const tellMoved = (of: Opened): void => {
    for (const resolve of of.watching.splice(0)) resolve()
    if (of === opened && !isBusy(of)) onIdle()
  }

  const idle = async (of: Opened): Promise<void> => {
    while (isBusy(of)) await moved(of)
  }

  const work = async (of: Opened): Promise<void> => {
    if (of.working) return
    of.working = true
    try {
      while (!of.stop.signal.aborted) {
        const [next] = of.waiting.values()
        if (next === undefined) break
        of.current = next
        await takeIn(of, next)
        if (of.waiting.size > 0) tellMoved(of)
      }
    } catch (cause) {
      log.error('users.not-taken-in', { error: cause })
      for (const { told } of [...of.waiting.values()]) told.onFailed(cause)
    }
    of.current = undefined
    of.working = false
    tellMoved(of)
  }

  const write = async (of: Opened, { sent, ...facts }: Received, told: Told): Promise<void> => {
    const bytes = sent.bytes.byteLength
    of.writing++
    of.unwritten += bytes
    of.bytes += bytes
    try {
      const file = fileOf(of.connectionId, facts)
      await files.write(file, packed(sent))
      const key = keyOfGroup(facts)
      const before = of.waiting.get(key)
      if ((before?.askedMono ?? Number.NEGATIVE_INFINITY) > facts.askedMono) {
        // What was asked for later was written sooner.
        of.bytes -= bytes
        await files.remove(file)
      } else {
        arrivals.set(of.connectionId, facts)
        of.waiting.set(key, { ...facts, bytes, told })
        if (before !== undefined && before !== of.current) await drop(of, before)
      }
      told.onKept()
    } catch (cause) {
      of.bytes -= bytes
      log.error('users.not-kept', { error: cause })
      told.onFailed(cause)
    }
    of.writing--
    of.unwritten -= bytes
    if (of === opened) void work(of)
    tellMoved(of)
  }

  const close = async (): Promise<void> => {
    const of = opened
    opened = undefined
    if (of === undefined) return
    of.stop.abort()
    await idle(of)
  }

  return {
    open(connectionId) {
      const waiting = arrivals
        .list(connectionId)
        .map((one): [string, Waiting] => [
          keyOfGroup(one),
          { ...one, askedMono: undefined, bytes: 0, told: nobody },
        ])
      opened = {
        connectionId,
        stop: new AbortController(),
        waiting: new Map(waiting),
        bytes: 0,
        writing: 0,
        unwritten: 0,
        current: undefined,
        working: false,
        watching: [],
      }
      if (waiting.length > 0) void work(opened)
    },

    async keep(connectionId, read, told) {
      const of = opened
      if (of?.connectionId !== connectionId) return
      void write(of, read, told)
      const isFull = () => of.unwritten > mostUnwritten || of.bytes > mostBytes
      while (isFull() && isBusy(of)) await moved(of)
    },

    has(connectionId, { serviceProviderId, groupId, load, detailed }) {
      if (opened?.connectionId !== connectionId) return false
      const one = opened.waiting.get(keyOfGroup({ serviceProviderId, groupId }))
      return one?.load === load && one.detailed === detailed
    },

    get busy() {
      return opened !== undefined && isBusy(opened)
    },

    async written() {
      const of = opened
      while (of !== undefined && of.writing > 0) await moved(of)
    },

    async settled() {
      if (opened !== undefined) await idle(opened)
    },

    close,

    async forget(connectionId) {
      if (opened?.connectionId === connectionId) await close()
      for (const one of arrivals.list(connectionId)) {
        arrivals.remove(connectionId, one)
        await files.remove(fileOf(connectionId, one))
      }
    },

    names: () =>
      arrivals
        .connections()
        .flatMap((connectionId) => arrivals.list(connectionId).map((one) => fileOf(connectionId, one))),
  }
}

const nobody: Told = { onKept: () => {}, onTaken: () => {}, onFailed: () => {} }

const fileOf = (
  connectionId: string,
  {
    serviceProviderId,
    groupId,
    load,
    detailed,
  }: Pick<Arrival, 'serviceProviderId' | 'groupId' | 'load' | 'detailed'>,
): string => ['arrival', connectionId, serviceProviderId, groupId, load, detailed ? 'full' : 'row'].join('\n')

const packed = ({ bytes, ...facts }: SentUsers): Bundle => ({ facts, arrays: [bytes] })

const unpacked = ({
  facts,
  arrays: [{ buffer, byteOffset, byteLength } = new Uint8Array()],
}: Bundle): SentUsers => ({
  ...(facts as Omit<SentUsers, 'bytes'>),
  bytes: new Uint8Array(buffer, byteOffset, byteLength),
})
