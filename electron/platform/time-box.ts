import { createContext, Script } from 'node:vm'

/** How long one search may take. A plain pattern takes microseconds. */
const mostMs = 40
/** The clock goes on while the machine does something else: only what takes too long again and again is slow itself. */
const tries = 3

const code = new Script('text.replace(search, by)')

/**
 * Replaces what a person's pattern finds. A pattern can take longer than the age of the world on a short text, and
 * only the engine itself can be stopped in it: so each use has its own time, and `undefined` says that it was over.
 * @throws SyntaxError for a pattern that is none
 */
export function boxedReplace(
  pattern: string,
  flags: string,
  by: string,
): (text: string) => string | undefined {
  const context = createContext(
    { search: new RegExp(pattern, flags), by, text: '' },
    { codeGeneration: { strings: false, wasm: false } },
  )
  return (text) => {
    context.text = text
    for (let left = tries; left > 0; left--) {
      try {
        const replaced: unknown = code.runInContext(context, { timeout: mostMs })
        return String(replaced)
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
      }
    }
    return undefined
  }
}
