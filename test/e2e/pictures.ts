import type { TestInfo } from '@playwright/test'
import type { Screen } from './screen'

/** Keeps a picture of the page beside the test's results, to be looked at. */
export async function picture(app: Screen, testInfo: TestInfo, name: string): Promise<void> {
  if (process.env.GUNGNIR_PICTURES === undefined) return
  await app.page.screenshot({ path: testInfo.outputPath(`${name}.png`) })
}
