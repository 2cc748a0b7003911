import type { Value } from '@warren/influxql/answers/result'
import type { Column } from './column.ts'
import type { Extent } from './extents.ts'
import type { StretchSeries } from './stretch.ts'

/** Changes with the layout, and with what a stretch means; it is part of every key, so that releases beside each other do not read each other's. */
export const formatVersion = 2

/** One column: numbers stand behind the head, anything else in it. */
type HeadColumn = 'numbers' | { readonly values: readonly Value[] }

interface HeadSeries extends Omit<StretchSeries, 'data'> {
  readonly data: readonly HeadColumn[]
}

interface Head {
  readonly tenant: string
  readonly measurement: string
  readonly askedMs: number
  readonly startMs: number
  readonly stepMs: number
  readonly count: number
  readonly series: readonly HeadSeries[]
}

/** Integers beyond 2^53 are bigints, which JSON has none of. */
const hasBigints = (column: Column): boolean =>
  !(column instanceof Float64Array) && column.some((value) => typeof value === 'bigint')

function toHeadSeries({ data, ...named }: StretchSeries): HeadSeries {
  return {
    ...named,
    data: data.map((column) => (column instanceof Float64Array ? 'numbers' : { values: column })),
  }
}

/** Length of the head, the head as JSON, blanks up to the next multiple of 8, the columns of numbers as little-endian doubles. Undefined: it has what does not go into it. */
export function toBytes({ tenant, measurement, askedMs, stretch }: Extent): Buffer | undefined {
  const { startMs, stepMs, count, series } = stretch
  const all = [...series.values()]
  if (all.some(({ data }) => data.some(hasBigints))) return undefined
  const head: Head = {
    ...{ tenant, measurement, askedMs, startMs, stepMs, count },
    series: all.map(toHeadSeries),
  }
  const text = Buffer.from(JSON.stringify(head))
  const start = Buffer.alloc(8)
  start.writeUInt32LE(text.length)
  const columns = all
    .flatMap(({ data }) => data)
    .filter((column) => column instanceof Float64Array)
    .map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))
  return Buffer.concat([start, text, Buffer.alloc(-text.length & 7), ...columns])
}

/** Cuts columns off what stands behind the head. */
class Numbers {
  readonly #bytes: Buffer
  #at: number

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes
    this.#at = at
  }

  next(count: number): Float64Array {
    const end = this.#at + 8 * count
    if (end > this.#bytes.length) throw new RangeError('the bytes end too early')
    // A copy of its own: it may stay for long, and doubles stand at multiples of 8.
    const column = new Float64Array(count)
    Buffer.from(column.buffer).set(this.#bytes.subarray(this.#at, end))
    this.#at = end
    return column
  }
}

function toSeries({ data, ...named }: HeadSeries, count: number, numbers: Numbers) {
  const columns = data.map((column) => (column === 'numbers' ? numbers.next(count) : column.values))
  if (columns.some(({ length }) => length !== count)) throw new RangeError('a column is cut')
  return [named.rank, { ...named, data: columns }] as const
}

/** What `toBytes` made. Throws where it is anything else. */
export function fromBytes(bytes: Buffer): Extent {
  const length = bytes.readUInt32LE(0)
  const head = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Head
  const { tenant, measurement, askedMs, startMs, stepMs, count } = head
  const numbers = new Numbers(bytes, 8 + length + (-length & 7))
  const series = new Map(head.series.map((one) => toSeries(one, count, numbers)))
  return { ...{ tenant, measurement, askedMs }, stretch: { startMs, stepMs, count, series } }
}
