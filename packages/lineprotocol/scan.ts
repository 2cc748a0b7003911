import { backslash, comma, minus, skipBlank, space } from './bytes.ts'
import { scanFieldSet } from './fields.ts'
import type { LineErrorCode } from './line-error.ts'
import type { LineParts, LineSpan } from './line-parts.ts'
import { isInt64, skipDigits } from './number.ts'
import { scanTagSet } from './tags.ts'

/** InfluxDB's bound for measurement and tags together. */
const maxKeyBytes = 65_535

/** Reads one line as InfluxDB 1.8 does: https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/
 *  Fills `parts`; returns what is wrong, in InfluxDB's words, or undefined. Linear; allocates nothing while tags are sorted.
 *  Unlike InfluxDB it takes unsigned integers (`1u`, off there by default), and refuses `a="b"c` and `tag==x`, which InfluxDB takes and cannot read back. */
export function scanLine(line: LineSpan, parts: LineParts): LineErrorCode | undefined {
  return scanMeasurement(line, parts) ?? scanAfterKey(line, parts)
}

/** As `scanLine`, of a line whose key the parts already have: it is one that was found good before. */
export function scanAfterKey(line: LineSpan, parts: LineParts): LineErrorCode | undefined {
  parts.timeStart = -1
  return scanFieldSet(line, parts) ?? scanTime(line, parts)
}

function scanMeasurement(line: LineSpan, parts: LineParts): LineErrorCode | undefined {
  const { bytes, end } = line
  const start = skipBlank(bytes, line.start, end)
  parts.measurementStart = start
  if (start >= end || bytes[start] === comma) return 'missing measurement'
  let at = start + 1
  while (at < end) {
    const byte = bytes[at]
    if ((byte === comma || byte === space) && bytes[at - 1] !== backslash) break
    at += 1
  }
  if (at >= end) return 'missing fields'
  parts.measurementEnd = at
  parts.keyEnd = at
  const error = bytes[at] === comma ? scanTagSet(line, parts) : undefined
  if (error !== undefined) return error
  return parts.keyEnd - start > maxKeyBytes ? 'max key length exceeded' : undefined
}

function scanTime({ bytes, end }: LineSpan, parts: LineParts): LineErrorCode | undefined {
  const start = skipBlank(bytes, parts.fieldsEnd, end)
  if (start >= end) return undefined
  const digits = bytes[start] === minus ? start + 1 : start
  const after = skipDigits(bytes, digits, end)
  if (after < end && bytes[after] !== space) return 'bad timestamp'
  if (after === digits || !isInt64(bytes, start, after)) return 'bad timestamp'
  for (let at = after; at < end; at += 1) if (bytes[at] !== space) return 'point is invalid'
  parts.timeStart = start
  parts.timeEnd = after
  return undefined
}
