import type { Page } from '@playwright/test'
import type { UserKey } from '../../shared/user/types'
import { expect, test } from './app'
import { openPackaged } from './app-packaged'

/** `GUNGNIR_KILLS` asks for more. */
const kills = Number(process.env.GUNGNIR_KILLS ?? 10)

interface Bridge {
  readonly app: {
    status(): Promise<{ ok: boolean; value: { connectionId?: string; origin?: string; account?: string } }>
  }
  readonly outbox: {
    save(input: unknown): Promise<{ ok: boolean }>
    window(range: { start: number; count: number }): Promise<{
      value: { rows: { user: UserKey; edits: { path: string; mine: unknown }[] }[] }
    }>
  }
  readonly history: { window(input: unknown): Promise<{ value: { rows: { id: string }[]; total: number } }> }
}

/** Saves a new title for one user after another until the app dies; `told` hears of each before and after. */
async function edit(page: Page, users: readonly UserKey[], life: number): Promise<void> {
  await page.evaluate(
    async ([keys, prefix]) => {
      const { gungnir, told } = globalThis as unknown as {
        gungnir: Bridge
        told: (userId: string, value: string, saved: boolean) => Promise<void>
      }
      const status = await gungnir.app.status()
      const { connectionId = '', origin = '', account = '' } = status.value
      const as = { connectionId, origin, account }
      for (let n = 1; ; n++) {
        const user = keys[n % keys.length] as UserKey
        const value = `${prefix}.${n}`
        await told(user.userId, value, false)
        // Without a base: what is there is not known, and is asked for before it is replaced.
        const { ok } = await gungnir.outbox.save({
          as,
          changes: [{ user, edits: [{ path: 'title', mine: value }] }],
        })
        if (ok) await told(user.userId, value, true)
        await new Promise((resolve) => setTimeout(resolve, 40))
      }
    },
    [users, life] as const,
  )
}

test(`loses nothing in ${kills} kills`, async ({ profile, startServer }) => {
  test.setTimeout(300_000 + kills * 60_000)
  const server = await startServer({ users: 12 })
  const found = await server.find({ lastName: '*', extended: 'true' })
  const titles = new Map(found.map((row) => [String(row.userId), row.title]))
  const users = found.map((row) => ({
    serviceProviderId: String(row.serviceProviderId),
    groupId: String(row.groupId),
    userId: String(row.userId),
  }))
  expect(users.length).toBeGreaterThan(5)
  /** The values that may be the last one: the newest that was certainly saved, and those after it. */
  const possible = new Map<string, string[]>()
  const before = new Map(users.map(({ userId }) => [userId, String(titles.get(userId))]))
  let saves = 0
  let onSave = () => {}

  for (let life = 1; life <= kills; life++) {
    const app = await openPackaged(profile)
    try {
      if (life === 1) await app.connectTo(server)
      await app.allUsersLoaded(12)
      await app.page.exposeFunction('told', (userId: string, value: string, saved: boolean) => {
        if (saved) {
          saves++
          onSave()
        }
        possible.set(
          userId,
          saved ? [value] : [...(possible.get(userId) ?? [before.get(userId) ?? '']), value],
        )
      })
      // By the number of saves, not by time: a slow machine has as many.
      const enough = saves + 4 + ((life * 7) % 8)
      const saved = new Promise<void>((resolve) => {
        onSave = () => {
          if (saves >= enough) resolve()
        }
      })
      const editing = edit(app.page, users, life).catch(() => {})
      await Promise.race([saved, editing])
      // Somewhere in what the next save does: on the disk, on the wire, between the two.
      await new Promise((resolve) => setTimeout(resolve, (life * 37) % 90))
      app.process.kill('SIGKILL')
      await editing
    } finally {
      app.process.kill('SIGKILL')
    }
  }
  expect(saves).toBeGreaterThan(kills * 3)

  const app = await openPackaged(profile)
  try {
    await app.allUsersLoaded(12)
    const missing = async (): Promise<string[]> => {
      const { value } = await app.page.evaluate(() =>
        (globalThis as unknown as { gungnir: Bridge }).gungnir.outbox.window({ start: 0, count: 200 }),
      )
      const out: string[] = []
      for (const [userId, values] of possible) {
        const there = (await server.user(userId)).title
        const waiting = value.rows
          .filter(({ user }) => user.userId === userId)
          .flatMap(({ edits }) => edits.map(({ mine }) => mine))
        if (![there, ...waiting].some((one) => values.includes(String(one)))) {
          out.push(
            `${userId}: ${values.join(' or ')} was saved; ${String(there)} is there, ${waiting.join()} waits`,
          )
        }
      }
      return out
    }
    expect(await missing()).toEqual([])
    await app.quit()
  } finally {
    app.process.kill('SIGKILL')
  }
})
