import type { createLocalTimeReader } from './local-time.ts'
import { matchAt } from './match-at.ts'
import { type Priority, rfc3339, type SyslogMessage } from './message.ts'

type LocalTimeReader = ReturnType<typeof createLocalTimeReader>

/** `app[pid]: ` or `app: `, what most programs write first. */
const tag = /([^\s:[\]]{1,128})(?:\[([^\]\s]{1,64})\])?:(?: |$)/y
/** A name or an address; one colon alone ends a tag. */
const hostWord = /([^\s:[\]]{1,255}|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{0,40}) /y

interface Time {
  readonly text: string
  readonly end: number
}

/** The format of rsyslog's forwarding: RFC 3164 with an RFC 3339 time. */
function isoTime(line: string, start: number): Time | undefined {
  const space = line.indexOf(' ', start)
  if (space < 0 || space - start > 35) return undefined
  const text = line.slice(start, space)
  return rfc3339.test(text) ? { text, end: space + 1 } : undefined
}

/** Reads a message of https://www.rfc-editor.org/rfc/rfc3164#section-4 or of one of its many dialects: what is not understood is text. `nowMs` gives the year. */
export function parseRfc3164(
  line: string,
  priority: Priority,
  { readTime, nowMs }: { readonly readTime: LocalTimeReader; readonly nowMs: number },
): SyslogMessage {
  const time = readTime(line, priority.end, nowMs) ?? isoTime(line, priority.end)
  let at = time?.end ?? priority.end
  // A host stands behind a time only.
  const host = time === undefined ? undefined : matchAt(hostWord, line, at)
  at += host?.[0].length ?? 0
  const app = matchAt(tag, line, at)
  at += app?.[0].length ?? 0
  return {
    facility: priority.facility,
    severity: priority.severity,
    time: time?.text,
    host: host?.[1],
    app: app?.[1],
    processId: app?.[2],
    messageId: undefined,
    data: undefined,
    text: line.slice(at),
  }
}
