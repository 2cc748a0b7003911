import type { FrameRow } from './frame.ts'
import type { Points } from './points.ts'
import { compareValues } from './reduce-points.ts'

interface TopOptions {
  readonly sign: 1 | -1
  readonly count: number
  /** One point at most of each combination of these tags. */
  readonly keyOf: ((row: FrameRow) => string) | undefined
}

/** The greatest (or least) points from one stretch, oldest first; of equal values the oldest. */
export function topOf(points: Required<Points>, options: TopOptions): Required<Points> {
  const { values, rows } = points
  const ranked = Array.from(values.keys()).sort(
    (a, b) => compareValues(values[b] ?? null, values[a] ?? null) * options.sign || a - b,
  )
  const chosen = options.keyOf === undefined ? ranked : firstOfEach(ranked, rows, options.keyOf)
  const at = (index: number) => points.times[index] ?? 0n
  // Of one time the highest ranked comes first.
  const indices = chosen.slice(0, options.count).sort((a, b) => Number(at(a) - at(b)))
  return {
    times: indices.map(at),
    values: indices.map((index) => values[index] ?? null),
    rows: indices.map((index) => rows[index]),
  }
}

function firstOfEach(
  ranked: readonly number[],
  rows: Required<Points>['rows'],
  keyOf: (row: FrameRow) => string,
): number[] {
  const seen = new Set<string>()
  return ranked.filter((at) => {
    const row = rows[at]
    const key = row === undefined ? '' : keyOf(row)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
