import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { streamRoom } from '@warren/platform/zlib-room'
import { Refusal } from '../http/refusal.ts'
import { gone } from './ask-store.ts'

/** What is shorter the operating system mostly takes at once. */
export const longBytes = 256 * 1024

const slow = (deadlineMs: number): Refusal =>
  new Refusal('query_deadline', `the client has not taken the answer within ${deadlineMs / 1000} s`)

/** Cuts an answer whose reader has not taken it in time: others wait for the memory that it has. */
export function cutWhenSlow(response: ServerResponse, bytes: number, deadlineMs: number): void {
  if (bytes < longBytes || response.destroyed) return
  const timer = setTimeout(() => response.destroy(), deadlineMs)
  response.once('close', () => clearTimeout(timer))
}

export interface SendOptions {
  readonly isPacked: boolean
  readonly deadlineMs: number
}

/** Sends a body whose head is sent, each piece when the one before has left. Rejects with a `Refusal` where the reader has gone, or is too slow: then it is cut. */
export async function sendPieces(
  response: ServerResponse,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  { isPacked, deadlineMs }: SendOptions,
): Promise<void> {
  const source = Readable.from(pieces, { highWaterMark: 1 })
  const signal = AbortSignal.timeout(deadlineMs)
  // A pipeline listens several times over, beside those who wait for the end: of more than ten Node.js warns.
  response.setMaxListeners(20)
  try {
    if (isPacked)
      await pipeline(source, createGzip({ level: 1, chunkSize: streamRoom }), response, { signal })
    else await pipeline(source, response, { signal })
  } catch {
    response.destroy()
    throw signal.aborted ? slow(deadlineMs) : gone()
  }
}
