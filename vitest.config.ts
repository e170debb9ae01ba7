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
    projects: [layer('unit', 30_000), layer('contract', 60_000), layer('simulation', 300_000)],
  },
})
