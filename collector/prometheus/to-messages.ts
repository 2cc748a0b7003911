import { toSeriesKey } from '@warren/lineprotocol/write'
import { HttpError } from '../http-error.ts'
import { createMessageBuilder } from '../message-builder.ts'
import type { Messages } from '../to-messages.ts'
import { type ReadBounds, readWriteRequest, type Sample } from './write-request.ts'

/** Why something of a request is not stored. Labels of a counter. */
export type LeftOut =
  | 'stale_marker'
  | 'not_finite'
  | 'out_of_time'
  | 'bad_series'
  | 'histogram'
  | 'exemplar'

interface Options {
  readonly messageBytes: number
  /** Of all lines: the labels are written anew for each sample. */
  readonly maxBytes: number
  readonly leftOut: (reason: LeftOut) => void
}

const bounds: ReadBounds = { maxSeries: 100_000, maxLabels: 256 }
/** InfluxDB's bound of a series. */
const maxKeyBytes = 65_535
const maxProblems = 10
/** Milliseconds whose nanoseconds are an int64, as InfluxDB bounds a time. */
const maxTimeMs = (2n ** 63n - 2n) / 1_000_000n

const nameLabel = '__name__'

/** Measurement and tags; the problem else. */
function keyOf(labels: ReadonlyMap<string, string>): { key: Buffer } | { problem: string } {
  const name = labels.get(nameLabel) ?? ''
  if (name === '') return { problem: `a series without ${nameLabel}` }
  // Without a prototype: a label may be called __proto__.
  const tags: Record<string, string> = Object.create(null)
  for (const [label, value] of labels) if (label !== nameLabel) tags[label] = value
  const key = Buffer.from(toSeriesKey(name, tags))
  if (key.length <= maxKeyBytes) return { key }
  return { problem: `the labels of ${name.slice(0, 64)} have more than ${maxKeyBytes} bytes` }
}

function reasonToLeaveOut({ value, timeMs, isStale }: Readonly<Sample>): LeftOut | undefined {
  if (isStale) return 'stale_marker'
  if (!Number.isFinite(value)) return 'not_finite'
  return timeMs > maxTimeMs || timeMs < -maxTimeMs ? 'out_of_time' : undefined
}

const tooLarge = (maxBytes: number): HttpError =>
  new HttpError(413, 'request too large', {
    message: `more than ${maxBytes} bytes as lines, send fewer samples at once`,
  })

/** A `prometheus.WriteRequest` as line protocol: the name is the measurement, the labels are tags, the field is `value`. Throws an `HttpError` for what is none. */
export function toMessages(body: Buffer, { messageBytes, maxBytes, leftOut }: Options): Messages {
  const builder = createMessageBuilder(messageBytes)
  const problems: string[] = []
  let key: Uint8Array = Buffer.alloc(0)
  let [lines, bytes, refused] = [0, 0, 0]

  const refuse = (problem: string): void => {
    refused += 1
    leftOut('bad_series')
    if (problems.length < maxProblems) problems.push(problem)
  }
  const addSample = (sample: Readonly<Sample>): void => {
    const reason = reasonToLeaveOut(sample)
    if (reason !== undefined) {
      leftOut(reason)
      return
    }
    const rest = ` value=${sample.value} ${sample.timeMs * 1_000_000n}`
    bytes += key.length + rest.length + 1
    if (bytes > maxBytes) throw tooLarge(maxBytes)
    if (builder.add(key, rest)) lines += 1
    else refuse('a line is too long')
  }
  const visitor = {
    series: (labels: ReadonlyMap<string, string>): boolean => {
      const found = keyOf(labels)
      if ('problem' in found) refuse(found.problem)
      else key = found.key
      return 'key' in found
    },
    sample: addSample,
    passedOver: leftOut,
  }
  try {
    readWriteRequest(body, visitor, bounds)
  } catch (error) {
    if (error instanceof HttpError) throw error
    const message = `not a prometheus.WriteRequest: ${(error as Error).message}`
    throw new HttpError(400, 'invalid', { message })
  }
  return { bodies: builder.bodies(), lines, host: undefined, problems, refused }
}
