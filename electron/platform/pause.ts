/** Work that must not hold up the process asks this now and then, and waits when it has had its share. */
export interface Pause {
  /** Whether it is time to wait. */
  due(): boolean
  /** Lets everything else run, then starts a new share. */
  wait(): Promise<void>
}

/** A share of `ms` milliseconds between pauses. `mono` is the monotonic clock. */
export const createPause = (mono: () => number, ms: number): Pause => {
  let started = mono()
  return {
    due: () => mono() - started >= ms,
    wait: () =>
      new Promise((resolve) => {
        setImmediate(() => {
          started = mono()
          resolve()
        })
      }),
  }
}

/** Gives each who asks a turn of the event loop of its own: of several long pieces of work only one is done in each. */
export const createTurns = (): (() => Promise<void>) => {
  let last: Promise<void> = Promise.resolve()
  return () => {
    last = last.then(() => new Promise((resolve) => setImmediate(resolve)))
    return last
  }
}
