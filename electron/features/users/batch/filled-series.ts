import { fieldAt, labelOf } from '../../../../shared/user/catalogue'
import { undressed } from '../../../../shared/user/rendering/letters'
import type { FieldPath } from '../../../../shared/user/types'
import type { ChangedLine } from './others-values'

/** So many values in a row, with the one that was there at its end, are no chance. */
const fewest = 3

/** A text as what its last number counts on from. */
interface Counted {
  readonly before: string
  readonly number: bigint
  readonly after: string
}

function countedIn(text: string): Counted | undefined {
  const [, before = '', digits, after = ''] = /^(.*?)(\d{1,20})(\D*)$/su.exec(undressed(text)) ?? []
  return digits === undefined ? undefined : { before, number: BigInt(digits), after }
}

/** How much the second counts more than the first; nothing when they are not of one series. */
function stepBetween(one: Counted | undefined, other: Counted | undefined): bigint | undefined {
  if (one === undefined || other === undefined) return undefined
  return one.before === other.before && one.after === other.after ? other.number - one.number : undefined
}

const isOne = (step: bigint | undefined) => step === 1n || step === -1n

interface Value {
  readonly item: number
  readonly line: number
  readonly mine: string
  readonly had: string
}

/** The runs of values that count on by one from line to line, where those that were there did not. */
function* runsOf(values: readonly Value[], hadAt: (item: number) => string): Generator<readonly Value[]> {
  const counted = values.map(({ mine }) => countedIn(mine))
  for (let from = 0; from < values.length; ) {
    let to = from + 1
    const step = stepBetween(counted[from], counted[to])
    while (
      isOne(step) &&
      values[to]?.item === (values[to - 1]?.item ?? 0) + 1 &&
      stepBetween(counted[to - 1], counted[to]) === step
    )
      to++
    const run = values.slice(from, to)
    const [first, last] = [run[0] as Value, run.at(-1) as Value]
    // The cell that was filled into the others may stand beside them as it was.
    const beside =
      run.length > 1 &&
      (stepBetween(countedIn(hadAt(first.item - 1)), counted[from]) === step ||
        stepBetween(counted[to - 1], countedIn(hadAt(last.item + 1))) === step)
    // Who had nothing is given a number; who counted on as much before is moved to other ones.
    const before = run.map(({ had }) => countedIn(had))
    const isMoved = before.every((one, at) => at === 0 || stepBetween(before[at - 1], one) === step)
    const isGiven = run.every(({ had }) => had === '')
    if (run.length + (beside ? 1 : 0) >= fewest && !isMoved && !isGiven) yield run
    from = to
  }
}

/**
 * The fields in which values count on from line to line, as a spreadsheet makes them of one that is filled into others, with
 * what is to be said of each. Whoever means to number anew ticks the field.
 */
export function filledSeries(
  lines: readonly ChangedLine[],
  hadAt: (item: number, path: FieldPath) => string,
): ReadonlyMap<FieldPath, string> {
  const fields = new Map<FieldPath, Value[]>()
  for (const { item, line, changes } of lines) {
    for (const { path, mine } of changes) {
      const { kind, choices } = fieldAt(path) ?? {}
      if (kind === 'boolean' || choices !== undefined || !/\d/.test(mine)) continue
      const values = fields.get(path) ?? []
      fields.set(path, values)
      values.push({ item, line, mine, had: hadAt(item, path) })
    }
  }
  const words = new Map<FieldPath, string>()
  for (const [path, values] of fields) {
    const runs = [...runsOf(values, (item) => hadAt(item, path))]
    const [first] = runs
    if (first === undefined) continue
    const many = runs.reduce((sum, run) => sum + run.length, 0)
    const [one, other] = [first[0]?.mine, first[1]?.mine]
    words.set(
      path,
      `${labelOf(path)}: ${many.toLocaleString('en')} new values count on from line to line (“${one}”, “${other}” from line ${first[0]?.line} on), as a spreadsheet makes them when a cell is filled into others. It is not ticked: look at the rows, and tick it if that is meant.`,
    )
  }
  return words
}
