import type { Value } from '@warren/influxql/result'
import { toValue } from '../influxdb/encode.ts'
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

export function rowsText(
  series: StretchSeries,
  { startMs, stepMs }: Pick<Stretch, 'startMs' | 'stepMs'>,
  { from, to, shown }: Buckets & { readonly shown: Shown },
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
