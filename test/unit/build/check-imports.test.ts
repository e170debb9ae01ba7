import { describe, expect, it } from 'vitest'
import { breaches } from '../../../build/check-imports.mjs'

const lines = (file: string, text: string) => breaches(file, text).map(({ line, module }) => [line, module])

describe('what may import electron', () => {
  it.each([
    'electron/main.ts',
    'electron/preload.ts',
    'electron/shell/menu.ts',
    'electron/platform/network.ts',
  ])('%s may', (file) => {
    expect(lines(file, "import { app } from 'electron'\n")).toEqual([])
  })

  it.each(['electron/features/users/load.ts', 'electron/ipc/door.ts', 'renderer/main.tsx'])(
    '%s may not',
    (file) => {
      expect(lines(file, "\nimport type { App } from 'electron'\n")).toEqual([[2, 'electron']])
    },
  )

  it('sees every way of importing', () => {
    const text = `import 'electron'
import electron from "electron/main"
export { app } from 'electron'
const a = await import('electron')
const b = require( "electron" )
import {
  app,
} from 'electron'
`
    expect(lines('electron/store/store.ts', text).map(([line]) => line)).toEqual([1, 2, 3, 4, 5, 8])
  })

  it('takes neither comments nor modules of a similar name for it', () => {
    const text = `// import 'electron'
/* export * from 'electron'
 * import 'electron' */
import x from 'electron-vite'
const address = 'http://electron'
`
    expect(lines('electron/store/store.ts', text)).toEqual([])
  })
})

describe('the other rules', () => {
  it.each([
    ['electron/store/store.ts', 'libsql', true],
    ['electron/store/connection.ts', 'libsql', false],
    ['electron/main.ts', 'keytar', true],
    ['electron/platform/keychain.ts', 'keytar', false],
    ['shared/user/diff.ts', 'zod', false],
    ['shared/user/diff.ts', './merge', false],
    ['shared/user/diff.ts', '../json', false],
    ['shared/user/diff.ts', '../../electron/odin/types', true],
    ['shared/user/diff.ts', 'node:fs', true],
    ['shared/user/diff.ts', 'react', true],
    ['shared/user/diff.ts', '../ipc/contract', true],
    ['electron/store/repositories/history.ts', '../../../shared/ipc/contract', true],
    ['electron/store/repositories/history.ts', '../../../shared/history/shapes', false],
    ['shared/ipc/bridge.ts', './contract', false],
    ['renderer/ui/Refusal.tsx', '../app/App', true],
    ['renderer/grid/rowSource.ts', '../features/users/store', true],
    ['renderer/ui/Refusal.tsx', '../kernel/bridge', false],
    ['renderer/kernel/status.ts', '../ui/words', true],
    ['renderer/features/users/store.ts', '../../app/listen', true],
    ['renderer/features/users/store.ts', '../../kernel/status', false],
    ['renderer/app/App.tsx', '../features/users/UsersPage', false],
    ['renderer/app/App.tsx', '../../electron/main', true],
    ['renderer/app/App.tsx', '../../shared/json', false],
    ['renderer/app/App.tsx', 'node:fs', true],
    ['renderer/app/App.tsx', 'fs', true],
    ['electron/main.ts', '../renderer/app/App', true],
  ])('%s importing %s: breach %s', (file, module, breach) => {
    expect(lines(file, `import x from '${module}'`)).toEqual(breach ? [[1, module]] : [])
  })
})
