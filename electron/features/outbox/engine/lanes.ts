/** A place to work in. Giving it back twice does nothing. */
export interface Lane {
  release(): void
}

/** A few places to work in; who comes back to finish goes before who would start. */
export function createLanes(count: number) {
  let free = count
  const waiting: ((lane: Lane) => void)[] = []
  let onFree = (): void => {}

  const lane = (): Lane => {
    let held = true
    return {
      release() {
        if (!held) return
        held = false
        const next = waiting.shift()
        if (next !== undefined) next(lane())
        else {
          free++
          onFree()
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
    enter(): Promise<Lane> {
      if (free > 0) {
        free--
        return Promise.resolve(lane())
      }
      return new Promise((resolve) => waiting.push(resolve))
    },
    free: () => free,
    whenFree(run: () => void): void {
      onFree = run
    },
  }
}
export type Lanes = ReturnType<typeof createLanes>
