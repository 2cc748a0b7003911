import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { InfluxDB } from '@influxdata/influxdb-client'

export interface LineTarget {
  readonly url: string
  /** Sent as `Authorization`; absent: none. */
  readonly authorization: string | undefined
  readonly gzip: boolean
  /** From the first byte sent to the last one received. */
  readonly timeoutMs: number
}

export interface LineSender {
  readonly target: LineTarget
  /** One request with these lines; resolves when the server has answered that it stored them all. Rejects with the client's errors. */
  send(path: string, lines: string): Promise<void>
  close(): void
}

/** Requests through `@influxdata/influxdb-client` without its buffering, retries and log: one call is one request with one outcome. */
export function createLineSender(target: LineTarget): LineSender {
  const Agent = target.url.startsWith('https:') ? HttpsAgent : HttpAgent
  const agent = new Agent({ keepAlive: true })
  return {
    target,
    send: (path, lines) => sendOnce(target, agent, { path, lines }),
    close: () => agent.destroy(),
  }
}

interface LineRequest {
  readonly path: string
  readonly lines: string
}

async function sendOnce(
  { url, authorization, gzip, timeoutMs }: LineTarget,
  agent: HttpAgent | HttpsAgent,
  { path, lines }: LineRequest,
): Promise<void> {
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
    gzipThreshold: gzip ? 1000 : Number.POSITIVE_INFINITY,
    // Its promise is what flush() then rejects with; without it the client would also print the error.
    writeFailed: (error) => Promise.reject(error),
  })
  api.path = path
  api.writeRecord(lines)
  try {
    await api.flush()
  } finally {
    api.dispose()
  }
}
