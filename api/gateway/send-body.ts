import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { freeBytes } from '@warren/platform/free-bytes'
import { roomToPack } from '@warren/platform/zlib-room'
import type { Response } from 'express'
import { acceptsGzip } from '../http/accepts-gzip.ts'
import { BodyBytes } from './influxdb/body/body-bytes.ts'
import { longBytes, sendPieces } from './send-pieces.ts'

const compress = promisify(gzip)
const packing = (bytes: number) => ({ level: 1, chunkSize: roomToPack(bytes) })
/** Below it a packet holds the answer anyway. */
export const minPackedBytes = 1400

/** A part of a body. */
export interface BodyPiece {
  readonly bytes: Buffer
  /** Others may have the bytes, too; else they are gone once they are packed or sent. */
  readonly isShared: boolean
}

export const sizeOfPieces = (pieces: readonly BodyPiece[]): number =>
  pieces.reduce((sum, { bytes }) => sum + bytes.length, 0)

function free(pieces: readonly BodyPiece[]): void {
  for (const { bytes, isShared } of pieces) if (!isShared) freeBytes(bytes)
}

/** Sends an answer whole, with gzip when the client takes it: Grafana always does. Rejects with a `Refusal` where the reader of a long one has gone, or is too slow: then it is cut. */
export async function sendBody(
  response: Response,
  pieces: readonly BodyPiece[],
  deadlineMs: number,
): Promise<void> {
  const length = sizeOfPieces(pieces)
  const isPacked = length >= minPackedBytes && acceptsGzip(response.req.headers)
  response.set('Cache-Control', 'no-store').vary('Accept-Encoding')
  if (isPacked) response.set('Content-Encoding', 'gzip')
  else response.set('Content-Length', String(length))
  const parts = pieces.map(({ bytes }) => bytes)
  if (length >= longBytes) await sendPieces(response, parts, { isPacked, deadlineMs })
  else if (isPacked) response.end(await compress(new BodyBytes(parts).join(), packing(length)))
  else await sendShort(response, parts)
  // Not of what was cut: a thread that packs may still read it.
  if (isPacked || response.writableFinished) free(pieces)
}

/** Settles once it is sent, or its reader has gone. */
function sendShort(response: Response, parts: readonly Buffer[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (response.destroyed) resolve()
  response.once('close', () => resolve())
  new BodyBytes(parts).end(response)
  return promise
}
