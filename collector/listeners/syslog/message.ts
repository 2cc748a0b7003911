/** What a syslog message says, of either RFC. */
export interface SyslogMessage {
  /** 0 to 23. */
  readonly facility: number
  /** 0 to 7. */
  readonly severity: number
  /** RFC 3339 as it was sent; undefined when the message has no time of its own. */
  readonly time: string | undefined
  readonly host: string | undefined
  readonly app: string | undefined
  readonly processId: string | undefined
  readonly messageId: string | undefined
  /** Structured data as `<id>.<parameter>`. */
  readonly data: Readonly<Record<string, string>> | undefined
  readonly text: string
}

/** RFC 3339 with up to nanoseconds; RFC 5424 allows six digits, some senders write nine. */
export const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/

export interface Priority {
  readonly facility: number
  readonly severity: number
  /** Where the rest begins; 0 without a priority. */
  readonly end: number
}

/** user.notice: https://www.rfc-editor.org/rfc/rfc3164#section-4.3.3 */
const absent: Priority = { facility: 1, severity: 5, end: 0 }

/** `<0>` to `<191>` at the start. */
export function parsePriority(line: string): Priority {
  if (line.charCodeAt(0) !== 0x3c) return absent
  const close = line.indexOf('>')
  if (close < 2 || close > 4) return absent
  const code = Number(line.slice(1, close))
  if (!Number.isInteger(code) || code < 0 || code > 191) return absent
  return { facility: code >> 3, severity: code & 7, end: close + 1 }
}
