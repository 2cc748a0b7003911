type Numbers = Float64Array | BigInt64Array

/** Figures of every bucket. */
export interface BucketSums<Values extends Numbers = Float64Array> {
  readonly counts: Float64Array
  /** Of floats of one series in the order of time, as InfluxDB adds; of several without error, rounded once, so that no order of theirs matters. Of integers as 64 bits hold it. */
  readonly sums: Values
  readonly lows: Values
  readonly highs: Values
  /** Only of what a source aggregated; none of integers. */
  readonly medians: Float64Array
}

export type IntegerSums = BucketSums<BigInt64Array>

export const createSums = (buckets: number): BucketSums =>
  emptied({
    counts: new Float64Array(buckets),
    sums: new Float64Array(buckets),
    lows: new Float64Array(buckets),
    highs: new Float64Array(buckets),
    medians: new Float64Array(buckets),
  })

/** As they were made. */
export function emptied(sums: BucketSums): BucketSums {
  sums.counts.fill(0)
  sums.sums.fill(0)
  sums.lows.fill(Number.POSITIVE_INFINITY)
  sums.highs.fill(Number.NEGATIVE_INFINITY)
  sums.medians.fill(0)
  return sums
}

/** A bucket without points has no least and no greatest integer. */
export function createIntegerSums(buckets: number): IntegerSums {
  return {
    counts: new Float64Array(buckets),
    sums: new BigInt64Array(buckets),
    lows: new BigInt64Array(buckets),
    highs: new BigInt64Array(buckets),
    medians: new Float64Array(),
  }
}

export const areIntegers = (sums: BucketSums | IntegerSums): sums is IntegerSums =>
  sums.sums instanceof BigInt64Array
