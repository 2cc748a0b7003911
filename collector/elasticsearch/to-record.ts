import type { LogRecord } from '@warren/contracts/log-record'
import type { Sender } from '../credentials.ts'
import { toDataset } from '../records/dataset.ts'
import { type Fields, type Members, toFields } from '../records/fields.ts'
import { addKnownFields, takeText } from '../records/known-fields.ts'
import { newRecordId, repeatableId } from '../records/record-id.ts'
import { datasetOfIndex } from './index-dataset.ts'
import type { BulkItem } from './read-bulk.ts'
import { toTime } from './time.ts'

export interface Arrival {
  /** RFC 3339. */
  readonly at: string
  readonly sender: Sender
}

/** Where senders have the text of a line: ECS, Fluent Bit and Docker, pino, journald. */
const messageNames = ['message', 'log', 'msg', 'MESSAGE', 'event.original']
/** Where they have its time, when it is not `@timestamp`: Vector, Docker, rsyslog. */
const timeNames = ['timestamp', 'time', 'timereported']

function parseDocument(source: Buffer): Members {
  let value: unknown
  try {
    value = JSON.parse(source.toString())
  } catch {
    throw new Error('it is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('it is not an object')
  return value as Members
}

/** Throws for an `@timestamp` that is no date; other names may hold anything. */
function takeTime(fields: Fields): string | undefined {
  const given = fields.get('@timestamp')
  if (given !== undefined) {
    const time = toTime(given)
    if (time === undefined)
      throw new Error(`failed to parse field [@timestamp]: ${String(given).slice(0, 64)}`)
    fields.delete('@timestamp')
    return time
  }
  for (const name of timeNames) {
    const value = fields.get(name)
    const time = typeof value === 'string' ? toTime(value) : undefined
    if (time === undefined) continue
    fields.delete(name)
    return time
  }
  return undefined
}

/** An empty `message` is one; a document without any is its own. */
function takeMessage(fields: Fields, source: Buffer): string {
  if (fields.get('message') === '') {
    fields.delete('message')
    return ''
  }
  return takeText(fields, messageNames) ?? source.toString()
}

function takeDataset(fields: Fields, index: string): string {
  const own = takeText(fields, ['data_stream.dataset']) ?? takeText(fields, ['event.dataset'])
  return own === undefined ? datasetOfIndex(index) : toDataset(own)
}

/** The sender's own id; else, of a line of a file, all of the document, which says where the line stood. Else nothing that its sender could name again. */
function idOf({ index, id, source }: BulkItem, fields: Fields, sender: Sender): string {
  if (id !== undefined) return repeatableId(sender, 'id', index, id)
  const isPlaced = ['agent.id', 'log.file.path', 'log.offset'].every((name) => fields.has(name))
  if (!isPlaced || source === undefined) return newRecordId()
  return repeatableId(sender, 'document', index, source.toString())
}

/** The document of an item as a record. Throws with the reason for what is none. */
export function toRecord(item: BulkItem, { at, sender }: Arrival): LogRecord {
  const source = item.source ?? Buffer.alloc(0)
  const fields = toFields(parseDocument(source))
  const id = idOf(item, fields, sender)
  const time = takeTime(fields)
  const dataset = takeDataset(fields, item.index)
  const message = takeMessage(fields, source)
  const head = { id, '@timestamp': time ?? at, observed_timestamp: at, message }
  return addKnownFields({ ...head, 'event.dataset': dataset }, fields)
}
