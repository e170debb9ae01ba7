import { fileURLToPath } from 'node:url'

/** The repository's folder. */
export const top = fileURLToPath(new URL('../..', import.meta.url))
