import type { FileLine } from './record.ts'

const lineFeed = 0x0a

export interface LinesTaken {
  /** Bytes that need not be read again. */
  readonly consumed: number
  /** The bytes end inside a line that was cut. */
  readonly skipping: boolean
}

export interface TakeOptions {
  /** Where the bytes are in the file. */
  readonly offset: number
  /** They start inside a line that is left out. */
  readonly skipping: boolean
  readonly maxLineBytes: number
  /** The file will not grow: what follows the last line feed is a line too. */
  readonly ended: boolean
  /** Takes a line; false when it wants no more after it. */
  readonly take: (line: FileLine) => boolean
}

interface Line {
  readonly start: number
  readonly end: number
  /** Its line feed is among the bytes. */
  readonly complete: boolean
}

function lineFrom(bytes: Buffer, start: number): Line {
  const feed = bytes.indexOf(lineFeed, start)
  return { start, end: feed < 0 ? bytes.length : feed, complete: feed >= 0 }
}

/** Splits bytes of a file into its lines. A line that is not complete waits, unless it is longer than a line may be: then its start is taken and its rest left out.
 *  Blank lines are left out. */
export function takeLines(bytes: Buffer, options: TakeOptions): LinesTaken {
  let { skipping } = options
  let at = 0
  let more = true
  while (more && at < bytes.length) {
    const line = lineFrom(bytes, at)
    const cut = line.end - at > options.maxLineBytes
    if (!(line.complete || skipping || cut || options.ended)) break
    if (!skipping && !isBlank(bytes, line)) more = options.take(toFileLine(bytes, line, options))
    skipping = !line.complete && (skipping || cut)
    at = line.complete ? line.end + 1 : line.end
  }
  return { consumed: at, skipping }
}

function toFileLine(
  bytes: Buffer,
  { start, end }: Line,
  { offset, maxLineBytes }: TakeOptions,
): FileLine {
  const cut = end - start > maxLineBytes
  const stop = cut ? start + maxLineBytes : end
  return { bytes: bytes.subarray(start, stop), offset: offset + start, cut }
}

const isBlank = (bytes: Buffer, { start, end }: Line): boolean =>
  end === start || (end === start + 1 && bytes[start] === 0x0d)
