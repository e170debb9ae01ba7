import type { Clause, ColumnTests } from '../../../../shared/query/parse'
import type { LineTest } from '../../../../shared/query/tests'

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Whether every line that passes `a` passes `b`. May say no when it is so; never yes when it is not. */
const testImplies = (a: LineTest, b: LineTest): boolean => {
  if (same(a, b)) return true
  if (b.parts.length !== 1) return false
  const part = b.parts[0] as string
  if (!b.fromStart && !b.toEnd) return a.parts.some((text) => text.includes(part))
  if (b.fromStart && !b.toEnd) return a.fromStart && (a.parts[0] as string).startsWith(part)
  return false
}

const testsImply = (a: readonly LineTest[], b: readonly LineTest[]): boolean =>
  a.every((test) => b.some((wider) => testImplies(test, wider)))

const columnsImply = (a: ColumnTests, b: ColumnTests): boolean =>
  a.columns.every((column) => b.columns.includes(column)) &&
  testsImply(a.texts, b.texts) &&
  testsImply(a.numbers, b.numbers)

const clauseImplies = (a: Clause, b: Clause): boolean => {
  if (same(a, b)) return true
  return (
    a.kind === 'columns' &&
    b.kind === 'columns' &&
    !a.negate &&
    !b.negate &&
    a.phrase === undefined &&
    columnsImply(a, b)
  )
}

/**
 * Whether everybody whom `narrow` finds is found by `wide` too: then a search may look among those. This is what makes
 * the second letter of a word cheaper than the first. Errs on the side of no.
 */
export const implies = (narrow: readonly Clause[], wide: readonly Clause[]): boolean =>
  wide.every((clause) => narrow.some((candidate) => clauseImplies(candidate, clause)))
