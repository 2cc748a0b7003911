import type { Value } from '@warren/influxql/answers/result'
import { toValue } from '../../influxdb/body/encode.ts'
import { type NumberColumn, printNumberRows } from '../../influxdb/number-rows/number-rows.ts'
import { valueAt } from './column.ts'
import type { Stretch, StretchSeries } from './stretch.ts'

/** How empty buckets are shown. */
export interface Shown {
  /** Instead of null, one a column. */
  readonly empties: readonly Value[]
  /** Not at all, where every column is empty. */
  readonly isNone: boolean
}

/** Buckets, counted in their stretch: from the first to before the second. */
export interface Buckets {
  readonly from: number
  readonly to: number
}

/** Rows as text, each with a comma before it; of length 0 where a row is not shown. */
export interface RowsText {
  readonly text: string
  /** In bytes: where each row begins, and the last ends. */
  readonly starts: Uint32Array
}

function rowText(
  { data }: StretchSeries,
  { at, ms }: { readonly at: number; readonly ms: number },
  shown: Shown,
): string {
  let text = `,[${ms}`
  let isEmpty = true
  for (let column = 0; column < data.length; column += 1) {
    const own = valueAt(data[column] ?? [], at)
    if (own !== null) isEmpty = false
    const value = own ?? shown.empties[column] ?? null
    text += value === null ? ',null' : `,${toValue(value)}`
  }
  return shown.isNone && isEmpty ? '' : `${text}]`
}

type Frame = Pick<Stretch, 'startMs' | 'stepMs'>
type Asked = Buckets & { readonly shown: Shown }

export const rowsText = (series: StretchSeries, frame: Frame, asked: Asked): RowsText =>
  numbersText(series, frame, asked) ?? anyRowsText(series, frame, asked)

/** Of fewer rows it takes as long to hand them over as to print them. */
const leastRows = 16

/** Undefined where there are few rows, or not all that is shown are numbers and nulls. */
function numbersText({ data }: StretchSeries, frame: Frame, asked: Asked): RowsText | undefined {
  const { from, to, shown } = asked
  if (to - from < leastRows || shown.isNone || shown.empties.some((value) => value !== null))
    return undefined
  const columns: NumberColumn[] = []
  for (const column of data) {
    if (!(column instanceof Float64Array)) return undefined
    columns.push({ numbers: column.subarray(from, to) })
  }
  const starts = new Uint32Array(to - from + 1)
  const text = printNumberRows({ texts: timesOf(frame, asked), columns }, starts.subarray(1))
  return text === undefined ? undefined : { text, starts }
}

/** Times that were printed last: series of one answer have the same. */
let known = { firstMs: 0, stepMs: 0, texts: [] as readonly string[] }

function timesOf({ startMs, stepMs }: Frame, { from, to }: Buckets): readonly string[] {
  const firstMs = startMs + from * stepMs
  if (known.firstMs !== firstMs || known.stepMs !== stepMs || known.texts.length !== to - from) {
    const texts = Array.from({ length: to - from }, (_, at) => `${firstMs + at * stepMs}`)
    known = { firstMs, stepMs, texts }
  }
  return known.texts
}

function anyRowsText(
  series: StretchSeries,
  { startMs, stepMs }: Frame,
  { from, to, shown }: Asked,
): RowsText {
  const isAscii = series.data.every((column) => column instanceof Float64Array)
  const starts = new Uint32Array(to - from + 1)
  let text = ''
  let end = 0
  for (let at = from; at < to; at += 1) {
    const row = rowText(series, { at, ms: startMs + at * stepMs }, shown)
    text += row
    end += isAscii ? row.length : Buffer.byteLength(row)
    starts[at - from + 1] = end
  }
  return { text, starts }
}
