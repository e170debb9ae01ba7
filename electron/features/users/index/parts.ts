/** What most of the index is made of: numbers outside the JavaScript heap. */
export type Numbers = Uint8Array | Uint16Array | Uint32Array

/** Takes the arrays of a part down in order; what the part returns beside them must fit into JSON. */
export type Keep = (numbers: Numbers) => void

/** Gives the arrays of a part back in the order in which they were kept. */
export type Next = <N extends Numbers>() => N

/** Users as rows of the index, in the order in which they are shown. */
export type Rows = Uint32Array
