import { numberRows } from './module.ts'

/** Numbers of one column; what is NaN, or marked as empty, is null. */
export interface NumberColumn {
  readonly numbers: Float64Array
  /** 1 where there is none. */
  readonly empty?: Uint8Array | undefined
}

/** Rows one after the other. */
export interface NumberRows {
  /** What each row begins with, as JSON. Not written to afterwards: series that share the array are printed faster. */
  readonly texts: readonly string[]
  /** As long as the texts. */
  readonly columns: readonly NumberColumn[]
}

/** From the first row to before the second. */
interface Part {
  readonly from: number
  readonly to: number
}

const { buffer } = numberRows.memory
const maxRows = numberRows.maxRows.value
const maxNumbers = numberRows.maxNumbers.value
const texts = Buffer.from(buffer, numberRows.textsAt.value, numberRows.textBytes.value)
const textEnds = new Uint32Array(buffer, numberRows.textEndsAt.value, maxRows)
const numbers = new Float64Array(buffer, numberRows.numbersAt.value, maxNumbers)
const rowEnds = new Uint32Array(buffer, numberRows.rowEndsAt.value, maxRows)
const target = Buffer.from(buffer, numberRows.targetAt.value, numberRows.targetBytes.value)

/** Whose texts the module has. */
let known: Part & Pick<NumberRows, 'texts'> = { texts: [], from: 0, to: 0 }

/** Rows of so many columns that are printed at once. */
export const mostRows = (columns: number): number =>
  Math.min(maxRows, Math.floor(maxNumbers / columns))

/** Rows as text, `,[text,number,…]`, each number as JavaScript writes it, but for -0. Undefined where a number is infinite, or a text is not ASCII or so long that there is no room: then they are to be printed one by one.
 *  `ends` takes where each row ends, if that is wanted. */
export function printNumberRows(rows: NumberRows, ends?: Uint32Array): string | undefined {
  const count = rows.texts.length
  const most = mostRows(rows.columns.length)
  if (most === 0) return undefined
  let text = ''
  for (let from = 0; from < count; from += most) {
    const part = printPart(rows, { from, to: Math.min(count, from + most) })?.toString('latin1')
    if (part === undefined) return undefined
    if (ends !== undefined)
      for (let at = from; at < Math.min(count, from + most); at += 1)
        ends[at] = text.length + (rowEnds[at - from] ?? 0)
    text += part
  }
  return text
}

/** The same of a part of the rows, of at most `mostRows`, as bytes. They are there until something else is printed. */
export function numberRowsBytes(rows: NumberRows, part: Part): Uint8Array | undefined {
  return part.to - part.from > mostRows(rows.columns.length) ? undefined : printPart(rows, part)
}

function printPart({ texts, columns }: NumberRows, part: Part): Buffer | undefined {
  const rows = part.to - part.from
  if (!haveTexts(texts, part)) return undefined
  for (let column = 0; column < columns.length; column += 1) {
    const own = columns[column]
    if (own !== undefined) putNumbers(own, part, column * rows)
  }
  const written = numberRows.printRows(rows, columns.length)
  return written < 0 ? undefined : target.subarray(0, written)
}

function haveTexts(wanted: readonly string[], { from, to }: Part): boolean {
  if (known.texts === wanted && known.from === from && known.to === to) return true
  known = { texts: [], from: 0, to: 0 }
  const part = wanted.slice(from, to)
  const joined = part.join('')
  if (joined.length > texts.length || texts.write(joined) !== joined.length) return false
  let end = 0
  for (let at = 0; at < part.length; at += 1) {
    end += part[at]?.length ?? 0
    textEnds[at] = end
  }
  known = { texts: wanted, from, to }
  return true
}

function putNumbers(column: NumberColumn, { from, to }: Part, at: number): void {
  numbers.set(column.numbers.subarray(from, to), at)
  const { empty } = column
  if (empty === undefined) return
  for (let row = from; row < to; row += 1)
    if (empty[row] === 1) numbers[at + row - from] = Number.NaN
}
