import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { HttpError, InfluxDB } from '@influxdata/influxdb-client'
import type { HttpAnswer } from '../http/sender.ts'
import type { LineSender, LineTarget } from './line-sender.ts'

const decoder = new TextDecoder()
/** Less is not worth packing. */
const minPackedBytes = 1000

interface Sending {
  readonly agent: HttpAgent | HttpsAgent
  readonly path: string
  readonly lines: readonly Uint8Array[]
}

/** `/api/v2/write` through `@influxdata/influxdb-client` without its buffering, retries and log: one call is one request with one outcome. It takes text, so a batch is decoded for it. */
export function createClientSender(target: LineTarget): LineSender {
  const Agent = target.url.startsWith('https:') ? HttpsAgent : HttpAgent
  const agent = new Agent({ keepAlive: true })
  return {
    target,
    send: (path, lines) => sendOnce(target, { agent, path, lines }),
    close: () => agent.destroy(),
  }
}

async function sendOnce(
  { url, authorization, gzip, timeoutMs }: LineTarget,
  { agent, path, lines }: Sending,
): Promise<HttpAnswer> {
  const client = new InfluxDB({
    url,
    // The client's own timeout leaves the socket open and is for idle time only; the signal ends the request.
    timeout: timeoutMs + 1000,
    transportOptions: { agent, signal: AbortSignal.timeout(timeoutMs) },
    headers: authorization === undefined ? {} : { authorization },
  })
  const api = client.getWriteApi('', '', 'ns', {
    // All lines are one record, so nothing is split or joined and the buffer never sends by itself.
    batchSize: 2,
    maxBatchBytes: Number.POSITIVE_INFINITY,
    flushInterval: 0,
    maxRetries: 0,
    gzipThreshold: gzip ? minPackedBytes : Number.POSITIVE_INFINITY,
    // Its promise is what flush() then rejects with; without it the client would also print the error.
    writeFailed: (error) => Promise.reject(error),
  })
  api.path = path
  api.writeRecord(decoder.decode(Buffer.concat(lines)))
  try {
    await api.flush()
    return { status: 204, headers: {}, body: Buffer.alloc(0), pieces: [], isSent: true }
  } catch (error) {
    return toAnswer(error)
  } finally {
    api.dispose()
  }
}

/** The answer that the client made an error of; throws when there was none. */
function toAnswer(error: unknown): HttpAnswer {
  if (!(error instanceof HttpError)) throw error
  const { statusCode: status, headers = {}, body: text = '' } = error
  const body = Buffer.from(text)
  // What was sent is the text.
  return { status, headers, body, pieces: [body], isSent: true }
}
