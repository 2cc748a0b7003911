import type { IncomingMessage } from 'node:http'
import { HttpError } from '../http-error.ts'
import { readBody, tooLarge } from '../read-body.ts'
import { snappyLength, unpackSnappy } from './snappy.ts'

/** Reads a body that is one snappy block; never holds more than `maxBytes` of it, packed or not. */
export async function readSnappyBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const block = await readBody(request, maxBytes, (packed) => packed)
  try {
    // Before anything is unpacked.
    if (snappyLength(block).length > maxBytes) throw tooLarge()
    return unpackSnappy(block, maxBytes)
  } catch (error) {
    if (error instanceof HttpError) throw error
    throw new HttpError(400, 'invalid', { message: `unreadable body: ${(error as Error).message}` })
  }
}
