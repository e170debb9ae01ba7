import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { ChangeFields } from '../../../../renderer/features/history/ChangeFields'
import { outboxColumns } from '../../../../renderer/features/outbox/columns'
import { Marked } from '../../../../renderer/grid/Marked'
import { OldToNew } from '../../../../renderer/ui/OldToNew'
import { oldToNew } from '../../../../renderer/ui/words'
import type { HistoryEntry } from '../../../../shared/history/shapes'
import type { OutboxRow } from '../../../../shared/ipc/contract'

const before = 'שרה כהן'
const after = 'محمد 12'

describe('what is written from right to left', () => {
  it('does not change sides with what it becomes', () => {
    expect(renderToStaticMarkup(createElement(OldToNew, { old: before, now: after }))).toBe(
      `<bdi>${before}</bdi> → <bdi>${after}</bdi>`,
    )
    expect(oldToNew(before, 'Sarah')).toBe(`\u2068${before}\u2069 → Sarah`)
    expect(oldToNew('Sarah', '')).toBe('Sarah → empty')
  })

  it('stands for itself in the outbox and in the history', () => {
    const edits = [
      { path: 'lastName', base: before, mine: after },
      { path: 'title', base: null, mine: before },
    ]
    const change = outboxColumns.find(({ id }) => id === 'change')
    const shown = renderToStaticMarkup(
      createElement('p', {}, change?.render?.({ edits } as unknown as OutboxRow)),
    )
    expect(shown.replace(/<\/?span[^>]*>/g, '')).toBe(
      `<p>Last name <bdi>${before}</bdi> → <bdi>${after}</bdi>; Title <bdi>empty</bdi> → <bdi>${before}</bdi></p>`,
    )
    const entry = {
      fields: ['lastName'],
      before: { lastName: before },
      asked: { lastName: after },
      after: { lastName: after },
    } as unknown as HistoryEntry
    const fields = renderToStaticMarkup(createElement(ChangeFields, { entry }))
    expect(fields).toContain(`<td><bdi>${before}</bdi></td><td><bdi>${after}</bdi></td>`)
  })

  it('is set apart in a cell, marks and all', () => {
    const cell = (text: string, marks: string[]) =>
      renderToStaticMarkup(createElement(Marked, { text, marks }))
    expect(cell(before, [])).toBe(`<bdi>${before}</bdi>`)
    expect(cell(`${before} 7`, ['7'])).toMatch(/^<bdi>.*<mark>7<\/mark><\/bdi>$/)
    expect(cell('Ana', [])).toBe('Ana')
  })
})
