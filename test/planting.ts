import type { Plugin } from 'vitest/config'

/** Where a mistake goes: an expression of the page's code, and what it would be with the mistake. */
interface Place {
  readonly file: string
  readonly right: string
  readonly wrong: string
  /** It is a statement, and may follow a line that would go on with a parenthesis. */
  readonly whole?: true
}

/** Mistakes that let the wrong person or field be changed, as this page once had them. */
export const mistakes = {
  'a row number in place of the id': [
    {
      file: 'renderer/grid/DataGrid.tsx',
      right: 'whereIs(memory.id, at.row, idAt)',
      wrong: 'at.row',
    },
    {
      file: 'renderer/grid/DataGrid.tsx',
      right: 'owned && memory.id !== undefined && underCursor !== undefined && underCursor !== memory.id',
      wrong: 'false',
    },
    {
      file: 'renderer/grid/DataGrid.tsx',
      right: 'memory.id !== id || memory.at.row === row',
      wrong: 'true',
    },
  ],
  'a click that takes who stands there when the button comes up': [
    {
      file: 'renderer/grid/DataGrid.tsx',
      right: 'press.current.row === place.row ? placeNow(press.current, idAt) : undefined',
      wrong: 'place',
    },
  ],
  'details that stay when another person comes under the cursor': [
    {
      file: 'renderer/grid/DataGrid.tsx',
      right: '!told || props.currentId === undefined || (id !== undefined && id !== props.currentId)',
      wrong: 'to.row !== cursor.row',
    },
    {
      file: 'renderer/grid/DataGrid.tsx',
      right: '(id === undefined || id !== props.currentId || id !== memory.id)',
      wrong: 'false',
    },
  ],
  'details that are not of the person whose name was clicked': [
    {
      file: 'renderer/features/users/details/Details.tsx',
      right: 'current && details?.key.userId === current.userId ? details : undefined',
      wrong: 'details',
    },
    {
      file: 'renderer/features/users/details/copyStore.ts',
      right: 'mine > answered && shown?.userId === key.userId',
      wrong: 'true',
    },
  ],
  'a focus that an editor takes back after it was left': [
    {
      file: 'renderer/grid/DataGrid.tsx',
      right: "where !== 'elsewhere'",
      wrong: "(where === 'elsewhere' ? ((refocus.current = 'always'), false) : true)",
    },
  ],
  'an answer about a list that is not asked for any more': [
    { file: 'renderer/grid/rowSource.ts', right: 'mine !== generation', wrong: 'false' },
  ],
  'an edit that goes to the server on screen, not to its own': [
    {
      file: 'renderer/features/users/list/editing.ts',
      right: 'draftEdit(user, path, edit, placeOfRow(row))',
      wrong: 'draftEdit(user, path, edit)',
      whole: true,
    },
  ],
  'a draft that goes before what was saved is in the list': [
    {
      file: 'renderer/features/users/drafts/saving.ts',
      right: 'await Promise.all([refreshView(), refreshDetails(), refreshCalls()])',
      wrong: 'void Promise.all([refreshView(), refreshDetails(), refreshCalls()])',
    },
  ],
} as const satisfies Record<string, readonly Place[]>

export type Mistake = keyof typeof mistakes

/** From now on the page has this mistake, or none. */
export const plant = (mistake: Mistake | undefined): void => {
  Object.assign(globalThis, { planted: mistake })
}

/** Lets the tests of the page switch each mistake on. Only code that is run in a page is touched, and only for tests. */
export const planting = (): Plugin => ({
  name: 'planted-mistakes',
  enforce: 'pre',
  transform(code, id) {
    if (this.environment.name !== 'client') return undefined
    let changed = code
    for (const [name, places] of Object.entries(mistakes)) {
      for (const { file, right, wrong, whole } of places as readonly Place[]) {
        if (!id.endsWith(file)) continue
        if (!code.includes(right)) throw new Error(`Where “${name}” is planted, ${file} has no “${right}”.`)
        changed = changed.replaceAll(
          right,
          () =>
            `${whole ? 'void ' : ''}(globalThis.planted === ${JSON.stringify(name)} ? (${wrong}) : (${right}))`,
        )
      }
    }
    return changed === code ? undefined : changed
  },
})
