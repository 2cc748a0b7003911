import type { Sender } from '../credentials.ts'
import { tooLarge } from '../read-body.ts'
import { newRecordId, repeatableId } from '../records/record-id.ts'
import { createRecordMessages } from '../records/record-messages.ts'
import { type Integer, type KeyValue, type Plain, toPlain } from './attributes.ts'
import type { LogsRequest, OtlpRecord } from './logs-request.ts'
import { type Origin, toRecord } from './to-record.ts'

interface Options {
  readonly sender: Sender
  readonly messageBytes: number
  /** Of all records: attributes of a resource are written anew for each. */
  readonly maxBytes: number
  readonly arrivedMs: number
  readonly onRefused: () => void
}

export interface LogMessages {
  readonly bodies: readonly Uint8Array[]
  readonly refused: number
  /** Why, the first ones only. */
  readonly problems: readonly string[]
}

const maxProblems = 10

/** Zero means that there is no time. */
const isGiven = (time: Integer = 0): boolean => BigInt(time) !== 0n

interface Place {
  readonly resource: readonly KeyValue[] | undefined
  readonly scopeName: string | undefined
  readonly arrivedAt: string
}

function originOf({ resource = [], scopeName = '', arrivedAt }: Place): Origin {
  // Without a prototype: an attribute may be called __proto__.
  const attributes: Record<string, Plain> = Object.create(null)
  for (const { key = '', value } of resource) attributes[key] = toPlain(value)
  if (scopeName !== '') attributes['otel.scope.name'] = scopeName
  return { attributes, arrivedAt }
}

function* recordsOf(
  { resourceLogs = [] }: LogsRequest,
  arrivedAt: string,
): Generator<{ record: OtlpRecord; origin: Origin }> {
  for (const { resource, scopeLogs = [] } of resourceLogs)
    for (const { scope, logRecords = [] } of scopeLogs) {
      const place = { resource: resource?.attributes, scopeName: scope?.name, arrivedAt }
      const origin = originOf(place)
      for (const record of logRecords) yield { record, origin }
    }
}

/** The same request again gives the same ids: a record is known by all that it says, and by how many before it in the request said the same. One without a time of its own is another each time. */
function createIds(sender: Sender) {
  const seen = new Map<string, number>()
  return ({ timeUnixNano, observedTimeUnixNano }: OtlpRecord, text: string): string => {
    if (!isGiven(timeUnixNano) && !isGiven(observedTimeUnixNano)) return newRecordId()
    const id = repeatableId(sender, 'otlp', text)
    const before = seen.get(id) ?? 0
    seen.set(id, before + 1)
    return before === 0 ? id : repeatableId(sender, 'otlp', text, String(before))
  }
}

/** Log records of a request, ready to publish. Throws an `HttpError` for too many bytes. */
export function toRecordMessages(
  request: LogsRequest,
  { sender, messageBytes, maxBytes, arrivedMs, onRefused }: Options,
): LogMessages {
  const messages = createRecordMessages(messageBytes)
  const idOf = createIds(sender)
  const problems: string[] = []
  let [bytes, refused] = [0, 0]
  const refuse = (problem: string): void => {
    onRefused()
    refused += 1
    if (problems.length < maxProblems) problems.push(problem)
  }
  const add = (record: OtlpRecord, origin: Origin): void => {
    const made = toRecord(record, origin)
    // When it was observed is the arrival's time where the sender does not say it.
    const text = JSON.stringify({
      ...made,
      observed_timestamp: isGiven(record.observedTimeUnixNano)
        ? made.observed_timestamp
        : undefined,
    })
    bytes += text.length
    if (!messages.add({ id: idOf(record, text), ...made }))
      throw new Error(`a record has more than ${messageBytes} bytes`)
  }
  for (const { record, origin } of recordsOf(request, new Date(arrivedMs).toISOString())) {
    try {
      add(record, origin)
    } catch (error) {
      refuse((error as Error).message)
    }
    if (bytes > maxBytes) throw tooLarge()
  }
  return { bodies: messages.bodies(), refused, problems }
}
