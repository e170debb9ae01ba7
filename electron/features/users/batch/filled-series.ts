import { fieldAt, labelOf } from '../../../../shared/user/catalogue'
import { undressed } from '../../../../shared/user/rendering/letters'
import type { FieldPath } from '../../../../shared/user/types'
import type { Pause } from '../../../platform/pause'
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
  readonly counted: Counted | undefined
}

/** Runs of values that count on by one from line to line. */
function* countingOn(
  values: readonly Value[],
): Generator<{ readonly run: readonly Value[]; readonly step: bigint }> {
  for (let from = 0; from < values.length; ) {
    const step = stepBetween(values[from]?.counted, values[from + 1]?.counted)
    let to = from + 1
    while (
      isOne(step) &&
      values[to]?.item === (values[to - 1]?.item ?? 0) + 1 &&
      stepBetween(values[to - 1]?.counted, values[to]?.counted) === step
    )
      to++
    if (step !== undefined && to - from > 1) yield { run: values.slice(from, to), step }
    from = to
  }
}

/** Whether a run was filled in over what stood there: who had nothing is given a number, who counted on before is moved. */
async function isFilled(
  run: readonly Value[],
  step: bigint,
  hadAt: (item: number) => string,
  pause: Pause,
): Promise<boolean> {
  const [first, last] = [run[0] as Value, run.at(-1) as Value]
  // The cell that was filled into the others may stand beside them as it was.
  const beside =
    stepBetween(countedIn(hadAt(first.item - 1)), first.counted) === step ||
    stepBetween(last.counted, countedIn(hadAt(last.item + 1))) === step
  if (run.length + (beside ? 1 : 0) < fewest) return false
  let isGiven = true
  let isMoved = true
  let before: Counted | undefined
  for (const [at, { item }] of run.entries()) {
    const had = hadAt(item)
    const counted = countedIn(had)
    isGiven &&= had === ''
    isMoved &&= at === 0 || stepBetween(before, counted) === step
    if (!isGiven && !isMoved) return true
    before = counted
    if (pause.due()) await pause.wait()
  }
  return false
}

/**
 * The fields in which values count on from line to line, as a spreadsheet makes them of one that is filled into others, with
 * what is to be said of each. Whoever means to number anew ticks the field.
 */
export async function filledSeries(
  lines: readonly ChangedLine[],
  hadAt: (item: number, path: FieldPath) => string,
  pause: Pause,
): Promise<ReadonlyMap<FieldPath, string>> {
  const fields = new Map<FieldPath, Value[]>()
  for (const { item, line, changes } of lines) {
    for (const { path, mine } of changes) {
      const { kind, choices } = fieldAt(path) ?? {}
      if (kind === 'boolean' || choices !== undefined || !/\d/.test(mine)) continue
      const values = fields.get(path) ?? []
      fields.set(path, values)
      values.push({ item, line, mine, counted: countedIn(mine) })
    }
    if (pause.due()) await pause.wait()
  }
  const words = new Map<FieldPath, string>()
  for (const [path, values] of fields) {
    let many = 0
    let first: readonly Value[] | undefined
    for (const { run, step } of countingOn(values)) {
      if (pause.due()) await pause.wait()
      if (!(await isFilled(run, step, (item) => hadAt(item, path), pause))) continue
      many += run.length
      first ??= run
    }
    if (first === undefined) continue
    const [one, other] = [first[0]?.mine, first[1]?.mine]
    words.set(
      path,
      `${labelOf(path)}: ${many.toLocaleString('en')} new values count on from line to line (“${one}”, “${other}” from line ${first[0]?.line} on), as a spreadsheet makes them when a cell is filled into others. It is not ticked: look at the rows, and tick it if that is meant.`,
    )
  }
  return words
}
