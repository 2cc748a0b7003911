/** The two values in the middle of some, twice the one that is there of an odd number; at least one, none of them NaN. Puts them in another order. */
export function middleValues(values: Float64Array): readonly [number, number] {
  const half = values.length >> 1
  const upper = select(values, half)
  if (values.length % 2 === 1) return [upper, upper]
  let lower = values[0] ?? upper
  for (let at = 1; at < half; at++) lower = Math.max(lower, values[at] ?? lower)
  return [lower, upper]
}

/** Steps after which values are sorted instead: each leaves about half of them. */
const maxSteps = 60

/** Puts at `rank` what is there when all are sorted, and nothing greater before it (Hoare's FIND, 1961). */
function select(values: Float64Array, rank: number): number {
  let [first, last] = [0, values.length - 1]
  for (let step = 0; first < last && step < maxSteps; step++) {
    const [high, low] = part(values, first, last)
    if (rank > high && rank < low) return values[rank] ?? 0
    if (rank <= high) last = high
    else first = low
  }
  if (first < last) values.subarray(first, last + 1).sort()
  return values[rank] ?? 0
}

/** Puts what is less than a value before what is greater; answers where the former ends and the latter begins. What is between them is that value. */
function part(values: Float64Array, first: number, last: number): readonly [number, number] {
  const pivot = pivotOf(values, first, last)
  let [low, high] = [first, last]
  while (low <= high) {
    while ((values[low] ?? pivot) < pivot) low++
    while ((values[high] ?? pivot) > pivot) high--
    if (low > high) break
    const swapped = values[low] ?? 0
    values[low++] = values[high] ?? 0
    values[high--] = swapped
  }
  return [high, low]
}

/** The middle one of three. */
function pivotOf(values: Float64Array, first: number, last: number): number {
  const one = values[first] ?? 0
  const two = values[(first + last) >> 1] ?? 0
  const three = values[last] ?? 0
  return Math.max(Math.min(one, two), Math.min(Math.max(one, two), three))
}
