import type { Value } from '@warren/influxql/result'
import type { BodySource } from '../influxdb/answer-body.ts'
import { sizeOfNumbers } from '../influxdb/answer-size.ts'
import { Pieces, toGoJson, toValue } from '../influxdb/encode.ts'
import { valueAt } from './column.ts'
import { emptiesOf, type Filling } from './fill-stretch.ts'
import { endOf, type Stretch, type StretchSeries } from './stretch.ts'

/** Rows as text, each with a comma before it; of length 0 where a row is not shown. */
interface TextRows {
  /** Equal for rows that show empty buckets alike. */
  readonly filling: string
  /** The first and the last but one bucket of them, counted in the stretch. */
  readonly from: number
  readonly to: number
  readonly bytes: Buffer
  /** Where each row begins, and the last ends. */
  readonly starts: Uint32Array
}

interface Shown {
  readonly empties: readonly Value[]
  readonly isNone: boolean
}

type Frame = Pick<Stretch, 'startMs' | 'stepMs'>

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

/** Rows of buckets `[from, to)`. */
function rowsText(
  series: StretchSeries,
  { startMs, stepMs }: Frame,
  { from, to, shown }: { readonly from: number; readonly to: number; readonly shown: Shown },
): { readonly text: string; readonly ends: Uint32Array } {
  const isAscii = series.data.every((column) => column instanceof Float64Array)
  const ends = new Uint32Array(to - from + 1)
  let text = ''
  let end = 0
  for (let at = from; at < to; at += 1) {
    const row = rowText(series, { at, ms: startMs + at * stepMs }, shown)
    text += row
    end += isAscii ? row.length : Buffer.byteLength(row)
    ends[at - from + 1] = end
  }
  return { text, ends }
}

/** The text of what is kept, made once for as long as it is kept. */
const kept = new WeakMap<StretchSeries, TextRows>()

function keptRows(
  series: StretchSeries,
  stretch: Stretch,
  { from, to, shown }: { readonly from: number; readonly to: number; readonly shown: Shown },
): Uint8Array {
  const filling = `${shown.isNone} ${shown.empties.join()}`
  let rows = kept.get(series)
  if (rows === undefined || rows.filling !== filling || rows.from > from || rows.to < to) {
    const { text, ends } = rowsText(series, stretch, { from, to, shown })
    rows = { ...{ filling, from, to }, bytes: Buffer.from(text), starts: ends }
    kept.set(series, rows)
  }
  return rows.bytes.subarray(rows.starts[from - rows.from], rows.starts[to - rows.from])
}

/** A stretch, and which of its buckets were kept: their text may be there already. */
export interface PartlyKept {
  readonly whole: Stretch
  /** As it is kept: it may reach further on both sides. */
  readonly kept: Stretch | undefined
  readonly keptFromMs: number
  readonly keptToMs: number
}

class StretchEncoder {
  readonly #parts: PartlyKept
  readonly #filling: Filling
  readonly #pieces: Pieces

  constructor(parts: PartlyKept, filling: Filling, maxBytes: number) {
    this.#parts = parts
    this.#filling = filling
    this.#pieces = new Pieces(maxBytes)
  }

  async encode(): Promise<Buffer> {
    const { series, count } = this.#parts.whole
    const pieces = this.#pieces
    pieces.add('{"results":[{"statement_id":0')
    let start = ',"series":['
    for (const [key, one] of series) {
      const { name, tags, columns } = one
      pieces.add(`${start}${toGoJson({ name, tags, columns }).slice(0, -1)},"values":[`)
      this.#addRows(key, one)
      pieces.add(']}')
      start = ','
      await pieces.giveWay(count)
    }
    pieces.add(series.size === 0 ? '}]}\n' : ']}]}\n')
    return pieces.join()
  }

  #addRows(key: string, series: StretchSeries): void {
    const shown: Shown = {
      empties: emptiesOf(series, this.#filling),
      isNone: this.#filling.fill.kind === 'none',
    }
    let isFirst = true
    for (const rows of this.#stretchesOf(key, series, shown)) {
      if (rows.length === 0) continue
      // Without the comma before the first row.
      this.#pieces.addBytes(isFirst ? rows.subarray(1) : rows)
      isFirst = false
    }
  }

  /** The text before what is kept, of what is kept, and after it. */
  #stretchesOf(key: string, series: StretchSeries, shown: Shown): readonly Uint8Array[] {
    const { whole, kept: stretch, keptFromMs, keptToMs } = this.#parts
    const fresh = (from: number, to: number): Uint8Array =>
      Buffer.from(rowsText(series, whole, { from, to, shown }).text)
    const own = stretch?.series.get(key)
    if (stretch === undefined || own === undefined) return [fresh(0, whole.count)]
    const bucketOf = ({ startMs, stepMs }: Frame, ms: number): number => (ms - startMs) / stepMs
    return [
      fresh(0, bucketOf(whole, keptFromMs)),
      keptRows(own, stretch, {
        from: bucketOf(stretch, keptFromMs),
        to: bucketOf(stretch, keptToMs),
        shown,
      }),
      fresh(bucketOf(whole, keptToMs), bucketOf(whole, endOf(whole))),
    ]
  }
}

/** Rows without a value are not shown. */
function countFilled({ data }: StretchSeries, count: number): number {
  let rows = 0
  for (let at = 0; at < count; at += 1)
    if (data.some((column) => valueAt(column, at) !== null)) rows += 1
  return rows
}

function countShown({ series, count }: Stretch, { fill }: Filling): number {
  if (fill.kind !== 'none') return series.size * count
  return [...series.values()].reduce((sum, one) => sum + countFilled(one, count), 0)
}

/** The answer that the store gives with this fill, as bytes. */
export function toBodySource(parts: PartlyKept, filling: Filling): BodySource {
  const { series, count } = parts.whole
  return {
    rows: countShown(parts.whole, filling),
    bytes: sizeOfNumbers(series.size, count, 1 + filling.absences.length),
    encode: (maxBytes) => new StretchEncoder(parts, filling, maxBytes).encode(),
  }
}
