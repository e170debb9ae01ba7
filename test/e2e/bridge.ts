import type { Gungnir } from './app'

export type Answer = {
  readonly ok: boolean
  readonly error?: { readonly kind: string; readonly message: string }
}

/** What the bridge answers, as to a page that was taken over. */
export const asked = (app: Gungnir, feature: string, name: string, input?: unknown) =>
  app.page.evaluate(
    async ({ feature, name, input }) => {
      const bridge = (globalThis as unknown as { gungnir: Record<string, Record<string, unknown>> }).gungnir
      const call = bridge[feature]?.[name] as (input: unknown) => Promise<Answer>
      return await call(input)
    },
    { feature, name, input },
  )
