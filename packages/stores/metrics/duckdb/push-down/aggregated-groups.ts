import type { AggregatedGroup, AggregateRequest } from '@warren/influxql/evaluate/source'
import {
  type BucketSums,
  createIntegerSums,
  createSums,
  type IntegerSums,
} from '@warren/influxql/evaluate/stream/bucket-sums'
import { dayNs } from '../../../duckdb/day.ts'
import type { KnownSeries } from '../series-cache.ts'

/** Whether the buckets are as wide as each other, hold the whole range, and none begins in one day file and ends in another. Around a change of clock they may be none of that. */
export function areWithinDays({ starts, widthNs, minNs, maxNs }: AggregateRequest): boolean {
  const [first = 0n] = starts
  const isAligned = widthNs > 0n && dayNs % widthNs === 0n && first % widthNs === 0n
  const isWhole = first <= minNs && maxNs < first + BigInt(starts.length) * widthNs
  return isAligned && isWhole && starts.every((start, at) => start === first + BigInt(at) * widthNs)
}

/** Series of each group that make aggregating cheaper than reading. */
const minSeriesAGroup = 4
/** Of all groups: four numbers each. */
const maxBuckets = 1_000_000

interface KnownGroup {
  readonly tags: ReadonlyMap<string, string>
  readonly sums: Map<string, BucketSums>
  /** There may be thousands of groups, and mostly none has any. */
  integers?: Map<string, IntegerSums>
}

/** The groups of an answer, numbered as they are met. */
export class AggregatedGroups {
  readonly #request: AggregateRequest
  readonly #numbers = new Map<string, number>()
  readonly #groups: KnownGroup[] = []
  readonly #series = new Map<string, number>()

  constructor(request: AggregateRequest) {
    this.#request = request
  }

  /** The number of a series' group. */
  add({ order, tags }: KnownSeries): number {
    const known = this.#series.get(order)
    if (known !== undefined) return known
    const values = this.#request.dimensions.map((key) => tags.get(key) ?? '')
    const key = values.join('\0')
    const number = this.#numbers.get(key) ?? this.#groups.length
    if (number === this.#groups.length) {
      this.#numbers.set(key, number)
      const own = this.#request.dimensions.map((name, at) => [name, values[at] ?? ''] as const)
      this.#groups.push({
        tags: new Map(own.filter(([, value]) => value !== '')),
        sums: new Map(),
      })
    }
    this.#series.set(order, number)
    return number
  }

  isWorthwhile(): boolean {
    const groups = this.#groups.length
    return (
      groups > 0 &&
      this.#series.size >= groups * minSeriesAGroup &&
      groups * this.#request.starts.length <= maxBuckets
    )
  }

  /** Whether each group is one series, so far. */
  areSeries(): boolean {
    return this.#series.size === this.#groups.length
  }

  get count(): number {
    return this.#groups.length
  }

  /** Figures of a group that were made elsewhere. */
  put(group: number, field: string, sums: BucketSums): void {
    this.#group(group).sums.set(field, sums)
  }

  sums(group: number, field: string): BucketSums {
    const { sums } = this.#group(group)
    const known = sums.get(field) ?? createSums(this.#request.starts.length)
    sums.set(field, known)
    return known
  }

  /** Of a field that is read as integers. */
  integerSums(group: number, field: string): IntegerSums {
    const own = this.#group(group)
    own.integers ??= new Map()
    const { integers } = own
    const known = integers.get(field) ?? createIntegerSums(this.#request.starts.length)
    integers.set(field, known)
    return known
  }

  /** Those that have a value in range. */
  all(): AggregatedGroup[] {
    return this.#groups
      .map(({ tags, sums, integers }) => ({
        tags,
        sums:
          integers === undefined
            ? sums
            : new Map<string, BucketSums | IntegerSums>([...sums, ...integers]),
      }))
      .filter(({ sums }) => sums.size > 0)
  }

  #group(number: number) {
    const group = this.#groups[number]
    if (group === undefined) throw new Error('BUG: a group that nobody added')
    return group
  }
}
