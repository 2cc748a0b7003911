/** What the values of one timer say in one interval, in the fields that Telegraf writes. */
export interface Summary {
  /** One value that stands for `weight` of them; `mayGrow` is false when no more samples may be kept. Returns how many samples are kept more than before; undefined, and nothing is added, where
   *  count, sum or mean would be no number any more. */
  add(value: number, weight: number, mayGrow: boolean): 0 | 1 | undefined
  fields(percentiles: readonly number[]): Record<string, number>
}

interface Sample {
  readonly value: number
  readonly weight: number
}

/** Nearest rank: the least value that is not below so much of the weight. */
function percentileOf(sorted: readonly Sample[], percentile: number): number {
  let total = 0
  for (const { weight } of sorted) total += weight
  const wanted = (percentile / 100) * total
  let passed = 0
  for (const { value, weight } of sorted) {
    passed += weight
    // Weights such as 1/0.1 do not add up exactly.
    if (passed >= wanted - 1e-9 * total) return value
  }
  return sorted.at(-1)?.value ?? 0
}

export interface SummaryOptions {
  /** Values kept for percentiles; above it a random part of them (algorithm R), while the other fields stay exact. */
  readonly maxSamples: number
  /** 0 to 1; `Math.random` but in tests. */
  readonly random: () => number
}

export function createSummary({ maxSamples, random }: SummaryOptions): Summary {
  const samples: Sample[] = []
  let seen = 0
  let count = 0
  let sum = 0
  let mean = 0
  let squares = 0
  let lower = Number.POSITIVE_INFINITY
  let upper = Number.NEGATIVE_INFINITY

  const keep = (sample: Sample, mayGrow: boolean): 0 | 1 => {
    if (samples.length === 0 || (samples.length < maxSamples && mayGrow)) {
      samples.push(sample)
      return 1
    }
    const at = Math.floor(random() * seen)
    if (at < samples.length) samples[at] = sample
    return 0
  }

  return {
    add: (value, weight, mayGrow) => {
      const delta = value - mean
      const nextCount = count + weight
      const nextSum = sum + value * weight
      const nextMean = mean + (delta * weight) / nextCount
      const isNumber = Number.isFinite(nextCount) && Number.isFinite(nextSum)
      if (!isNumber || !Number.isFinite(nextMean)) return undefined
      seen += 1
      count = nextCount
      sum = nextSum
      mean = nextMean
      squares += weight * delta * (value - mean)
      lower = Math.min(lower, value)
      upper = Math.max(upper, value)
      return keep({ value, weight }, mayGrow)
    },
    fields: (percentiles) => {
      const sorted = samples.toSorted((one, other) => one.value - other.value)
      const fields: Record<string, number> = {
        ...{ lower, upper, mean, sum, count },
        stddev: Math.sqrt(squares / count),
        median: percentileOf(sorted, 50),
      }
      for (const percentile of percentiles)
        fields[`${percentile}_percentile`] = percentileOf(sorted, percentile)
      return fields
    },
  }
}
