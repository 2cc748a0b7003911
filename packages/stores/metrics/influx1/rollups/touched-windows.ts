import { rollupPolicies } from '../../../rollup-policies.ts'
import { type LineBatch, type Lines, piecesOf } from '../../../write-outcome.ts'

/** Of the narrowest windows, seconds; a multiple of a hundred. */
export const narrowest = Math.min(...rollupPolicies.map(({ width }) => width))

const hundredsInWindow = narrowest / 100
const space = 0x20
const zero = 0x30
/** Digits of nanoseconds from September 2001 to 2286; the first eight are hundreds of seconds. */
const usualDigits = 19
const digitsOfHundreds = 8

/** The first eight digits of times that were seen in the batch at hand, each as two numbers, at the place that the last two of them name. */
const seenUpper = new Int32Array(256)
const seenLower = new Int32Array(256)

/** The narrowest windows that points of the batch are in, counted from the epoch. Many lines are of few times: most cost a look at what was seen. */
export function touchedWindows(batch: LineBatch): ReadonlySet<number> {
  const windows = new Set<number>()
  seenUpper.fill(0)
  for (const piece of piecesOf(batch)) addTouched(windows, piece)
  return windows
}

function addTouched(windows: Set<number>, lines: Lines): void {
  const { oldest, newest } = lines.seconds ?? { oldest: 0, newest: Number.POSITIVE_INFINITY }
  const window = Math.floor(oldest / narrowest)
  if (window === Math.floor(newest / narrowest)) windows.add(window)
  else addEach(windows, lines)
}

function addEach(windows: Set<number>, { bytes, starts }: Lines): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let line = 1; line < starts.length; line++) {
    const end = (starts[line] ?? 0) - 1
    const at = end - usualDigits
    if (at < 1 || view.getUint8(at - 1) !== space) {
      addUnusual(windows, bytes.subarray(starts[line - 1], end))
      continue
    }
    const [upper, lower] = [view.getInt32(at), view.getInt32(at + 4)]
    const place = (lower & 0x0f) | ((lower >>> 4) & 0xf0)
    if (seenLower[place] === lower && seenUpper[place] === upper) continue
    seenUpper[place] = upper
    seenLower[place] = lower
    add(windows, hundredsAt(bytes, at) / hundredsInWindow)
  }
}

/** What is no time is no window either: the store will refuse that line. */
function add(windows: Set<number>, window: number): void {
  if (!Number.isNaN(window)) windows.add(Math.floor(window))
}

function hundredsAt(bytes: Uint8Array, at: number): number {
  let hundreds = 0
  for (let digit = 0; digit < digitsOfHundreds; digit++) {
    const value = (bytes[at + digit] ?? 0) - zero
    if (value < 0 || value > 9) return Number.NaN
    hundreds = hundreds * 10 + value
  }
  return hundreds
}

function addUnusual(windows: Set<number>, line: Uint8Array): void {
  const time = Buffer.from(line.subarray(line.lastIndexOf(space) + 1)).toString('latin1')
  if (/^-?\d{1,19}$/.test(time)) add(windows, Number(time) / 1e9 / narrowest)
}
