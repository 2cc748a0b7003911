/** The two values in the middle of some, twice the one that is there of an odd number; at least one, none of them NaN. Puts them in another order. */
export function middleValues(values: Float64Array): readonly [number, number] {
  const upper = values.length >> 1
  const ranks = { lower: values.length % 2 === 1 ? upper : upper - 1, upper }
  const near = values.length < leastSampled ? undefined : nearMiddle(values)
  if (near === undefined || near.below > ranks.lower) return valuesAt(values, ranks)
  const { below, inside } = near
  if (upper - below >= inside.length) return valuesAt(values, ranks)
  return valuesAt(inside, { lower: ranks.lower - below, upper: upper - below })
}

/** Two beside each other, or twice one. */
interface Ranks {
  readonly lower: number
  readonly upper: number
}

function valuesAt(values: Float64Array, { lower, upper }: Ranks): readonly [number, number] {
  const greater = select(values, upper)
  if (lower === upper) return [greater, greater]
  let less = values[0] ?? greater
  for (let at = 1; at < upper; at++) less = Math.max(less, values[at] ?? less)
  return [less, greater]
}

/** Of fewer none are left out. */
const leastSampled = 2048
const sampled = 256
/** Places in the sample on either side of its middle: three times what it may be off by. */
const margin = 24

/** Memory for those near the middle, kept for the next bucket unless it was a large one. */
let room: Float64Array = new Float64Array()
const mostKept = 131_072

function roomFor(count: number): Float64Array {
  if (count > mostKept) return new Float64Array(count)
  if (room.length < count) room = new Float64Array(count)
  return room
}

/** Those that are as near the middle as some of a sample are, until it is called again, and how many are less: a fifth, found without a jump that a processor could guess wrong. */
function nearMiddle(values: Float64Array): { below: number; inside: Float64Array } {
  const sample = new Float64Array(sampled)
  for (let at = 0; at < sampled; at++)
    sample[at] = values[Math.floor(((at + 0.5) * values.length) / sampled)] ?? 0
  sample.sort()
  const least = sample[sampled / 2 - margin] ?? 0
  const greatest = sample[sampled / 2 + margin] ?? 0
  const inside = roomFor(values.length)
  let [below, count] = [0, 0]
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? 0
    inside[count] = value
    below += Number(value < least)
    count += Number(value >= least) & Number(value <= greatest)
  }
  return { below, inside: inside.subarray(0, count) }
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
