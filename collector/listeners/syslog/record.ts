import type { LogRecord } from '@warren/contracts/log-record'
import { facilityOf, severityOf } from '../../syslog-severity.ts'
import type { SyslogMessage } from './message.ts'

export interface Arrival {
  /** RFC 3339. */
  readonly at: string
  /** Of the sender's socket. */
  readonly address: string
  /** The line was longer than allowed, and the rest was left out. */
  readonly isCut: boolean
}

type AttributeEntries = Record<string, string | number | boolean>

/** In the words of https://www.elastic.co/docs/reference/ecs/ecs-log#field-log-syslog-facility-code */
function toAttributes(message: SyslogMessage): AttributeEntries {
  const attributes: AttributeEntries = {
    'log.syslog.facility.name': facilityOf(message.facility),
    'log.syslog.severity.code': message.severity,
  }
  if (message.processId !== undefined) attributes['log.syslog.procid'] = message.processId
  if (message.messageId !== undefined) attributes['log.syslog.msgid'] = message.messageId
  for (const key in message.data)
    attributes[`log.syslog.structured_data.${key}`] = message.data[key] ?? ''
  return attributes
}

/** Without a host of its own a message is from the address it came from; without a time, of the moment it came. What was done to its text is noted. */
export function toSyslogRecord(
  message: SyslogMessage,
  arrival: Arrival,
  isLatin1: boolean,
): LogRecord {
  const severity = severityOf(message.severity)
  const attributes = toAttributes(message)
  if (arrival.isCut) attributes['line_truncated'] = true
  if (isLatin1) attributes['encoding_assumed'] = 'ISO-8859-1'
  return {
    '@timestamp': message.time ?? arrival.at,
    observed_timestamp: arrival.at,
    message: message.text,
    'log.level': severity.level,
    severity_number: severity.number,
    ...(message.app === undefined ? {} : { 'service.name': message.app }),
    'host.name': message.host ?? arrival.address,
    'event.dataset': 'syslog',
    attributes,
  }
}
