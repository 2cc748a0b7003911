import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { freeBytes } from '@warren/platform/free-bytes'
import type { Request, Response } from 'express'
import { acceptsGzip } from '../http/accepts-gzip.ts'

const compress = promisify(gzip)
/** Below it a packet holds the answer anyway. */
export const minPackedBytes = 1400

/** Sends an answer whole, with gzip when the client takes it: Grafana always does. Its bytes are nobody else's: they are gone once they are packed or sent. */
export async function sendBody(request: Request, response: Response, body: Buffer): Promise<void> {
  response.set('Cache-Control', 'no-store').vary('Accept-Encoding')
  const small = body.length < minPackedBytes || !acceptsGzip(request.headers)
  if (!small) response.set('Content-Encoding', 'gzip')
  if (small) {
    response.once('finish', () => freeBytes(body))
    response.end(body)
    return
  }
  const packed = await compress(body, { level: 1 })
  freeBytes(body)
  response.end(packed)
}
