import type { MetricMetadata } from '@warren/contracts/metric-metadata'
import { toSeriesKey } from '@warren/lineprotocol/write'
import { HttpError } from '../http-error.ts'
import { createMessageBuilder } from '../message-builder.ts'
import type { Messages } from '../to-messages.ts'
import { createDescribed } from './described.ts'
import type { ReadBounds, RequestKind, RequestVisitor, Sample } from './request.ts'

/** Why something of a request is not stored. Labels of a counter. */
export type LeftOut =
  | 'stale_marker'
  | 'not_finite'
  | 'out_of_time'
  | 'bad_series'
  | 'histogram'
  | 'exemplar'
  | 'metadata'

interface Options {
  readonly messageBytes: number
  /** Of all lines, as labels are written anew for each sample, and of the labels of all series. */
  readonly maxBytes: number
  readonly leftOut: (reason: LeftOut) => void
}

export interface PrometheusMessages extends Messages {
  readonly metadata: readonly MetricMetadata[]
}

const bounds: ReadBounds = { maxSeries: 100_000, maxLabels: 256, maxSymbols: 200_000 }
/** InfluxDB's bound of a series. */
const maxKeyBytes = 65_535
const maxProblems = 10
/** Milliseconds whose nanoseconds are an int64, as InfluxDB bounds a time. */
const maxTimeMs = (2n ** 63n - 2n) / 1_000_000n

const nameLabel = '__name__'
const field = 'value'
/** Labels that would be the field, or become another label's name: each gets one `_` more. */
const fieldLike = /^value_*$/

/** Of the labels, before anything is made of them: those of 2.0 are a few bytes that refer to long ones. */
function isTooLong(labels: ReadonlyMap<string, string>): boolean {
  let length = 0
  for (const [label, value] of labels) length += label.length + value.length
  return length > maxKeyBytes
}

/** Measurement and tags; the problem else. */
function keyOf(name: string, labels: ReadonlyMap<string, string>): Buffer | string {
  if (name === '') return `a series without ${nameLabel}`
  const tooLong = `the labels of ${name.slice(0, 64)} have more than ${maxKeyBytes} bytes`
  if (isTooLong(labels)) return tooLong
  // Without a prototype: a label may be called __proto__.
  const tags: Record<string, string> = Object.create(null)
  // InfluxQL could not tell a tag from a field of its name.
  for (const [label, value] of labels)
    if (label !== nameLabel) tags[fieldLike.test(label) ? `${label}_` : label] = value
  const key = Buffer.from(toSeriesKey(name, tags))
  return key.length <= maxKeyBytes ? key : tooLong
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

/** A request as line protocol: the name is the measurement, the labels are tags, the field is `value`. Throws an `HttpError` for what is none. */
export function toMessages(
  body: Buffer,
  kind: RequestKind,
  { messageBytes, maxBytes, leftOut }: Options,
): PrometheusMessages {
  const builder = createMessageBuilder(messageBytes)
  const described = createDescribed(() => leftOut('metadata'))
  const problems: string[] = []
  let name = ''
  let key: Uint8Array = Buffer.alloc(0)
  let [lines, lineBytes, keyBytes, refused] = [0, 0, 0, 0]

  const refuse = (problem: string): void => {
    refused += 1
    leftOut('bad_series')
    if (problems.length < maxProblems) problems.push(problem)
  }
  const startSeries = (labels: ReadonlyMap<string, string>): boolean => {
    name = labels.get(nameLabel) ?? ''
    const found = keyOf(name, labels)
    if (typeof found === 'string') {
      refuse(found)
      return false
    }
    key = found
    keyBytes += key.length
    if (keyBytes > maxBytes) throw tooLarge(maxBytes)
    return true
  }
  const addSample = (sample: Readonly<Sample>): void => {
    const reason = reasonToLeaveOut(sample)
    if (reason !== undefined) {
      leftOut(reason)
      return
    }
    const rest = ` ${field}=${sample.value} ${sample.timeMs * 1_000_000n}`
    lineBytes += key.length + rest.length + 1
    if (lineBytes > maxBytes) throw tooLarge(maxBytes)
    if (builder.add(key, rest)) lines += 1
    else refuse('a line is too long')
  }
  const visitor: RequestVisitor = {
    ...{ series: startSeries, badSeries: refuse, sample: addSample, passedOver: leftOut },
    family: described.family,
    described: (description) => described.series(name, description),
  }
  try {
    kind.read(body, visitor, bounds)
  } catch (error) {
    if (error instanceof HttpError) throw error
    const message = `not a ${kind.name}: ${(error as Error).message}`
    throw new HttpError(400, 'invalid', { message })
  }
  const bodies = builder.bodies()
  return { bodies, lines, host: undefined, problems, refused, metadata: described.metadata() }
}
