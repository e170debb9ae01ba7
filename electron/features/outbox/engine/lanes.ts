import type { Cancel } from '../../../platform/ports'

/** A place to work in. Giving it back twice does nothing. */
export interface Lane {
  release(): void
  /** Comes back to a lane that was given back; at once when it was not. */
  take(): Promise<void>
  /** Waits for a call. Once it is overdue the lane is somebody else's; who goes on then has to {@link take} one. */
  lend<T>(call: Promise<T>): Promise<T>
}

/** Calls that may be overdue at once, for each lane: a server that answers nobody is not asked by everybody. */
const overduePerLane = 10

/**
 * A few places to work in; who comes back to finish goes before who would start. A call that gets no answer keeps
 * its place only for a while, so that the trouble of one user does not become that of all others.
 */
export function createLanes(
  count: number,
  { overdueMs, after }: { readonly overdueMs: number; after(ms: number, run: () => void): Cancel },
) {
  let free = count
  const waiting: (() => void)[] = []
  /** Calls that have given their lane away, and those that would if not so many had. */
  let away = 0
  const stuck = new Set<() => void>()
  let onFree = (): void => {}

  const give = (): void => {
    const next = waiting.shift()
    if (next !== undefined) next()
    else {
      free++
      onFree()
    }
  }

  const enter = (): Promise<void> => {
    if (free > 0) {
      free--
      return Promise.resolve()
    }
    return new Promise((resolve) => waiting.push(resolve))
  }

  const lane = (): Lane => {
    let held = true
    const release = (): void => {
      if (!held) return
      held = false
      give()
    }
    return {
      release,
      async take() {
        if (held) return
        await enter()
        held = true
      },
      async lend(call) {
        let gone = false
        const leave = (): void => {
          stuck.delete(leave)
          gone = true
          away++
          release()
        }
        const cancel = after(overdueMs, () => {
          if (!held) return
          if (away < count * overduePerLane) leave()
          else stuck.add(leave)
        })
        try {
          return await call
        } finally {
          cancel()
          stuck.delete(leave)
          if (gone) {
            away--
            const [next] = stuck
            next?.()
          }
        }
      },
    }
  }

  return {
    /** A lane if one is free now. */
    tryEnter(): Lane | undefined {
      if (free === 0) return undefined
      free--
      return lane()
    },
    /** A lane as soon as one is free. */
    async enter(): Promise<Lane> {
      await enter()
      return lane()
    },
    free: () => free,
    whenFree(run: () => void): void {
      onFree = run
    },
  }
}
export type Lanes = ReturnType<typeof createLanes>
