import type { Value } from '@warren/influxql/result'
import type { BodySource, EncodedBody } from '../influxdb/answer-body.ts'
import { sizeOfNumbers } from '../influxdb/answer-size.ts'
import { Pieces, toGoJson, toValue } from '../influxdb/encode.ts'
import { joinGzip, toBlocks } from '../influxdb/joined-gzip.ts'
import { valueAt } from './column.ts'
import { emptiesOf, type Filling } from './fill-stretch.ts'
import type { Stretch, StretchSeries } from './stretch.ts'

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
  /** Of what was packed last, by its first and last but one byte. */
  packed?: { readonly name: string; readonly blocks: Promise<Uint8Array> }
}

/** A part of the rows that are kept. */
interface KeptPart {
  readonly rows: TextRows
  readonly from: number
  readonly to: number
}

const bytesOf = ({ rows, from, to }: KeptPart): Buffer => rows.bytes.subarray(from, to)

/** Packed once for as long as the same is shown. */
function blocksOf(part: KeptPart): Promise<Uint8Array> {
  const { rows, from, to } = part
  const name = `${from} ${to}`
  if (rows.packed?.name !== name) rows.packed = { name, blocks: toBlocks(bytesOf(part)) }
  return rows.packed.blocks
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
): KeptPart {
  const filling = `${shown.isNone} ${shown.empties.join()}`
  let rows = kept.get(series)
  if (rows === undefined || rows.filling !== filling || rows.from > from || rows.to < to) {
    const { text, ends } = rowsText(series, stretch, { from, to, shown })
    rows = { ...{ filling, from, to }, bytes: Buffer.from(text), starts: ends }
    kept.set(series, rows)
  }
  const startOf = (at: number): number => rows.starts[at - rows.from] ?? 0
  return { rows, from: startOf(from), to: startOf(to) }
}

/** A stretch, and which of its buckets were kept: their text may be there already. */
export interface PartlyKept {
  readonly whole: Stretch
  /** As it is kept: it may reach further on both sides. */
  readonly kept: Stretch | undefined
  readonly keptFromMs: number
  readonly keptToMs: number
}

/** Fewer are packed with the whole answer, and so are those of more series. */
const minPackedBytes = 2000
const mostPackedSeries = 8

/** A part of the answer that was kept, and where it stands. */
interface PlacedPart {
  readonly part: KeptPart
  readonly start: number
}

/** The gzip of an answer, of which most was packed before. */
async function pack(plain: Buffer, placed: readonly PlacedPart[]): Promise<Buffer> {
  const parts = await Promise.all(
    placed.map(async ({ part, start }) => ({
      ...{ start, end: start + part.to - part.from },
      blocks: await blocksOf(part),
    })),
  )
  return joinGzip(plain, parts)
}

class StretchEncoder {
  readonly #parts: PartlyKept
  readonly #filling: Filling
  readonly #pieces: Pieces
  readonly #placed: PlacedPart[] = []

  constructor(parts: PartlyKept, filling: Filling, maxBytes: number) {
    this.#parts = parts
    this.#filling = filling
    this.#pieces = new Pieces(maxBytes)
  }

  async encode(): Promise<EncodedBody> {
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
    const plain = pieces.join()
    const placed = this.#placed
    const isMostlyKept =
      placed.length > 0 &&
      series.size <= mostPackedSeries &&
      placed.every(({ part }) => part.to - part.from >= minPackedBytes)
    return { plain, pack: isMostlyKept ? () => pack(plain, placed) : undefined }
  }

  /** The text before what is kept, of what is kept, and after it; without the comma before the first row. */
  #addRows(key: string, series: StretchSeries): void {
    const shown: Shown = {
      empties: emptiesOf(series, this.#filling),
      isNone: this.#filling.fill.kind === 'none',
    }
    const { whole, kept: stretch, keptFromMs, keptToMs } = this.#parts
    const own = stretch?.series.get(key)
    const fresh = (from: number, to: number): Buffer =>
      Buffer.from(rowsText(series, whole, { from, to, shown }).text)
    if (stretch === undefined || own === undefined) {
      this.#pieces.addBytes(fresh(0, whole.count).subarray(1))
      return
    }
    const head = fresh(0, bucketOf(whole, keptFromMs))
    this.#pieces.addBytes(head.subarray(1))
    const [from, to] = [bucketOf(stretch, keptFromMs), bucketOf(stretch, keptToMs)]
    const part = keptRows(own, stretch, { from, to, shown })
    const isFirst = head.length === 0 && part.to > part.from
    this.#addKept(isFirst ? { ...part, from: part.from + 1 } : part)
    const tail = fresh(bucketOf(whole, keptToMs), whole.count)
    this.#pieces.addBytes(head.length === 0 && part.to === part.from ? tail.subarray(1) : tail)
  }

  #addKept(part: KeptPart): void {
    this.#placed.push({ part, start: this.#pieces.bytes })
    this.#pieces.addBytes(bytesOf(part))
  }
}

const bucketOf = ({ startMs, stepMs }: Frame, ms: number): number => (ms - startMs) / stepMs

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
