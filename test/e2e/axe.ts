import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Axe {
  readonly axe: {
    run: (
      what: { exclude: string[][] },
      options: { runOnly?: { type: 'rule'; values: readonly string[] } },
    ) => Promise<AxeResults>
  }
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string
    readonly help: string
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
  }[]
}

/**
 * What axe-core finds wrong with what is on the screen, in words.
 * @param rules the only ones to look at; all by default
 */
export async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  // What is on its way from one colour to another has neither of them, and its contrast is nobody's.
  await page.evaluate(async () => {
    for (const animation of document.getAnimations()) {
      if (Number.isFinite(animation.effect?.getComputedTiming().endTime ?? Number.POSITIVE_INFINITY))
        animation.finish()
    }
    await new Promise(requestAnimationFrame)
  })
  await page.evaluate(axe)
  const results = await page.evaluate(
    (values) =>
      // React Aria’s announcer keeps messages whose sources are gone again; it is no part of what is shown.
      (window as unknown as Axe).axe.run(
        { exclude: [['[data-live-announcer]']] },
        values ? { runOnly: { type: 'rule', values } } : {},
      ),
    rules,
  )
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary}`),
  )
}
