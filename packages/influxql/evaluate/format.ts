import type { ResultSeries, Value } from '../answers/result.ts'
import {
  NumberBlocks,
  type ResultColumn,
  seriesOfColumns,
  toResultColumn,
} from '../answers/result-columns.ts'
import { zoneOffsetNs } from '../time/zone-offset.ts'
import type { Output, OutputSeries } from './output.ts'
import type { Values } from './values.ts'

/** `epoch` of a request: numbers of this unit; absent: RFC 3339. */
export type Epoch = 'ns' | 'u' | 'ms' | 's' | 'm' | 'h'

const unitNs: Readonly<Record<Epoch, bigint>> = {
  ns: 1n,
  u: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}

/** RFC 3339 with as many digits of a second as it takes. */
function rfc3339(ns: bigint, timeZone: string | undefined): string {
  const offset = timeZone === undefined ? 0n : zoneOffsetNs(timeZone, ns)
  const local = ns + offset
  const nanoseconds = ((local % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n
  const whole = new Date(Number((local - nanoseconds) / 1_000_000n)).toISOString().slice(0, 19)
  const fraction = String(nanoseconds).padStart(9, '0').replace(/0+$/, '')
  return `${whole}${fraction === '' ? '' : `.${fraction}`}${zoneText(offset)}`
}

function zoneText(offset: bigint): string {
  if (offset === 0n) return 'Z'
  const minutes = Number((offset < 0n ? -offset : offset) / 60_000_000_000n)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${offset < 0n ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

/** The series of an answer as InfluxDB writes them. */
export function formatOutput(output: Output, epoch: Epoch | undefined): ResultSeries[] {
  // Groups share the array of their buckets' times, so it is formatted once.
  const known = new Map<readonly bigint[], ResultColumn>()
  const format = (ns: bigint): Value =>
    epoch === undefined ? rfc3339(ns, output.timeZone) : toAnswer(ns / unitNs[epoch])
  const columns = [output.timeName, ...output.names]
  const blocks = new NumberBlocks()
  return output.series.map((series) => {
    const times = known.get(series.times) ?? timesOf(series, format)
    known.set(series.times, times)
    const tags = output.dimensions.length === 0 ? {} : { tags: Object.fromEntries(series.tags) }
    return seriesOfColumns(
      { name: series.name, ...tags, columns },
      { rowCount: series.times.length, columns: [times, ...columnsOf(series, blocks)] },
    )
  })
}

/** What is no number is null; infinities stay, and cannot be encoded. An integer that a double holds is one. */
function toAnswer(value: Value): Value {
  if (typeof value === 'bigint')
    return value >= -largest && value <= largest ? Number(value) : value
  return typeof value === 'number' && Number.isNaN(value) ? null : value
}

const largest = BigInt(Number.MAX_SAFE_INTEGER)

const timesOf = ({ times }: OutputSeries, format: (ns: bigint) => Value): ResultColumn =>
  toResultColumn({ length: times.length, at: (row) => format(times[row] ?? 0n) })

const columnsOf = ({ times, columns }: OutputSeries, blocks: NumberBlocks): ResultColumn[] =>
  columns.map((column) =>
    isAllNumbers(column)
      ? { numbers: column }
      : toResultColumn(
          { length: times.length, at: (row) => toAnswer(column[row] ?? null) },
          blocks,
        ),
  )

function isAllNumbers(column: Values): column is Float64Array {
  if (!(column instanceof Float64Array)) return false
  for (const value of column) if (Number.isNaN(value)) return false
  return true
}
