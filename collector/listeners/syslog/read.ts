import { isUtf8 } from 'node:buffer'
import type { LogRecord } from '@warren/contracts/log-record'
import type { TimeZone } from '@warren/searchdsl/time/time-zone'
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

interface Text {
  readonly text: string
  readonly isLatin1: boolean
}

/** Old senders write Latin-1: where UTF-8 fails it is that. A cut may fall within a character. */
function toText(bytes: Buffer, isCut: boolean): Text {
  const decoded = bytes.toString('utf8')
  const text = isCut ? decoded.replace(/\ufffd{1,3}$/, '') : decoded
  if (!text.includes('\ufffd') || isUtf8(bytes)) return { text, isLatin1: false }
  return { text: bytes.toString('latin1'), isLatin1: true }
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
    const { text, isLatin1 } = toText(withoutEnd(line.bytes), line.isCut)
    if (text === '') return undefined
    const priority = parsePriority(text)
    const message =
      parseRfc5424(text, priority) ?? parseRfc3164(text, priority, { readTime, nowMs: line.nowMs })
    return toSyslogRecord(message, line, isLatin1)
  }
}
