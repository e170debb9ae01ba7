#!/usr/bin/env node
// Checks what a compiler cannot see: which module may import what. Prints one line per breach, with file
// and line, and exits with 1 if there is any.
import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const SOURCES = ['shared', 'electron', 'renderer']
const IMPORT = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(['"])(?<module>[^'"\n]+)\1/g

const rules = [
  {
    breaks: ({ file, module }) =>
      /^electron(\/|$)/.test(module) &&
      !['electron/main.ts', 'electron/desktop.ts', 'electron/preload.ts'].includes(file) &&
      !/^electron\/(shell|platform)\//.test(file),
    says: 'electron is imported only in electron/main.ts, electron/desktop.ts, electron/preload.ts, electron/shell/ and electron/platform/',
  },
  {
    breaks: ({ file, module }) => /^libsql(\/|$)/.test(module) && file !== 'electron/store/connection.ts',
    says: 'libsql is imported only in electron/store/connection.ts',
  },
  {
    breaks: ({ file, module }) => /^keytar(\/|$)/.test(module) && file !== 'electron/platform/keychain.ts',
    says: 'keytar is imported only in electron/platform/keychain.ts',
  },
  {
    breaks: ({ file, module, target }) =>
      file.startsWith('shared/') && module !== 'zod' && target?.startsWith('shared/') !== true,
    says: 'shared/ imports nothing from outside but zod',
  },
  {
    breaks: ({ file, target }) =>
      /^(shared\/(?!ipc\/)|electron\/store\/)/.test(file) && target?.startsWith('shared/ipc/') === true,
    says: 'the shape of what is kept is beside what it is of, in shared/user, shared/change or shared/history',
  },
  {
    breaks: ({ file, target }) =>
      /^renderer\/(ui|grid|kernel)\//.test(file) && /^renderer\/(app|features)\//.test(target ?? ''),
    says: 'what everything uses knows nothing of the frame or of a page',
  },
  {
    breaks: ({ file, target }) =>
      file.startsWith('renderer/kernel/') && /^renderer\/(?!kernel\/)/.test(target ?? ''),
    says: 'renderer/kernel is the ground floor of the page',
  },
  {
    breaks: ({ file, target }) =>
      file.startsWith('renderer/features/') && target?.startsWith('renderer/app/') === true,
    says: 'the frame uses the pages, never the other way round',
  },
  {
    breaks: ({ file, target }) =>
      (file.startsWith('renderer/') && target?.startsWith('electron/') === true) ||
      (file.startsWith('electron/') && target?.startsWith('renderer/') === true),
    says: 'electron/ and renderer/ meet only in shared/',
  },
  {
    breaks: ({ file, module }) =>
      file.startsWith('renderer/') && (module.startsWith('node:') || builtinModules.includes(module)),
    says: 'renderer/ runs in a sandbox without Node',
  },
]

/**
 * @param {string} file path from the repository's top, with slashes
 * @param {string} text its source
 * @returns {{ line: number, module: string, says: string }[]} breaches
 */
export function breaches(file, text) {
  const found = []
  const code = withoutComments(text)
  for (const match of code.matchAll(IMPORT)) {
    const module = match.groups.module
    const target = module.startsWith('.')
      ? relative('/', resolve('/', dirname(file), module))
          .split(sep)
          .join('/')
      : undefined
    for (const rule of rules) {
      if (!rule.breaks({ file, module, target })) continue
      found.push({ line: code.slice(0, match.index).split('\n').length, module, says: rule.says })
    }
  }
  return found
}

/** Blanks comments out and keeps every line where it is. */
function withoutComments(text) {
  return text.replace(
    /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (all, string) => (string !== undefined ? all : all.replace(/[^\n]/g, ' ')),
  )
}

function* sourceFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* sourceFiles(path)
    else if (/\.(ts|tsx|mts|cts|js|mjs|cjs)$/.test(entry.name)) yield path
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const top = fileURLToPath(new URL('..', import.meta.url))
  for (const folder of SOURCES) {
    for (const path of sourceFiles(join(top, folder))) {
      const file = relative(top, path).split(sep).join('/')
      for (const { line, module, says } of breaches(file, readFileSync(path, 'utf8'))) {
        console.error(`${file}:${line}: imports '${module}', but ${says}`)
        process.exitCode = 1
      }
    }
  }
}
