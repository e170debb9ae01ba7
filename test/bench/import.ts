import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Papa from 'papaparse'
import { readSheetFile } from '../../electron/features/users/batch/sheet-file'
import { createPause } from '../../electron/platform/pause'
import { filledProfile, memoryOf, openGungnir, type Running, removeTemporary, temporary } from './desktop'
import { report } from './report'

interface Blocks {
  /** ms, the longest. */
  readonly main: number
  /** ms between two timers of the page, the longest: there may be several tasks in it. */
  readonly page: number
  /** ms, the longest task of the page; 0 when none took more than 50 ms, which is all that the Long Tasks API tells. */
  readonly task: number
}

/** Watches how long either process is kept from other work, until it is asked. */
async function watchBlocks({ app, page }: Running): Promise<() => Promise<Blocks>> {
  await app.evaluate(() => {
    const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks')
    const delays = monitorEventLoopDelay({ resolution: 5 })
    delays.enable()
    Object.assign(globalThis, { benchDelays: delays })
  })
  await page.evaluate(() => {
    const store = window as unknown as {
      longest: number
      gap: ReturnType<typeof setInterval>
      task: number
    }
    store.longest = 0
    store.task = 0
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) store.task = Math.max(store.task, duration)
    }).observe({ type: 'longtask' })
    let last = performance.now()
    store.gap = setInterval(() => {
      const now = performance.now()
      store.longest = Math.max(store.longest, now - last - 5)
      last = now
    }, 5)
  })
  return async () => {
    const main = await app.evaluate(() => {
      const { benchDelays } = globalThis as unknown as {
        benchDelays: { max: number; disable(): void; percentile(p: number): number }
      }
      benchDelays.disable()
      return benchDelays.max / 1e6 - 5
    })
    const seen = await page.evaluate(() => {
      const store = window as unknown as {
        longest: number
        gap: ReturnType<typeof setInterval>
        task: number
      }
      clearInterval(store.gap)
      return { page: store.longest, task: store.task }
    })
    return { main, ...seen }
  }
}

const mebibytes = 16 * 1024 * 1024

/** Takes apart 16 MB beside papaparse in one piece: as lines of users, and as one cell, which no field takes. */
async function reading(): Promise<void> {
  const line = `${Array.from({ length: 20 }, (_, n) => `"value ${n}, of a user"`).join(',')}\r\n`
  const head = `User ID,${Array.from({ length: 19 }, (_, n) => `Column ${n}`).join(',')}\r\n`
  const texts = {
    'lines of 20 cells': head + line.repeat(mebibytes / line.length),
    'one cell': `User ID,City\r\na@x,"${'x'.repeat(mebibytes)}"\r\n`,
  }
  for (const [what, text] of Object.entries(texts)) {
    const file = { name: 'users.csv', bytes: new TextEncoder().encode(text) }
    const pause = createPause(() => performance.now(), 50)
    const signal = new AbortController().signal
    let began = performance.now()
    let refused = ''
    await readSheetFile(file, { pause, signal, onProgress: () => {} }).catch((error: Error) => {
      refused = `, refused: ${error.message}`
    })
    const ours = performance.now() - began
    began = performance.now()
    Papa.parse(text)
    const plain = performance.now() - began
    report(`reading 16 MB, ${what}${refused}`, [
      {
        name: 'read',
        value: ours,
        unit: 'ms',
        against: { name: 'papaparse in one piece', value: plain },
        aim: '≤ 2',
      },
    ])
  }
}

/** Exports every user, changes a field in each, and imports the file in the real app, without a server. */
export default async function importing(sizes: readonly number[]): Promise<void> {
  await reading()
  for (const users of sizes.length > 0 ? sizes : [1_000, 100_000]) {
    const running = await openGungnir(await filledProfile(users))
    const { app, page } = running
    const file = join(temporary('import'), 'users.csv')
    await app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] })
      dialog.showSaveDialog = async () => ({ canceled: false, filePath: path })
    }, file)
    await page.waitForTimeout(3000)
    const stopExport = await watchBlocks(running)
    let began = performance.now()
    await page.getByRole('button', { name: 'Export CSV…' }).click()
    const asIs = page.getByRole('button', { name: 'Export with <not read>' })
    // The file is there once it is whole; before, it may be asked what is to become of what no list row tells.
    while (!existsSync(file)) {
      if (await asIs.isVisible()) await asIs.click()
      await page.waitForTimeout(50)
    }
    const exportMs = performance.now() - began
    const exported = await stopExport()

    const text = readFileSync(file, 'utf8')
    began = performance.now()
    const { data } = Papa.parse<string[]>(text)
    const plainMs = performance.now() - began
    const title = data[0]?.indexOf('Last name') ?? -1
    for (const row of data.slice(1)) if (row.length > title) row[title] = `${row[title]?.slice(0, 27)} x`
    writeFileSync(file, Papa.unparse(data, { newline: '\r\n' }))

    const before = memoryOf(app)
    const stopImport = await watchBlocks(running)
    began = performance.now()
    await page.getByRole('button', { name: 'Import CSV…' }).click()
    await page.getByRole('status', { name: 'What would change' }).waitFor({ timeout: 600_000 })
    const importMs = performance.now() - began
    const imported = await stopImport()
    const after = memoryOf(app)

    const stopSave = await watchBlocks(running)
    began = performance.now()
    await page.getByRole('button', { name: /^Save [\d,]+ users?$/ }).click()
    await page.getByText(/users? saved\./).waitFor({ timeout: 900_000 })
    const saveMs = performance.now() - began
    const saved = await stopSave()
    await running.close()
    removeTemporary()

    const limit = { name: 'limit', value: 50 }
    const block = (name: string, value: number) =>
      ({ name, value, unit: 'ms', against: limit, aim: '≤ 1' }) as const
    report(
      `import, ${users.toLocaleString('en')} rows, ${(Buffer.byteLength(text) / 1e6).toFixed(1)} MB, every row changed`,
      [
        { name: 'export', value: exportMs, unit: 'ms' },
        block('longest block of main while exporting', exported.main),
        {
          name: 'read, compared and shown',
          value: importMs,
          unit: 'ms',
          against: { name: 'papaparse alone', value: plainMs },
        },
        { name: 'memory for it', value: after - before, unit: 'MB' },
        block('longest block of main', imported.main),
        block('longest task of the page (0: none over 50 ms)', imported.task),
        block('longest time between two timers of the page', imported.page),
        { name: 'saved into the outbox', value: saveMs, unit: 'ms' },
        block('longest block of main while saving', saved.main),
        block('longest task of the page while saving (0: none over 50 ms)', saved.task),
        block('longest time between two timers of the page while saving', saved.page),
      ],
    )
  }
}
