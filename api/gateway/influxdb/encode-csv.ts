import { seriesKeyOf } from '@warren/influxql/evaluate/series-key'
import type { ResultSeries, StatementResult, Value } from '@warren/influxql/result'
import { parseExactly } from '@warren/stores/influx/parse-exactly'
import { Refusal } from '../../http/refusal.ts'
import { Pieces, rowsATurn } from './encode.ts'

/** Go's encoding/csv: what holds a separator, or begins with what Go takes for a blank, stands in quotes. */
const needsQuotes =
  /[",\r\n]|^\\\.$|^[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/

const toText = (text: string): string =>
  needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text

const toLine = (texts: readonly string[]): string => `${texts.map(toText).join(',')}\n`

/** All digits, without an exponent (Go's format 'f'). */
function toDigits(value: number): string {
  if (Object.is(value, -0)) return '-0'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? []
  const point = whole.length + Number(exponent)
  const digits = whole + fraction
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  const rest = digits.slice(point)
  return sign + digits.slice(0, point).padEnd(point, '0') + (rest === '' ? '' : `.${rest}`)
}

function toValue(value: Value | undefined): string {
  if (typeof value === 'number') return toDigits(value)
  return value === null || value === undefined ? '' : toText(String(value))
}

/** Without those that are empty, as in a series' key. */
function tagsOf({ tags = {} }: ResultSeries): string {
  const present = Object.entries(tags).filter(([, value]) => value !== '')
  return seriesKeyOf({ measurement: '', tags: new Map(present) }, new Set()).slice(1)
}

async function addRows(pieces: Pieces, series: ResultSeries): Promise<void> {
  const start = `${toText(series.name ?? '')},${toText(tagsOf(series))}`
  const { values } = series
  for (let at = 0; at < values.length; at += rowsATurn) {
    const stretch = values.slice(at, at + rowsATurn)
    pieces.add(stretch.map((row) => `${start},${row.map(toValue).join(',')}\n`).join(''))
    await pieces.giveWay(stretch.length)
  }
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name, at) => name === other[at])

/**
 * InfluxDB's CSV (services/httpd/response_writer.go): a header before each statement's first series and where the columns change, an empty
 * line before every header but the first, nothing of a statement without series. It has no place for an error: any is thrown as a `Refusal`.
 */
export async function encodeCsv(
  results: readonly StatementResult[],
  maxBytes: number,
): Promise<Buffer> {
  const error = results.find((result) => result.error !== undefined)?.error
  if (error !== undefined) throw new Refusal('bad_request', error)
  const pieces = new Pieces(maxBytes)
  let isFirst = true
  for (const { series = [] } of results) {
    let columns: readonly string[] | undefined
    for (const one of series) {
      if (columns === undefined || !isSame(columns, one.columns)) {
        pieces.add((isFirst ? '' : '\n') + toLine(['name', 'tags', ...one.columns]))
        isFirst = false
      }
      columns = one.columns
      await addRows(pieces, one)
    }
  }
  return pieces.join()
}

/** The same of an answer in JSON, as it is kept. */
export async function csvOfJson(json: Buffer, maxBytes: number): Promise<Buffer> {
  const { results } = parseExactly(json.toString()) as { readonly results: StatementResult[] }
  return encodeCsv(results, maxBytes)
}

/** The same shape for what is refused. */
export const csvOfError = (text: string): string => toLine(['error']) + toLine([text])
