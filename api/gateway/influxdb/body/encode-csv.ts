import type { Value } from '@warren/influxql/answers/result'
import { seriesKeyOf } from '@warren/influxql/evaluate/show/series-key'
import { parseAnswer, type SeriesHead } from './answer-scan.ts'

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
function tagsOf(tags: SeriesHead['tags'] = {}): string {
  const present = Object.entries(tags).filter(([, value]) => value !== '')
  return seriesKeyOf({ measurement: '', tags: new Map(present) }, new Set()).slice(1)
}

/** Rows of nothing but numbers without an exponent and nulls: digits are the same in CSV. Parsing them takes ten times as long, and more where whole numbers are too large for a double. */
const plainRows = /^\[[-\d.,[\]nul]*\]$/

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name, at) => name === other[at])

/**
 * InfluxDB's CSV (services/httpd/response_writer.go): a header before each statement's first series and where the columns change, an empty
 * line before every header but the first, nothing of a statement without series.
 */
export class CsvWriter {
  #isFirst = true
  #columns: readonly string[] | undefined
  /** What each row of the series begins with. */
  #start = ''

  result(): void {
    this.#columns = undefined
  }

  /** Its header, where it has one. */
  series({ name = '', tags, columns }: SeriesHead): string {
    this.#start = `${toText(name)},${toText(tagsOf(tags))}`
    const before = this.#columns
    this.#columns = columns
    if (before !== undefined && isSame(before, columns)) return ''
    const between = this.#isFirst ? '' : '\n'
    this.#isFirst = false
    return between + toLine(['name', 'tags', ...columns])
  }

  /** Of that series, of `[…],[…]`. Throws a `WarrenError` where that is no JSON. */
  rows(text: string): string {
    const start = `${this.#start},`
    if (plainRows.test(text))
      return `${start}${text.slice(1, -1).replaceAll('null', '').split('],[').join(`\n${start}`)}\n`
    const rows = parseAnswer(`[${text}]`) as readonly (readonly Value[])[]
    return rows.map((row) => `${start}${row.map(toValue).join(',')}\n`).join('')
  }
}

/** The same shape for what is refused. */
export const csvOfError = (text: string): string => toLine(['error']) + toLine([text])
