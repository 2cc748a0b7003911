import type { FluxDialect } from '../../metric-flux.ts'

const lineFeed = 0x0a
/** What the first line of a table, or of an error, begins with takes less. */
const beginning = 100

/** The first line that is not blank, or what fits of it. */
export function firstLine(pieces: readonly Buffer[]): string {
  let text = ''
  for (const piece of pieces) {
    text = (text + piece.toString('latin1', 0, beginning)).trimStart()
    if (text.length >= beginning) break
  }
  return text.slice(0, beginning).split(/[\r\n]/, 1)[0] ?? ''
}

/** Whether bytes look like a whole answer: each of its lines has an end, and the first is an annotation, the head of a table or a row, or an error's head. One without tables is a
 *  blank line. https://docs.influxdata.com/influxdb/v2/reference/syntax/annotated-csv/ */
export function isAnnotatedCsv(
  pieces: readonly Buffer[],
  { delimiter }: Pick<FluxDialect, 'delimiter'>,
): boolean {
  if (pieces.at(-1)?.at(-1) !== lineFeed) return false
  const line = firstLine(pieces)
  if (line === '') return true
  return (
    /^#(datatype|group|default)/.test(line) ||
    line.startsWith(delimiter) ||
    line.startsWith(`error${delimiter}reference`)
  )
}
