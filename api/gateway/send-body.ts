import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Request, Response } from 'express'

const compress = promisify(gzip)
/** Below it a packet holds the answer anyway. */
const minBytes = 1400

interface Body {
  readonly body: Buffer
  /** Its gzip, where it may have been made already. */
  readonly gzipped?: () => Promise<Buffer>
}

/** Sends an answer whole, with gzip when the client takes it: Grafana always does. */
export async function sendBody(
  request: Request,
  response: Response,
  { body, gzipped = () => compress(body, { level: 1 }) }: Body,
): Promise<void> {
  response.set('Cache-Control', 'no-store').vary('Accept-Encoding')
  const small = body.length < minBytes || request.acceptsEncodings('gzip', 'identity') !== 'gzip'
  if (!small) response.set('Content-Encoding', 'gzip')
  response.end(small ? body : await gzipped())
}
