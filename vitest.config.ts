import { defineConfig } from 'vitest/config'
import { planting } from './test/planting.ts'

const layer = (name: string, timeout: number) => ({
  // A page is drawn as it is built for people.
  oxc: { jsx: { development: false } },
  plugins: [planting()],
  test: {
    name,
    include: [`test/${name}/**/*.test.{ts,tsx}`],
    testTimeout: timeout,
    hookTimeout: timeout,
    environment: 'node',
  },
})

export default defineConfig({
  test: {
    projects: [layer('unit', 120_000), layer('contract', 120_000), layer('simulation', 600_000)],
  },
})
