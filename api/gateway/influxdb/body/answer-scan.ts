import type { ResultSeries, StatementResult } from '@warren/influxql/answers/result'
import { WarrenError } from '@warren/platform/errors'
import { parseExactly } from '@warren/stores/influx/parse-exactly'

/** A series without its rows. */
export type SeriesHead = Omit<ResultSeries, 'values'>

/** Told of the parts of an answer, in their order. */
export interface AnswerParts {
  result(): void
  series(head: SeriesHead): void
  /** Some of the rows of the series told of last, as JSON: `[…],[…]`, which nobody has read but for where they end. */
  rows(text: string): void
  error(text: string): void
}

const quote = 0x22
const comma = 0x2c
const backslash = 0x5c

const isOpening = (byte: number): boolean => byte === 0x5b || byte === 0x7b
const isClosing = (byte: number): boolean => byte === 0x5d || byte === 0x7d

/** How many brackets are open within a result, between its series, within a series, between its rows, within a row: `{"results":[{"series":[{"values":[[`. */
const [inResult, betweenSeries, inSeries, betweenRows, inRow] = [3, 4, 5, 6, 7]

const textOf = (pieces: readonly Uint8Array[]): string => Buffer.concat(pieces).toString()

/** Throws a `WarrenError`. */
export function parseAnswer(text: string): unknown {
  try {
    return parseExactly(text)
  } catch (cause) {
    throw new WarrenError('the store answered with what is no JSON', {
      ...{ code: 'store_unavailable', disposition: 'retry', cause },
    })
  }
}

/** Reads an answer's JSON as it comes and holds a series' head and the rows of one piece at a time. What it is laid out as is known: the gateway or InfluxDB has made it. */
export class AnswerScan {
  readonly #parts: AnswerParts
  #depth = 0
  /** Within a text. */
  #isIn = false
  #isEscaped = false
  /** Within the list of rows, from the first of them on. */
  #hasRows = false
  /** The series has been told of. */
  #isTold = false
  /** What is being read: of a result without its series, of a series without its rows, of rows. */
  #read: Uint8Array[] = []
  #ofResult: Uint8Array[] = []
  #piece: Uint8Array = new Uint8Array()
  /** Where in the piece begins what is not among what was read. */
  #from = 0
  /** Where in the piece its last row ends. */
  #rowEnd = 0

  constructor(parts: AnswerParts) {
    this.#parts = parts
  }

  /** Throws a `WarrenError` where heads of series are no JSON. */
  add(piece: Uint8Array): void {
    this.#piece = piece
    this.#from = 0
    this.#rowEnd = 0
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at] ?? 0
      if (this.#isIn) this.#readText(byte)
      else this.#readByte(byte, at)
    }
    if (this.#hasRows && this.#rowEnd > this.#from) this.#tellRows(this.#rowEnd)
    this.#take(piece.length)
  }

  #readText(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (byte === backslash) this.#isEscaped = true
    else if (byte === quote) this.#isIn = false
  }

  #readByte(byte: number, at: number): void {
    if (byte === quote) this.#isIn = true
    else if (isOpening(byte)) this.#open(at)
    else if (isClosing(byte)) this.#close(at)
    else if (byte === comma && this.#depth === betweenSeries) this.#skip(at)
  }

  #open(at: number): void {
    this.#depth += 1
    if (this.#depth === inResult) {
      this.#begin(at)
      this.#parts.result()
    } else if (this.#depth === inSeries) {
      this.#take(at)
      this.#ofResult = this.#read
      this.#begin(at)
      this.#isTold = false
    } else if (this.#depth === inRow && !this.#hasRows) {
      this.#take(at)
      this.#tellSeries(`${textOf(this.#read)}]}`)
      this.#hasRows = true
      this.#begin(at)
    }
  }

  #close(at: number): void {
    const depth = this.#depth
    this.#depth -= 1
    if (depth === inRow) this.#rowEnd = at + 1
    else if (depth === betweenRows && this.#hasRows) {
      this.#tellRows(at)
      this.#hasRows = false
    } else if (depth === inSeries) {
      this.#take(at + 1)
      // What stands behind rows has no place where they are shown.
      if (!this.#isTold) this.#tellSeries(textOf(this.#read))
      this.#read = this.#ofResult
    } else if (depth === inResult) {
      this.#take(at + 1)
      this.#tellResult()
    }
  }

  /** From here on something else is read. */
  #begin(at: number): void {
    this.#read = []
    this.#from = at
  }

  #take(to: number): void {
    if (to > this.#from) this.#read.push(this.#piece.subarray(this.#from, to))
    this.#from = to
  }

  /** The comma between what is not there any more. */
  #skip(at: number): void {
    this.#take(at)
    this.#from = at + 1
  }

  /** Messages of a result stand where its series do, and have no columns. */
  #tellSeries(text: string): void {
    const head = parseAnswer(text) as Partial<SeriesHead>
    if (head.columns !== undefined) this.#parts.series({ ...head, columns: head.columns })
    this.#isTold = true
  }

  #tellRows(to: number): void {
    this.#take(to)
    const text = textOf(this.#read)
    this.#read = []
    if (text !== '') this.#parts.rows(text.startsWith(',') ? text.slice(1) : text)
  }

  #tellResult(): void {
    const { error } = parseAnswer(textOf(this.#read)) as Pick<StatementResult, 'error'>
    this.#read = []
    if (error !== undefined) this.#parts.error(error)
  }
}
