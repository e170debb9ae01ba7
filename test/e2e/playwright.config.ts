import { defineConfig } from '@playwright/test'

const report = process.env.GUNGNIR_REPORT

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/artifacts',
  // Limits that only a hang reaches: each test starts a real Electron, on a machine that may be slow and busy.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list'], ...(report ? [['json', { outputFile: report }] as const] : [])],
  projects: [
    { name: 'e2e', testIgnore: ['packaged*', 'installed*', 'chromium*'] },
    { name: 'chromium', testMatch: 'chromium*' },
    { name: 'packaged', testMatch: 'packaged*' },
    { name: 'installed', testMatch: 'installed*' },
  ],
})
