import { dayNs, dayOfNs } from '../../duckdb/day.ts'
import type { ItemNames } from '../../item-names.ts'
import { countIds } from '../../record-ids.ts'
import { type IdTable, readIds } from './read-ids.ts'
import { TimeReader } from './time-text.ts'
import type { WrittenBatch } from './to-new-records.ts'

/** A batch whose lines are all as the poller prints them, so that DuckDB can read them. */
export interface CanonicalLines {
  /** With the line feeds. */
  readonly bytes: Buffer
  readonly starts: Uint32Array
  readonly ids: IdTable
  /** Nanoseconds since the epoch. */
  readonly times: BigInt64Array
  readonly datasets: ItemNames
  /** Positions of the lines of each day. */
  readonly byDay: ReadonlyMap<number, readonly number[]>
}

const idHead = Buffer.from('{"id":"')
const timeHead = Buffer.from('","@timestamp":"')
const messageHead = Buffer.from('","message":"')
const idDigits = 32
const timeAt = idHead.length + idDigits + timeHead.length
const quote = 0x22

/** What `toStoredText` would have to rewrite: NUL, plain or escaped, and U+10FFFF. */
const rewritten = ['\0', '\\u0000', '\u{10ffff}'].map((text) => Buffer.from(text))

/** Undefined when a line looks otherwise, or holds what must be rewritten: `toNewRecords` reads such a batch, line by line.
 *  Whether the rest of a line is JSON only DuckDB will say. */
export function readCanonicalLines(batch: WrittenBatch): CanonicalLines | undefined {
  const bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.length)
  if (rewritten.some((text) => bytes.includes(text))) return undefined
  const { table, bad } = readIds(batch.ids)
  if (bad.size > 0) return undefined
  const { starts, datasets } = batch
  const times = new BigInt64Array(countIds(batch.ids))
  const days = new Days()
  const reader = new TimeReader()
  for (let index = 0; index < times.length; index++) {
    const timeNs = timeOf(bytes, starts[index] ?? 0, reader)
    if (timeNs === undefined) return undefined
    times[index] = timeNs
    days.add(index, timeNs)
  }
  return { bytes, starts, ids: table, times, datasets, byDay: days.rows }
}

/** Sorts rows by day; neighbours mostly share theirs. */
class Days {
  readonly rows = new Map<number, number[]>()
  #current: number[] = []
  #fromNs = 0n
  #toNs = 0n

  add(row: number, timeNs: bigint): void {
    if (timeNs < this.#fromNs || timeNs >= this.#toNs) this.#turnTo(dayOfNs(timeNs))
    this.#current.push(row)
  }

  #turnTo(day: number): void {
    this.#fromNs = BigInt(day) * dayNs
    this.#toNs = this.#fromNs + dayNs
    this.#current = this.rows.get(day) ?? []
    this.rows.set(day, this.#current)
  }
}

function timeOf(bytes: Buffer, start: number, reader: TimeReader): bigint | undefined {
  if (!hasAt(bytes, start, idHead)) return undefined
  if (!hasAt(bytes, start + idHead.length + idDigits, timeHead)) return undefined
  const from = start + timeAt
  let end = from
  while (bytes[end] !== quote && end < bytes.length) end++
  return hasAt(bytes, end, messageHead) ? reader.readAt(bytes, from, end) : undefined
}

function hasAt(bytes: Buffer, start: number, text: Uint8Array): boolean {
  for (let at = 0; at < text.length; at++) if (bytes[start + at] !== text[at]) return false
  return true
}
