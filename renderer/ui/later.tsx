import { type ComponentType, lazy, Suspense, useState } from 'react'

/**
 * A component that is not needed on the first screen and is read behind it. Once `load` has been called and has ended it
 * is drawn at once, without an empty frame before it.
 */
export function later(read: () => Promise<ComponentType>) {
  let known: ComponentType | undefined
  const load = async (): Promise<{ default: ComponentType }> => {
    known ??= await read()
    return { default: known }
  }
  const Lazy = lazy(load)
  function Later() {
    // Kept as it was first drawn: another one in its place would lose its state.
    const [Shown] = useState(() => known ?? Lazy)
    return (
      <Suspense>
        <Shown />
      </Suspense>
    )
  }
  return Object.assign(Later, { load })
}
