import { defineConfig } from 'vitest/config'

const layer = (name: string, timeout: number) => ({
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
