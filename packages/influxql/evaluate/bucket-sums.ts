/** Figures of every bucket. */
export interface BucketSums {
  readonly counts: Float64Array
  /** Of one series in the order of time, as InfluxDB adds; of several without error, rounded once, so that no order of theirs matters. */
  readonly sums: Float64Array
  readonly lows: Float64Array
  readonly highs: Float64Array
  /** Only of what a source aggregated; of floats. */
  readonly medians: Float64Array
}

export function createSums(buckets: number): BucketSums {
  return {
    counts: new Float64Array(buckets),
    sums: new Float64Array(buckets),
    lows: new Float64Array(buckets).fill(Number.POSITIVE_INFINITY),
    highs: new Float64Array(buckets).fill(Number.NEGATIVE_INFINITY),
    medians: new Float64Array(buckets),
  }
}
