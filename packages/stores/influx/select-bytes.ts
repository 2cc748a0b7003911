import { setImmediate as turn } from 'node:timers/promises'
import { toGoJson } from '@warren/influxql/answers/go-json'
import type { ResultSeries } from '@warren/influxql/answers/result'
import type { AnswerBytes } from '../answer-bytes.ts'
import { RowScan } from './row-scan.ts'

/** https://docs.influxdata.com/influxdb/v1/tools/api/#query-data: nothing before the series, and nothing behind them. */
const start = '{"results":[{"statement_id":0,"series":[{'
const between = '},{'
/** Behind the rows of a series that were more than InfluxDB has at once (10,000): it forgets to take it away where it puts them together, and where it cuts answers it says the same (services/httpd/handler.go). */
const cutMark = ',"partial":true'
const end = /^(?:,"partial":true)?\}\]\}\]\}\n?$/
/** Within a text its quotes would have backslashes before them. */
const beforeRows = Buffer.from(',"values":[')
/** Name, tags and columns of a series take less. */
const longestHead = 256 * 1024

/** Passes an answer to one SELECT on, piece by piece, and looks at no more of it than it must. */
class SelectReader {
  readonly #hiddenTags: ReadonlySet<string>
  readonly #hiddenNames: readonly string[]
  readonly #pieces: Uint8Array[] = []
  #bytes = 0
  #rowCount = 0
  /** What was read of the text before the next rows. */
  #head: Buffer = Buffer.alloc(0)
  #expected = start
  #mayBeCut = false
  #rows: RowScan | undefined

  constructor(hiddenTags: ReadonlySet<string>) {
    this.#hiddenTags = hiddenTags
    this.#hiddenNames = [...hiddenTags].map((name) => toGoJson(name))
  }

  /** False: it is not laid out as expected. */
  add(piece: Buffer): boolean {
    let at = 0
    while (at < piece.length) {
      const next = this.#rows === undefined ? this.#addHead(piece, at) : this.#addRows(piece, at)
      if (next === undefined) return false
      at = next
    }
    return true
  }

  end(): AnswerBytes | undefined {
    const head = this.#head.toString()
    if (this.#rows !== undefined || !end.test(head)) return undefined
    this.#mayBeCut ||= head.startsWith(cutMark)
    this.#push(this.#head)
    const [bytes, rows, mayBeCut] = [this.#bytes, this.#rowCount, this.#mayBeCut]
    return { pieces: this.#pieces, bytes, rows, mayBeCut }
  }

  #push(piece: Uint8Array): void {
    if (piece.length === 0) return
    this.#pieces.push(piece)
    this.#bytes += piece.length
  }

  #addHead(piece: Buffer, at: number): number | undefined {
    const before = this.#head.length
    const rest = piece.subarray(at)
    const head = before === 0 ? rest : Buffer.concat([this.#head, rest.subarray(0, longestHead)])
    const found = head.indexOf(beforeRows)
    if (found < 0) {
      this.#head = head
      return head.length > longestHead ? undefined : piece.length
    }
    const length = found + beforeRows.length
    this.#head = Buffer.alloc(0)
    return this.#begin(head.subarray(0, length)) ? at + length - before : undefined
  }

  /** The head of a series, up to where its rows begin. */
  #begin(head: Buffer): boolean {
    const hasMark = head.subarray(0, cutMark.length).toString('latin1') === cutMark
    this.#mayBeCut ||= hasMark
    const expected = hasMark ? cutMark + this.#expected : this.#expected
    const isAsExpected = head.subarray(0, expected.length).toString('latin1') === expected
    this.#expected = between
    if (!isAsExpected) return false
    const named = head.subarray(expected.length - 1, -beforeRows.length)
    if (!this.#hiddenNames.some((name) => named.includes(name))) {
      this.#push(head)
      this.#rows = new RowScan()
      return true
    }
    const series = parseHead(`${named}}`)
    if (series === undefined) return false
    this.#push(Buffer.from(`${expected.slice(0, -1)}${this.#shown(series)}${beforeRows}`))
    this.#rows = new RowScan()
    return true
  }

  /** Without its last brace. */
  #shown({ name, tags = {}, columns }: Omit<ResultSeries, 'values'>): string {
    const left = Object.entries(tags).filter(([key]) => !this.#hiddenTags.has(key))
    return toGoJson({
      ...(name === undefined ? {} : { name }),
      ...(left.length === 0 ? {} : { tags: Object.fromEntries(left) }),
      columns,
    }).slice(0, -1)
  }

  #addRows(piece: Buffer, at: number): number {
    const rows = this.#rows
    if (rows === undefined) throw new Error('BUG: rows without a head')
    const next = rows.read(piece, at)
    this.#push(piece.subarray(at, next))
    if (!rows.isOver) return next
    this.#rowCount += rows.rows
    this.#rows = undefined
    return next
  }
}

function parseHead(text: string): Omit<ResultSeries, 'values'> | undefined {
  try {
    return JSON.parse(text) as Omit<ResultSeries, 'values'>
  } catch {
    return undefined
  }
}

const piecesATurn = 16

/** The answer to one SELECT without these tags of series, as the bytes that it came in; undefined where it has an error or a message in it, or is no such answer: then it is to be parsed. */
export async function readSelectBytes(
  pieces: readonly Buffer[],
  hiddenTags: ReadonlySet<string>,
): Promise<AnswerBytes | undefined> {
  const reader = new SelectReader(hiddenTags)
  for (const [index, piece] of pieces.entries()) {
    if (!reader.add(piece)) return undefined
    if (index % piecesATurn === piecesATurn - 1) await turn()
  }
  return reader.end()
}
