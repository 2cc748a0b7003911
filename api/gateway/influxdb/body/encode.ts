import { toGoJson } from '@warren/influxql/answers/go-json'
import type { ResultSeries, StatementResult, Value } from '@warren/influxql/answers/result'
import {
  columnsOf,
  type ResultColumn,
  type ResultColumns,
  valueAt,
} from '@warren/influxql/answers/result-columns'
import { Refusal } from '../../../http/refusal.ts'
import {
  mostRows,
  type NumberColumn,
  type NumberRows,
  numberRowsBytes,
} from '../number-rows/number-rows.ts'
import { BodyBytes } from './body-bytes.ts'
import type { EncodedBody, EncodeOptions } from './encoded-body.ts'
import { PackingAhead } from './packing-ahead.ts'
import { Pieces, rowsATurn } from './pieces.ts'

export function toValue(value: Value): string {
  if (typeof value === 'number') return toFloat(value)
  return typeof value === 'bigint' ? value.toString() : toGoJson(value)
}

/** JavaScript writes a float with the digits and exponents that Go's encoder uses, but for the sign of zero. */
function toFloat(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value)
  // The words with which InfluxDB answers what JSON cannot hold.
  throw new Refusal(
    'bad_request',
    `json: error calling MarshalJSON for type httpd.Response: json: error calling MarshalJSON for type *query.Result: json: unsupported value: ${value > 0 ? '+Inf' : '-Inf'}`,
  )
}

const toText = (value: Value): string => (value === null ? 'null' : toValue(value))

/** The first column of one series after the other: they mostly have the same times at the same places. */
class Times {
  readonly #values: Value[] = []
  readonly #texts: string[] = []
  #column: ResultColumn | undefined
  #from = 0
  #ofColumn: readonly string[] = []

  toText(value: Value, row: number): string {
    const known = this.#values[row] === value ? this.#texts[row] : undefined
    // -0 is 0 in a comparison, but not in JSON.
    if (known !== undefined && value !== 0) return known
    const text = toText(value)
    if (row < rowsATurn) {
      this.#values[row] = value
      this.#texts[row] = text
    }
    return text
  }

  /** The same of rows of a column, which series share. */
  ofColumn(column: ResultColumn, { from, to }: Stretch): readonly string[] {
    if (this.#column !== column || this.#from !== from || this.#ofColumn.length !== to - from) {
      this.#column = column
      this.#from = from
      this.#ofColumn = Array.from({ length: to - from }, (_, at) =>
        toText(valueAt(column, from + at)),
      )
    }
    return this.#ofColumn
  }
}

/** An answer on its way. */
interface Writing {
  readonly pieces: Pieces
  readonly times: Times
  readonly packing: PackingAhead | undefined
}

/** Lets others run between stretches of rows. */
function giveWay({ pieces, packing }: Writing, rows: number): Promise<void> {
  packing?.take(pieces)
  return pieces.giveWay(rows)
}

function toRow(row: readonly Value[], first: string): string {
  let text = `[${first}`
  for (let at = 1; at < row.length; at++) text += `,${toText(row[at] ?? null)}`
  return `${text}]`
}

async function addRows(writing: Writing, rows: readonly (readonly Value[])[]): Promise<void> {
  const { pieces, times } = writing
  for (let from = 0; from < rows.length; from += rowsATurn) {
    const stretch = rows.slice(from, from + rowsATurn)
    const text = stretch
      .map((row, at) => toRow(row, times.toText(row[0] ?? null, from + at)))
      .join(',')
    pieces.add(from === 0 ? text : `,${text}`)
    await giveWay(writing, stretch.length)
  }
}

/** The same of columns: no row is made. */
async function addColumns(writing: Writing, held: ResultColumns): Promise<void> {
  const { pieces, times } = writing
  const [first, ...others] = held.columns
  for (let from = 0; from < held.rowCount; from += rowsATurn) {
    const to = Math.min(held.rowCount, from + rowsATurn)
    const texts = first === undefined ? [] : times.ofColumn(first, { from, to })
    const numbers = numbersOf(others, { from, to })
    const isFirst = from === 0
    const copied =
      numbers === undefined ? 0 : copyNumbers(pieces, { texts, columns: numbers }, isFirst)
    if (copied < to - from) {
      const text = columnsText(others, texts.slice(copied), { from: from + copied, to })
      pieces.add(isFirst && copied === 0 ? text.slice(1) : text)
    }
    await giveWay(writing, to - from)
  }
}

/** Rows of a series, from the first to before the second. */
interface Stretch {
  readonly from: number
  readonly to: number
}

/** Undefined where not all columns are of numbers. */
function numbersOf(
  columns: readonly ResultColumn[],
  { from, to }: Stretch,
): readonly NumberColumn[] | undefined {
  const parts: NumberColumn[] = []
  for (const column of columns) {
    if (!('numbers' in column)) return undefined
    const empty = column.empty?.subarray(from, to)
    parts.push({ numbers: column.numbers.subarray(from, to), empty })
  }
  return parts
}

/** Copies rows, each with a comma before it but for the first of a series. Returns how many: fewer than all where the next ones are to be printed one by one. */
function copyNumbers(pieces: Pieces, rows: NumberRows, isFirst: boolean): number {
  const count = rows.texts.length
  const atOnce = Math.max(1, mostRows(rows.columns.length))
  for (let from = 0; from < count; from += atOnce) {
    const bytes = numberRowsBytes(rows, { from, to: Math.min(count, from + atOnce) })
    if (bytes === undefined) return from
    pieces.copy(isFirst && from === 0 ? bytes.subarray(1) : bytes)
  }
  return count
}

/** Rows of any columns, each with a comma before it. */
function columnsText(
  columns: readonly ResultColumn[],
  texts: readonly string[],
  { from, to }: Stretch,
): string {
  let text = ''
  for (let at = from; at < to; at++) {
    let row = texts[at - from] ?? ''
    for (const column of columns) row += `,${toText(valueAt(column, at))}`
    text += `,[${row}]`
  }
  return text
}

async function addSeries(writing: Writing, series: ResultSeries): Promise<void> {
  const { pieces } = writing
  const { name, tags, columns } = series
  pieces.add(`${toGoJson({ name, tags, columns }).slice(0, -1)},"values":[`)
  const held = columnsOf(series)
  if (held === undefined) await addRows(writing, series.values)
  else await addColumns(writing, held)
  pieces.add(']}')
}

async function addResult(writing: Writing, result: StatementResult): Promise<void> {
  const { pieces } = writing
  const { statement_id, series = [], messages, error } = result
  pieces.add(`{"statement_id":${statement_id}`)
  for (const [index, one] of series.entries()) {
    pieces.add(index === 0 ? ',"series":[' : ',')
    await addSeries(writing, one)
  }
  if (series.length > 0) pieces.add(']')
  if (messages !== undefined) pieces.add(`,"messages":${toGoJson(messages)}`)
  if (error !== undefined) pieces.add(`,"error":${toGoJson(error)}`)
  pieces.add('}')
}

/** InfluxDB 1.8's bytes, with the line feed at the end. Throws `answer_too_large` before it holds more. */
export async function encodeResults(
  results: readonly StatementResult[],
  { maxBytes, isPacked = false }: EncodeOptions,
): Promise<EncodedBody> {
  const packing = isPacked ? new PackingAhead() : undefined
  const writing = { pieces: new Pieces(maxBytes), times: new Times(), packing }
  const { pieces } = writing
  pieces.add('{"results":[')
  for (const [index, result] of results.entries()) {
    if (index > 0) pieces.add(',')
    await addResult(writing, result)
  }
  pieces.add(']}\n')
  const rest = pieces.join()
  return packing?.end(rest) ?? { plain: new BodyBytes([rest]) }
}
