import { useEffect, useRef } from 'react'
import { create } from 'zustand'

export interface Command {
  readonly id: string
  /** A verb first: what choosing it does. */
  readonly name: string
  readonly keys?: string
  /** Only for its key: the palette does not offer it. */
  readonly unlisted?: boolean
  readonly run: () => void
}

interface Commands {
  readonly sets: ReadonlyMap<string, readonly Command[]>
}

/** What the palette offers: the app's own commands and those of the page that is shown. */
export const useCommands = create<Commands>(() => ({ sets: new Map() }))

/** Offers these commands for as long as the component is shown. */
export function useOffer(owner: string, commands: readonly Command[]): void {
  const latest = useRef(commands)
  latest.current = commands
  const names = commands.map(({ id, name, unlisted }) => `${id}\u0000${name}\u0000${unlisted}`).join('\n')
  // The list matters by its names; what each runs is read late.
  useEffect(() => {
    const offered = latest.current.map((command) => ({
      ...command,
      run: () => latest.current.find(({ id }) => id === command.id)?.run(),
    }))
    useCommands.setState(({ sets }) => ({ sets: new Map(sets).set(owner, offered) }))
    return () =>
      useCommands.setState(({ sets }) => {
        const rest = new Map(sets)
        rest.delete(owner)
        return { sets: rest }
      })
  }, [owner, names])
}

/** Runs the command with this id, if something on the screen offers it. */
export function runCommand(id: string): boolean {
  for (const set of useCommands.getState().sets.values()) {
    const command = set.find((each) => each.id === id)
    if (command) {
      command.run()
      return true
    }
  }
  return false
}
