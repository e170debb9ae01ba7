/**
 * Arrays that a search needs only until it has its answer, kept for the next search: made anew each time, they would keep
 * the garbage collector at work without end. They are taken and given back like a stack of plates.
 */
export class Scratch {
  private readonly bytes = new Shelf((length) => new Uint8Array(length))
  private readonly words = new Shelf((length) => new Uint32Array(length))

  /** Bytes held, for the memory figures. */
  get size(): number {
    return this.bytes.size + this.words.size
  }

  /** Zeros. */
  flags(length: number): Uint8Array {
    return this.bytes.take(length).fill(0)
  }

  /** Numbers that were left there by somebody else. */
  numbers(length: number): Uint32Array {
    return this.words.take(length)
  }

  /** What `work` takes is given back when it ends: it must not return any of it. */
  during<T>(work: () => T): T {
    const [bytes, words] = [this.bytes.taken, this.words.taken]
    try {
      return work()
    } finally {
      this.bytes.taken = bytes
      this.words.taken = words
    }
  }

  /** Lets go of everything. Not while something is taken. */
  trim(): void {
    this.bytes.clear()
    this.words.clear()
  }
}

class Shelf<A extends Uint8Array | Uint32Array> {
  private readonly arrays: A[] = []
  taken = 0

  constructor(private readonly make: (length: number) => A) {}

  get size(): number {
    return this.arrays.reduce((sum, { byteLength }) => sum + byteLength, 0)
  }

  take(length: number): A {
    let array = this.arrays[this.taken]
    if (array === undefined || array.length < length) {
      array = this.make(length)
      this.arrays[this.taken] = array
    }
    this.taken++
    return array.subarray(0, length) as A
  }

  clear(): void {
    this.arrays.length = 0
  }
}
