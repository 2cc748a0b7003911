import type { Readable } from 'node:stream'
import { WarrenError } from '@warren/platform/errors'
import { freeBytes } from '@warren/platform/free-bytes'
import type { AnswerShare } from '../answer-share.ts'

/** A query's answer may have as many bytes when it is sent on (`queries.maxAnswerBytes`); nothing else that a store is asked comes near. */
export const maxAnswerBytes = 64 * 1024 ** 2

export const tooLong = (): WarrenError =>
  new WarrenError(
    `the store's answer has more than ${maxAnswerBytes} bytes; ask for a shorter range, a longer interval or fewer series`,
    { code: 'answer_too_large', disposition: 'reject' },
  )

/** The whole answer in the pieces in which it came, none read before the share has room for the one before. Rejects when it is cut, and with `answer_too_large` as soon as it is longer than `maxAnswerBytes`. */
function readPieces(answer: Readable, share?: AnswerShare): Promise<readonly Buffer[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly Buffer[]>()
  const pieces: Buffer[] = []
  let bytes = 0
  answer.on('data', (piece: Buffer) => {
    pieces.push(piece)
    bytes += piece.length
    // What is left of it is not read: the connection goes with it.
    if (bytes > maxAnswerBytes) answer.destroy(tooLong())
    else pauseFor(answer, share?.take(piece.length))
  })
  answer.once('end', () => resolve(pieces))
  answer.once('error', reject)
  // After one of the others this changes nothing.
  answer.once('close', () => reject(new Error('the answer was cut')))
  return promise
}

function pauseFor(answer: Readable, room: Promise<void> | undefined): void {
  if (room === undefined) return
  answer.pause()
  room.then(
    () => answer.resume(),
    (error: Error) => answer.destroy(error),
  )
}

export function joined(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces
  return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces)
}

/** The same as one, of which nobody else has a part. */
export async function readAnswer(answer: Readable, share?: AnswerShare): Promise<Buffer> {
  const pieces = await readPieces(answer, share)
  const whole = joined(pieces)
  if (pieces.length > 1) for (const piece of pieces) freeBytes(piece)
  return whole
}
