import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { roomToPack } from '@warren/platform/zlib-room'
import { createHttpSender, type HttpAnswer } from '../http/sender.ts'

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
  /** One request with these lines and its answer; rejects when there was none. */
  send(path: string, lines: readonly Uint8Array[]): Promise<HttpAnswer>
  close(): void
}

const pack = promisify(gzip)
/** Less is not worth packing. */
const minPackedBytes = 1000

const bytesOf = (lines: readonly Uint8Array[]): number =>
  lines.reduce((sum, { length }) => sum + length, 0)

const plain = { 'content-type': 'text/plain; charset=utf-8' }
const packed = { ...plain, 'content-encoding': 'gzip' }

/** `/write` and `/api/v2/write` of InfluxDB: https://docs.influxdata.com/influxdb/v1/tools/api/#write-http-endpoint */
export function createLineSender(target: LineTarget): LineSender {
  const { url, authorization, timeoutMs } = target
  const headers = authorization === undefined ? {} : { authorization }
  const sender = createHttpSender({ url, headers, timeoutMs })
  return {
    target,
    send: async (path, lines) => {
      if (!target.gzip || bytesOf(lines) < minPackedBytes)
        return sender.send({ method: 'POST', path, headers: plain, body: lines })
      const bytes = Buffer.concat(lines)
      const body = await pack(bytes, { chunkSize: roomToPack(bytes.length) })
      const post = { method: 'POST', path, headers: packed, body }
      const { status, headers, pieces, body: answered } = await sender.send(post)
      // What is on its way is a copy.
      return { status, headers, pieces, body: answered, isSent: true }
    },
    close: sender.close,
  }
}
