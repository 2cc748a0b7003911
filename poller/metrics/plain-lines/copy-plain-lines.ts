import type { Chunk } from '../../chunk.ts'
import type { TimeWindow } from '../../time-window.ts'
import type { Stamp } from '../stamp.ts'
import { plainLines } from './module.ts'

/** Lines that were copied in one go. They are shown where the next ones are written to. */
export interface PlainRun {
  readonly bytes: Uint8Array
  /** Where each line starts, and `bytes.length` last. */
  readonly starts: Uint32Array
  /** High and low half of the hash of each line's series. */
  readonly series: Int32Array
  /** Of the oldest and the newest point; whole seconds since the epoch. */
  readonly seconds: NonNullable<Chunk['seconds']>
  /** Where in the body the first line starts that was not copied. */
  readonly next: number
}

export interface PlainLine {
  readonly stamp: Stamp
  readonly window: TimeWindow
}

const { buffer } = plainLines.memory
const stampAt = plainLines.stampAt.value
const stampRoom = new Uint8Array(buffer, stampAt, plainLines.stampBytes.value)
const sourceAt = plainLines.sourceAt.value
const sourceBytes = plainLines.sourceBytes.value
/** Behind what is read: no digit, no space and no line feed. */
const beyond = new Uint8Array(64)
const source = new Uint8Array(buffer, sourceAt, sourceBytes + beyond.length)
const targetAt = plainLines.targetAt.value
const startsAt = plainLines.startsAt.value
const seriesAt = plainLines.seriesAt.value
const maxLineBytes = plainLines.maxLineBytes.value

/** The body whose lines are copied, and the part of it that stands in `source`. */
const reading = { body: beyond as Uint8Array, partStart: 0, partEnd: 0 }

/** Before lines of a body are copied; false when none can be. The body is valid UTF-8 without NUL, and stays as it is until the next one. */
export function startPlainLines(body: Uint8Array, { stamp, window }: PlainLine): boolean {
  if (stamp.bytes.length > stampRoom.length) return false
  stampRoom.set(stamp.bytes)
  plainLines.setStamp(stamp.id, stamp.bytes.length)
  plainLines.setWindow(window.fromNs, window.toNs)
  reading.body = body
  reading.partStart = 0
  reading.partEnd = 0
  return true
}

/** Copies lines from `from` on, each as parsing and writing it would, up to the first one that is not plain: with an escape, a quote, a boolean, an exponent, a key that comes twice or is Warren's own, a
 *  timestamp of another window, or longer than 4 kB. Many lines take several calls, each of which copies some: undefined says that the line at `from` is not plain. */
export function copyPlainLines(from: number): PlainRun | undefined {
  const isRest = showPart(from)
  const { partStart, partEnd } = reading
  const end = sourceAt + partEnd - partStart
  // A line that goes on behind the part is read with the next one.
  const last = isRest ? end : end - maxLineBytes
  const next = plainLines.copyLines(sourceAt + from - partStart, last, end)
  return plainLines.lines.value === 0 ? undefined : toRun(partStart + next - sourceAt)
}

/** Has the line at `from` in `source`, whole if it is a plain one; whether all that follows is there as well. */
function showPart(from: number): boolean {
  const { body, partEnd } = reading
  if ((from + maxLineBytes >= partEnd && partEnd < body.length) || partEnd === 0) {
    reading.partStart = from
    reading.partEnd = Math.min(body.length, from + sourceBytes)
    const part = body.subarray(from, reading.partEnd)
    source.set(part)
    source.set(beyond, part.length)
  }
  return reading.partEnd === body.length
}

function toRun(next: number): PlainRun {
  const lines = plainLines.lines.value
  const written = plainLines.written.value
  const starts = new Uint32Array(buffer, startsAt, lines + 1)
  starts[lines] = written
  return {
    bytes: new Uint8Array(buffer, targetAt, written),
    starts,
    series: new Int32Array(buffer, seriesAt, 2 * lines),
    seconds: { oldest: plainLines.oldest.value, newest: plainLines.newest.value },
    next,
  }
}

/** A copy of the lines, as all that their message has. */
export function toChunk({ bytes, starts, series, seconds }: PlainRun): Chunk {
  const lines = starts.length - 1
  // One buffer for all three: it is made and let go of with every message.
  const table = new Uint32Array(starts.length + lines + series.length)
  table.set(starts)
  table.set(series, starts.length + lines)
  const positions = table.subarray(starts.length, starts.length + lines)
  for (let line = 0; line < lines; line += 1) positions[line] = line
  return {
    bytes: bytes.slice(),
    ...{ starts: table.subarray(0, starts.length), positions, seconds },
    series: new Int32Array(table.buffer, (starts.length + lines) * table.BYTES_PER_ELEMENT),
  }
}
