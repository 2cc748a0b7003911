import { openZstdEngine, type ZstdEngine } from './zstd-engine.ts'
import { zstdEndOf, zstdSizeOf } from './zstd-frame.ts'

/** What is larger is unpacked on its own. */
const maxLentBytes = 1024 ** 2

let engine: ZstdEngine | undefined
let output = Buffer.allocUnsafeSlow(256 * 1024)

/** The content of one whole frame of zstd, in memory that the next call writes to again. Undefined for anything else, of which this says nothing.
 *  The frame is known to be whole before: what one message lacks must not be taken from the next. */
export function unpackLent(frame: Buffer): Buffer | undefined {
  const size = zstdSizeOf(frame)
  if (size === undefined || size > maxLentBytes || zstdEndOf(frame) !== frame.length)
    return undefined
  if (size > output.length) output = Buffer.allocUnsafeSlow(maxLentBytes)
  engine ??= openZstdEngine()
  if (engine?.unpack(frame, output, size) === true) return output.subarray(0, size)
  engine?.close()
  engine = undefined
  return undefined
}
