import { type ComponentType, lazy, Suspense, useState } from 'react'

const always = (): boolean => true

/**
 * A component that is not needed on the first screen and is read behind it. Once `load` has been called and has ended it
 * is drawn at once, without an empty frame before it.
 * @param useWanted whether it has anything to show: a dialog need not be read before it is opened for the first time.
 */
export function later(read: () => Promise<ComponentType>, useWanted: () => boolean = always) {
  let known: ComponentType | undefined
  const load = async (): Promise<{ default: ComponentType }> => {
    known ??= await read()
    return { default: known }
  }
  const Lazy = lazy(load)
  function Shown() {
    // Kept as it was first drawn: another one in its place would lose its state.
    const [Drawn] = useState(() => known ?? Lazy)
    return (
      <Suspense>
        <Drawn />
      </Suspense>
    )
  }
  function Later() {
    const wanted = useWanted()
    const [ever, setEver] = useState(wanted)
    // It stays when it is closed, to go in its own way and to keep what it knows.
    if (wanted && !ever) setEver(true)
    return wanted || ever ? <Shown /> : null
  }
  return Object.assign(Later, { load })
}
