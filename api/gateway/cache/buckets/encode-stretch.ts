import { toGoJson } from '@warren/influxql/answers/go-json'
import type { BodySource } from '../../influxdb/body/answer-body.ts'
import { sizeOfNumbers } from '../../influxdb/body/answer-size.ts'
import { BodyBytes } from '../../influxdb/body/body-bytes.ts'
import type { EncodedBody } from '../../influxdb/body/encoded-body.ts'
import { joinGzip } from '../../influxdb/body/joined-gzip.ts'
import { Pieces } from '../../influxdb/body/pieces.ts'
import { valueAt } from './column.ts'
import { emptiesOf, type Filling } from './fill-stretch.ts'
import { blocksOf, bucketOf, bytesOf, type KeptPart, keptRows } from './kept-text.ts'
import { rowsText, type Shown } from './rows-text.ts'
import type { Stretch, StretchSeries } from './stretch.ts'

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

/** Bytes of the answer, and the kept part that they are. */
interface Piece {
  readonly bytes: Uint8Array
  readonly part: KeptPart | undefined
}

/** Makes the gzip of an answer, of which most was packed before. It holds the pieces and nothing that they were made of: answers are kept for seconds. */
const packer = (pieces: readonly Piece[]) => async (): Promise<BodyBytes> => {
  const segments = pieces.map(async ({ bytes, part }) => ({
    ...{ bytes, blocks: part && (await blocksOf(part)) },
  }))
  return joinGzip(await Promise.all(segments))
}

class StretchEncoder {
  readonly #parts: PartlyKept
  readonly #filling: Filling
  readonly #pieces: Pieces
  readonly #kept = new Map<Uint8Array, KeptPart>()

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
    return this.#toBody(pieces.all())
  }

  #toBody(all: readonly Uint8Array[]): EncodedBody {
    const parts = [...this.#kept.values()]
    const isMostlyKept =
      parts.length > 0 &&
      this.#parts.whole.series.size <= mostPackedSeries &&
      parts.every(({ from, to }) => to - from >= minPackedBytes)
    const pieces = all.map((bytes) => ({ bytes, part: this.#kept.get(bytes) }))
    return { plain: new BodyBytes(all), pack: isMostlyKept ? packer(pieces) : undefined }
  }

  /** The text before what is kept, what is kept, and the text after it; without the comma before the first row. */
  #addRows(key: string, series: StretchSeries): void {
    const shown: Shown = {
      empties: emptiesOf(series, this.#filling),
      isNone: this.#filling.fill.kind === 'none',
    }
    const { whole, kept: stretch, keptFromMs, keptToMs } = this.#parts
    const own = stretch?.series.get(key)
    const fresh = (from: number, to: number): string =>
      rowsText(series, whole, { from, to, shown }).text
    if (stretch === undefined || own === undefined) {
      this.#pieces.add(fresh(0, whole.count).slice(1))
      return
    }
    const head = fresh(0, bucketOf(whole, keptFromMs))
    this.#pieces.add(head.slice(1))
    const [from, to] = [bucketOf(stretch, keptFromMs), bucketOf(stretch, keptToMs)]
    const part = keptRows(own, stretch, { from, to, shown })
    const hasKept = part.to > part.from
    const isFirst = head.length === 0
    if (hasKept) this.#addKept(isFirst ? { ...part, from: part.from + 1 } : part)
    const tail = fresh(bucketOf(whole, keptToMs), whole.count)
    this.#pieces.add(isFirst && !hasKept ? tail.slice(1) : tail)
  }

  #addKept(part: KeptPart): void {
    const bytes = bytesOf(part)
    this.#kept.set(bytes, part)
    this.#pieces.addBytes(bytes)
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
    encode: ({ maxBytes }) => new StretchEncoder(parts, filling, maxBytes).encode(),
  }
}
