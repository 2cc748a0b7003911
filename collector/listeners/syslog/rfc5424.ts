import { type Priority, rfc3339, type SyslogMessage } from './message.ts'
import { parseStructuredData } from './structured-data.ts'

const byteOrderMark = '\ufeff'

const known = (word: string): string | undefined => (word === '-' || word === '' ? undefined : word)

/** `1 TIME HOST APP PROCID MSGID ` behind the priority; the last space may be missing when nothing follows. */
const header = /1 (\S{1,64}) (\S{1,255}) (\S{1,255}) (\S{1,255}) (\S{1,255}) ?/y

function textFrom(line: string, start: number): string {
  const at = line[start] === ' ' ? start + 1 : start
  return line.slice(line.startsWith(byteOrderMark, at) ? at + 1 : at)
}

/** A message of https://www.rfc-editor.org/rfc/rfc5424#section-6; undefined when the line is not one. Broken structured data stays in the text. */
export function parseRfc5424(line: string, priority: Priority): SyslogMessage | undefined {
  header.lastIndex = priority.end
  const match = header.exec(line)
  if (match === null) return undefined
  const [whole, time = '', host = '', app = '', processId = '', messageId = ''] = match
  if (time !== '-' && !rfc3339.test(time)) return undefined
  const start = priority.end + whole.length
  const structured = parseStructuredData(line, start)
  return {
    facility: priority.facility,
    severity: priority.severity,
    time: known(time),
    host: known(host),
    app: known(app),
    processId: known(processId),
    messageId: known(messageId),
    data: structured?.data,
    text: textFrom(line, structured?.end ?? start),
  }
}
