import { toLine } from '@warren/lineprotocol/write'
import { type Chunk, countOf, type Normalised, type RefusedLine } from '../chunk.ts'
import { normaliseMetrics } from '../metrics/normalise.ts'
import type { Origin } from '../origin.ts'
import type { TimeWindow } from '../time-window.ts'
import {
  asSent,
  type CloudifyMessage,
  isConfiguration,
  parseMessage,
  refused,
  textIn,
} from './message.ts'

type MetricOrigin = Pick<Origin, 'tenant' | 'deployment' | 'fallbackNs'>

const nothing = (origin: MetricOrigin, window: TimeWindow) =>
  normaliseMetrics(new Uint8Array(), origin, window)

/** Seconds since the epoch, with a fraction: to the microsecond, which is what a double holds. */
function timeOf(seconds: unknown): bigint | undefined {
  if (typeof seconds !== 'number') return undefined
  const microseconds = Math.round(seconds * 1e6)
  return Number.isSafeInteger(microseconds) ? BigInt(microseconds) * 1000n : undefined
}

interface Converted {
  readonly line: string
}

/** Measurement `<name>`, field `<path>`, tags node, instance and host. In Cloudify's metrics `node_name` is the node and `node_id` its instance. */
function toLineOf(message: CloudifyMessage, body: Buffer): Converted | RefusedLine {
  const name = textIn(message, 'name')
  const path = textIn(message, 'path')
  const { metric, time } = message
  if (name === undefined || path === undefined)
    return refused('malformed', 'name and path are texts that are not empty', body)
  if (typeof metric !== 'number') return refused('malformed', 'metric is not a number', body)
  // A line that starts with # is a comment.
  if (name.startsWith('#')) return refused('malformed', 'the name starts with #', body)
  const timeNs = timeOf(time)
  if (timeNs === undefined && time !== undefined && time !== null)
    return refused('bad_timestamp', 'time is not a number of seconds since 1970', body)
  const line = toLine({
    measurement: name,
    tags: {
      node: textIn(message, 'node_name'),
      instance: textIn(message, 'node_id'),
      host: textIn(message, 'host'),
    },
    fields: { [path]: metric },
    timeNs: timeNs ?? 0n,
  })
  if (line === undefined) return refused('malformed', 'metric is not finite', body)
  // Without a time of its own it takes its message's, as native lines do.
  return { line: timeNs === undefined ? line.slice(0, line.lastIndexOf(' ')) : line }
}

/** The eleven-field JSON of Cloudify's Diamond handler (cloudify-diamond-plugin, cloudify_handler/format.py) as one point. `unit` is always empty, `service` repeats the rest. */
export function normaliseCloudifyMetric(
  body: Buffer,
  origin: MetricOrigin,
  window: TimeWindow,
): Normalised<Chunk> {
  const { chunk: empty } = nothing(origin, window)
  const message = parseMessage(body)
  if (message === undefined)
    return { chunk: empty, refused: [refused('malformed', 'not one JSON object', body)] }
  if (isConfiguration(message)) return { chunk: empty, refused: [] }
  const converted = toLineOf(message, body)
  if (!('line' in converted)) return { chunk: empty, refused: [converted] }
  const normalised = normaliseMetrics(Buffer.from(converted.line), origin, window)
  if (countOf(normalised.chunk) + normalised.refused.length + normalised.dropped === 0)
    return { chunk: empty, refused: [refused('malformed', 'no line can hold it', body)] }
  return asSent(normalised, body)
}
