import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { LogRecord } from '@warren/contracts/log-record'
import { levelOf } from './level.ts'
import { timestampOf } from './timestamp.ts'

/** What all records of one agent share. */
export interface RecordOrigin {
  readonly tenant: string
  readonly agentId: string
  readonly host: string
}

/** One line of a file. */
export interface FileLine {
  /** Without its line feed. */
  readonly bytes: Buffer
  /** Of its first byte in the file. */
  readonly offset: number
  /** It is longer; the rest was left out. */
  readonly cut: boolean
}

/** The file a line is from. */
export interface LineSource {
  readonly path: string
  /** UUID of this content of the file; another after each truncation. */
  readonly generation: string
  readonly dataset: string
  readonly service: string | undefined
}

/** 128 bits of SHA-256 over tenant, agent, generation, offset and bytes (contracts/log-record): the same line is the same record however often it is sent. */
function toId(line: FileLine, { generation }: LineSource, origin: RecordOrigin): string {
  return createHash('sha256')
    .update(`${origin.tenant}\0${origin.agentId}\0${generation}\0${line.offset}\0`)
    .update(line.bytes)
    .digest('hex')
    .slice(0, 32)
}

function toMessage({ bytes }: FileLine): string {
  const end = bytes.at(-1) === 0x0d ? bytes.length - 1 : bytes.length
  // Bytes that are no UTF-8 become U+FFFD.
  return bytes.toString('utf8', 0, end)
}

/** Its time is the one the line starts with (RFC 3339 with a zone), else that of reading it. */
export function toRecord(line: FileLine, source: LineSource, origin: RecordOrigin): LogRecord {
  const message = toMessage(line)
  const readAt = new Date().toISOString()
  const level = levelOf(message)
  const flags = {
    ...(line.cut ? { line_truncated: true } : {}),
    ...(isUtf8(line.bytes) || line.cut ? {} : { invalid_utf8: true }),
  }
  return {
    // The order of a canonical record: the poller takes such a line over as it is.
    id: toId(line, source, origin),
    '@timestamp': timestampOf(message) ?? readAt,
    message,
    observed_timestamp: readAt,
    ...(level === undefined ? {} : { 'log.level': level.name, severity_number: level.severity }),
    ...(source.service === undefined ? {} : { 'service.name': source.service }),
    'host.name': origin.host,
    'agent.id': origin.agentId,
    'log.file.path': source.path,
    'log.offset': line.offset,
    'event.dataset': source.dataset,
    ...(Object.keys(flags).length === 0 ? {} : { attributes: flags }),
  }
}
