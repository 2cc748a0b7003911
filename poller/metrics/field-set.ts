import { createFieldCursor, nextField, startFields } from '@warren/lineprotocol/fields'
import type { LineParts } from '@warren/lineprotocol/line-parts'
import type { LineBuffer } from '../line-buffer.ts'
import { isStamped } from './stamp.ts'

const comma = 0x2c

/** Offsets of the fields of the present line: key start, key end, end of the value as it is written out. */
let table = new Uint32Array(3 * 64)
const cursor = createFieldCursor()

/** Largest number of fields whose keys are compared pair by pair. */
const fewFields = 16

export interface FieldWriter {
  readonly out: LineBuffer
  readonly keepsIntegers: boolean
}

/** Writes the fields as floats, booleans and strings: the suffixes `i` and `u` are left out unless integers are kept, of a key that comes twice only the last field stays, and a sender's own
 *  `tenant` and `deployment` go, for they are stamped as tags. Returns how many integers lost digits; undefined, with nothing written, when no field is left. */
export function writeFields(
  source: Uint8Array,
  parts: LineParts,
  { out, keepsIntegers }: FieldWriter,
): number | undefined {
  rounded = 0
  const count = findFields(source, parts, keepsIntegers)
  const repeats = repeatedFields(source, count)
  let written = 0
  for (let field = 0; field < count; field += 1) {
    if (repeats?.has(field) === true) continue
    if (written > 0) out.bytes[out.length++] = comma
    out.copy(source, table[3 * field] ?? 0, table[3 * field + 2] ?? 0)
    written += 1
  }
  return written === 0 ? undefined : rounded
}

let rounded = 0

/** Fills the table; returns the number of fields. */
function findFields(source: Uint8Array, parts: LineParts, keepsIntegers: boolean): number {
  let at = 0
  startFields(cursor, parts)
  while (nextField(cursor, source)) {
    if (isStamped(source, cursor)) continue
    const { kind, valueStart, valueEnd } = cursor
    if (kind !== 'float' && !keepsIntegers && losesDigits(source, valueStart, valueEnd))
      rounded += 1
    if (at >= table.length) grow()
    table[at] = cursor.keyStart
    table[at + 1] = cursor.keyEnd
    // Of a string the closing quote belongs to what is copied, of a kept integer its suffix.
    table[at + 2] = kind === 'string' || keepsIntegers ? cursor.at - 1 : valueEnd
    at += 3
  }
  return at / 3
}

function grow(): void {
  const grown = new Uint32Array(table.length * 2)
  grown.set(table)
  table = grown
}

/** Digits of 2^53; one more digit is always beyond. */
const exactDigits = 16

function losesDigits(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < exactDigits || cursor.kind === 'string' || cursor.kind === 'boolean')
    return false
  const digits = Buffer.prototype.latin1Slice.call(bytes, start, end)
  return !Number.isSafeInteger(Number(digits))
}

/** Fields that a later one with the same key replaces; undefined when there is none. */
function repeatedFields(bytes: Uint8Array, count: number): ReadonlySet<number> | undefined {
  if (count < 2) return undefined
  return count <= fewFields ? comparePairs(bytes, count) : compareBySet(bytes, count)
}

function comparePairs(bytes: Uint8Array, count: number): ReadonlySet<number> | undefined {
  let repeats: Set<number> | undefined
  for (let later = 1; later < count; later += 1)
    for (let earlier = 0; earlier < later; earlier += 1)
      if (isSameKey(bytes, 3 * earlier, 3 * later)) {
        repeats ??= new Set()
        repeats.add(earlier)
      }
  return repeats
}

function isSameKey(bytes: Uint8Array, left: number, right: number): boolean {
  const leftStart = table[left] ?? 0
  const rightStart = table[right] ?? 0
  const length = (table[left + 1] ?? 0) - leftStart
  if (length !== (table[right + 1] ?? 0) - rightStart) return false
  for (let at = 0; at < length; at += 1)
    if (bytes[leftStart + at] !== bytes[rightStart + at]) return false
  return true
}

function compareBySet(bytes: Uint8Array, count: number): ReadonlySet<number> | undefined {
  const last = new Map<string, number>()
  const repeats = new Set<number>()
  for (let field = 0; field < count; field += 1) {
    const start = table[3 * field] ?? 0
    const key = Buffer.prototype.latin1Slice.call(bytes, start, table[3 * field + 1] ?? 0)
    const earlier = last.get(key)
    if (earlier !== undefined) repeats.add(earlier)
    last.set(key, field)
  }
  return repeats.size === 0 ? undefined : repeats
}
