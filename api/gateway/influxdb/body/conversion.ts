import { setImmediate as turn } from 'node:timers/promises'
import { longBytes } from '../../send-pieces.ts'
import { BodyBytes, type LongBody } from './body-bytes.ts'
import { requireSize } from './pieces.ts'

/** Makes another text of an answer's JSON as it comes, and holds no more of either than it must. */
export interface Conversion {
  /** What the next bytes give, wherever they end; may be nothing. Throws a `Refusal` or a `WarrenError` where the answer has no such form. */
  add(piece: Uint8Array): Uint8Array
  end(): Uint8Array
}

/** Of the answer, at once: parsed and printed it is several times as much. */
const pieceBytes = 32 * 1024

/** What a conversion has in hand beside the answer, about, and the most that it makes without sending it. */
export const conversionBytes = longBytes

export interface ConvertOptions {
  readonly maxBytes: number
  readonly signal: AbortSignal
}

async function* converted(
  source: readonly Uint8Array[],
  conversion: Conversion,
): AsyncGenerator<Uint8Array> {
  for (const whole of source)
    for (let at = 0; at < whole.length; at += pieceBytes) {
      const made = conversion.add(whole.subarray(at, at + pieceBytes))
      if (made.length > 0) yield made
      await turn()
    }
  const last = conversion.end()
  if (last.length > 0) yield last
}

/**
 * An answer's JSON as another text. One that is long is made twice: first to know its length and whether it can be made at all, for which there is no place once it is
 * being sent, then piece by piece as its reader takes it. Throws `answer_too_large`, what the conversion throws, and the signal's reason.
 */
export async function convert(
  source: readonly Uint8Array[],
  begin: () => Conversion,
  { maxBytes, signal }: ConvertOptions,
): Promise<BodyBytes | LongBody> {
  let made: Uint8Array[] = []
  let length = 0
  for await (const piece of converted(source, begin())) {
    signal.throwIfAborted()
    length += piece.length
    requireSize(length, maxBytes)
    if (length <= conversionBytes) made.push(piece)
    else made = []
  }
  if (length <= conversionBytes) return new BodyBytes(made)
  const heldBytes = source.reduce((sum, whole) => sum + whole.length, 0)
  return { length, heldBytes, pieces: converted(source, begin()) }
}
