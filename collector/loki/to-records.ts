import type { LogRecord } from '@warren/contracts/log-record'
import type { Sender } from '../credentials.ts'
import { HttpError } from '../http-error.ts'
import { toDataset } from '../records/dataset.ts'
import type { Fields } from '../records/fields.ts'
import { addKnownFields, takeText } from '../records/known-fields.ts'
import { repeatableId } from '../records/record-id.ts'
import { createRecordMessages } from '../records/record-messages.ts'
import type { Entry, Label, PushVisitor } from './push.ts'
import { toTime } from './time.ts'

interface Options {
  readonly sender: Sender
  /** RFC 3339, of the arrival. */
  readonly at: string
  readonly messageBytes: number
  /** Of all records: the labels are written anew for each line. */
  readonly maxBytes: number
}

export interface Push {
  readonly bodies: readonly Uint8Array[]
  /** Lines that can be no record, and why the first of them cannot. */
  readonly refused: number
  readonly problem: string | undefined
}

const datasetNames = ['dataset', 'event_dataset']
const ownDataset = 'loki'

/** Labels first; metadata of the same name is kept beside it, as Loki does. */
function toFields(labels: readonly Label[], metadata: readonly Label[]): Fields {
  const fields: Fields = new Map(labels)
  for (const [name, value] of metadata)
    fields.set(fields.has(name) ? `${name}_extracted` : name, value)
  fields.delete('')
  return fields
}

/** What Loki itself takes for one: a line of a stream at a time. Its second in one request is another: the sender had it twice. */
function createIds(sender: Sender) {
  const counts = new Map<string, number>()
  return (stream: string, { seconds, nanoseconds, line, metadata }: Entry): string => {
    const time = `${seconds}.${nanoseconds}`
    const id = repeatableId(sender, 'loki', stream, time, line, JSON.stringify(metadata))
    const count = counts.get(id) ?? 0
    counts.set(id, count + 1)
    return count === 0 ? id : repeatableId(sender, 'loki again', id, String(count))
  }
}

const byName = ([a]: Label, [b]: Label): number => (a < b ? -1 : 1)

/** Turns a push to records: `read` reads it. Throws an `HttpError` for what is no push, or too much of one. */
export function toRecords(read: (visitor: PushVisitor) => void, options: Options): Push {
  const { sender, at, messageBytes, maxBytes } = options
  const messages = createRecordMessages(messageBytes)
  const idOf = createIds(sender)
  let labels: readonly Label[] = []
  let stream = ''
  let refused = 0
  let problem: string | undefined

  const refuse = (reason: string): void => {
    refused += 1
    problem ??= reason
  }
  const toRecord = (entry: Entry, time: string): LogRecord => {
    const fields = toFields(labels, entry.metadata)
    const dataset = toDataset(takeText(fields, datasetNames) ?? ownDataset)
    const head = { id: idOf(stream, entry), '@timestamp': time, observed_timestamp: at }
    return addKnownFields({ ...head, message: entry.line, 'event.dataset': dataset }, fields)
  }
  const visitor: PushVisitor = {
    stream: (given) => {
      labels = given
      stream = JSON.stringify(given.toSorted(byName))
    },
    entry: (entry) => {
      const time = toTime(entry)
      if (time === undefined) refuse('a timestamp is before 1970 or after 9999')
      else if (!messages.add(toRecord(entry, time)))
        refuse(`a line has more than ${messageBytes} bytes`)
      else if (messages.bytes > maxBytes)
        throw new HttpError(413, 'request too large', {
          message: `more than ${maxBytes} bytes as records, send fewer lines at once`,
        })
    },
  }
  try {
    read(visitor)
  } catch (error) {
    if (error instanceof HttpError) throw error
    const message = `not a push of Loki: ${(error as Error).message}`
    throw new HttpError(400, 'invalid', { message })
  }
  return { bodies: messages.bodies(), refused, problem }
}
