import { escapeTag } from '@warren/lineprotocol/escape'
import type { AttributeAt, PointAttributes } from './point-attributes.ts'
import { ownValue, type TagLayout } from './tag-layout.ts'

/** InfluxDB's bound of a series. */
export const maxKeyBytes = 65_535
/** More than fields and time of one line ever take. */
const maxRestBytes = 4_096

/** A line on its way, kept from line to line: requests are read one at a time. */
export interface LineBytes {
  readonly bytes: Buffer
  length: number
}

export const createLineBytes = (): LineBytes => ({
  bytes: Buffer.allocUnsafeSlow(maxKeyBytes + maxRestBytes),
  length: 0,
})

/** Bytes that stand in a tag as they are: ASCII but for what line protocol escapes. */
const isPlain = Uint8Array.from({ length: 256 }, (_, byte) => {
  const text = String.fromCharCode(byte)
  return byte < 0x80 && escapeTag(text) === text ? 1 : 0
})

/** Above it the engine's own copy is faster than a loop. */
const shortBytes = 48

/** False when the key has no room for it; what `line` holds then means nothing. */
function appendToKey(line: LineBytes, source: Uint8Array): boolean {
  const { bytes, length } = line
  if (length + source.length > maxKeyBytes) return false
  if (source.length > shortBytes) bytes.set(source, length)
  else for (let at = 0; at < source.length; at += 1) bytes[length + at] = source[at] as number
  line.length = length + source.length
  return true
}

/** False for text that is not plain, and when the key has no room for it. */
function copyPlain(line: LineBytes, body: Buffer, { valueStart, valueEnd }: AttributeAt): boolean {
  const { bytes, length } = line
  if (length + valueEnd - valueStart > maxKeyBytes) return false
  for (let at = valueStart, to = length; at < valueEnd; at += 1, to += 1) {
    const byte = body[at] as number
    if (isPlain[byte] === 0) return false
    bytes[to] = byte
  }
  line.length = length + valueEnd - valueStart
  return true
}

function appendValue(line: LineBytes, body: Buffer, attribute: AttributeAt): boolean {
  if (attribute.text === undefined && copyPlain(line, body, attribute)) return true
  const text = attribute.text ?? body.toString('utf8', attribute.valueStart, attribute.valueEnd)
  return appendToKey(line, Buffer.from(escapeTag(text)))
}

/** Starts a line with measurement and tags; false when they are longer than a series may be. */
export function startLine(
  line: LineBytes,
  { after, slots }: TagLayout,
  { measurement, attributes, own }: KeyParts,
): boolean {
  line.length = 0
  if (!appendToKey(line, measurement)) return false
  for (const { before, name, from } of slots) {
    if (!appendToKey(line, before)) return false
    const start = line.length
    if (!appendToKey(line, name)) return false
    const behindName = line.length
    const hasRoom =
      from === ownValue
        ? appendToKey(line, Buffer.from(own))
        : appendValue(line, attributes.body, attributes.list[from] as AttributeAt)
    if (!hasRoom) return false
    // Line protocol has no empty tag.
    if (line.length === behindName) line.length = start
  }
  return appendToKey(line, after)
}

export interface KeyParts {
  /** Escaped. */
  readonly measurement: Uint8Array
  readonly attributes: PointAttributes
  /** The value of the line's own tag, escaped; empty for a line without. */
  readonly own: string
}

/** ASCII of less than `maxRestBytes`. */
export function appendText(line: LineBytes, text: string): void {
  line.length += line.bytes.write(text, line.length, 'latin1')
}
