import locales from '@react-aria/optimize-locales-plugin'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

/** Which packages went into a bundle, for build/packages/notices.mjs. */
const license = { fileName: 'licenses.json' }

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      license,
      target: 'node20.18',
      // Less to read at start.
      minify: true,
      // In one file instead of the sixty that Node would look for, one after another, at each start.
      externalizeDeps: { exclude: ['axios'], include: ['original-fs'] },
      rollupOptions: { input: { main: 'electron/main.ts', 'demo-worker': 'electron/demo/worker.ts' } },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      license,
      target: 'node20.18',
      // A sandboxed preload is one CommonJS file with nothing to require but electron.
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: 'electron/preload.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    // The app speaks English; its parts would say some of it in the language of the system, and bring thirty.
    plugins: [react(), locales.vite({ locales: ['en-US'] })],
    build: {
      outDir: 'out/renderer',
      license,
      // Less to parse at start.
      minify: true,
      target: 'chrome130',
      rollupOptions: {
        input: 'renderer/index.html',
        // What the first screen needs in one file: each file is asked of the main process, which has other things to do then.
        output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } },
      },
    },
  },
})
