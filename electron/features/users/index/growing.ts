/** How much more room is taken than is needed: little enough to keep a million users small. */
const spare = 1.25
const least = 1024

const roomFor = (needed: number): number => Math.max(least, Math.ceil(needed * spare))

/** A `Uint8Array` of at least `needed` bytes that begins with what `old` held. */
export const grownBytes = (old: Uint8Array, needed: number): Uint8Array => {
  if (old.length >= needed) return old
  const grown = new Uint8Array(roomFor(needed))
  grown.set(old)
  return grown
}

/** The same for 32-bit numbers. */
export const grownNumbers = (old: Uint32Array, needed: number): Uint32Array => {
  if (old.length >= needed) return old
  const grown = new Uint32Array(roomFor(needed))
  grown.set(old)
  return grown
}
