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
    // Limits that only a hang reaches, also on a slow and busy machine.
    projects: [layer('unit', 600_000), layer('contract', 600_000), layer('simulation', 5_400_000)],
  },
})
