import type { LogRecord } from '@warren/contracts/log-record'
import type { TimeZone } from '@warren/searchdsl/time-zone'
import { createLocalTimeReader } from './local-time.ts'
import { parsePriority } from './message.ts'
import { type Arrival, toSyslogRecord } from './record.ts'
import { parseRfc3164 } from './rfc3164.ts'
import { parseRfc5424 } from './rfc5424.ts'

export interface SyslogLine extends Arrival {
  readonly bytes: Buffer
  /** The same moment as `at`. */
  readonly nowMs: number
}

/** Old senders write Latin-1: where UTF-8 fails it is that. */
function toText(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return text.includes('\ufffd') ? bytes.toString('latin1') : text
}

/** Line ends, and the NUL that some senders close a message with. */
function withoutEnd(bytes: Buffer): Buffer {
  let end = bytes.length
  while (end > 0) {
    const last = bytes[end - 1]
    if (last !== 0x0a && last !== 0x0d && last !== 0) break
    end -= 1
  }
  return bytes.subarray(0, end)
}

/** Reads lines of both RFCs; wall clocks are those of the zone. Undefined for an empty line, never throws. */
export function createSyslogReader(zone: TimeZone) {
  const readTime = createLocalTimeReader(zone)
  return (line: SyslogLine): LogRecord | undefined => {
    const text = toText(withoutEnd(line.bytes))
    if (text === '') return undefined
    const priority = parsePriority(text)
    const message =
      parseRfc5424(text, priority) ?? parseRfc3164(text, priority, { readTime, nowMs: line.nowMs })
    return toSyslogRecord(message, line)
  }
}
