import { compareValues, type Reducer } from './reduce-points.ts'

interface TopOptions {
  readonly sign: 1 | -1
  readonly count: number
  /** At most one point of each key; absent: any. */
  readonly keyOf: ((index: number) => string) | undefined
}

/** The greatest (or least) points of each bucket, best first; of equal values the oldest. */
export function topReducer({ sign, count, keyOf }: TopOptions): Reducer {
  return ({ times, values, from, to }) => {
    const isOlder = (a: number, b: number) => {
      const [one, other] = [times[a] ?? 0n, times[b] ?? 0n]
      if (one === other) return a - b
      return one < other ? -1 : 1
    }
    const ranked = Array.from({ length: to - from }, (_, at) => from + at).sort(
      (a, b) => compareValues(values[b] ?? null, values[a] ?? null) * sign || isOlder(a, b),
    )
    const chosen = keyOf === undefined ? ranked : firstOfEach(ranked, keyOf)
    return chosen.slice(0, count).map((index) => ({ value: values[index] ?? null, index }))
  }
}

function firstOfEach(ranked: readonly number[], keyOf: (index: number) => string): number[] {
  const seen = new Set<string>()
  return ranked.filter((index) => {
    const key = keyOf(index)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
