import { createCarry } from './carry.ts'
import type { Framer, OnFrame } from './framer.ts'

export interface DelimitedOptions {
  /** The byte behind each message. */
  readonly delimiter: number
  readonly maxBytes: number
}

/** Messages that end with a byte; empty ones are none. */
export function createDelimitedFramer({ delimiter, maxBytes }: DelimitedOptions): Framer {
  const carry = createCarry()
  /** The start of a long message was given; the rest is left out. */
  let isSkipping = false

  const give = (bytes: Buffer, onFrame: OnFrame): void => {
    if (bytes.length > maxBytes) onFrame(bytes.subarray(0, maxBytes), true)
    else if (bytes.length > 0) onFrame(bytes, false)
  }

  const finish = (part: Buffer, onFrame: OnFrame): void => {
    if (isSkipping) {
      isSkipping = false
      return
    }
    if (carry.length === 0) {
      give(part, onFrame)
      return
    }
    carry.add(part)
    give(carry.view(), onFrame)
    carry.drop(carry.length)
  }

  const keep = (rest: Buffer, onFrame: OnFrame): void => {
    if (isSkipping || rest.length === 0) return
    carry.add(rest)
    if (carry.length <= maxBytes) return
    give(carry.view(), onFrame)
    carry.drop(carry.length)
    isSkipping = true
  }

  return {
    push: (chunk, onFrame) => {
      let start = 0
      for (;;) {
        const end = chunk.indexOf(delimiter, start)
        if (end < 0) break
        finish(chunk.subarray(start, end), onFrame)
        start = end + 1
      }
      keep(chunk.subarray(start), onFrame)
    },
    end: (onFrame) => finish(Buffer.alloc(0), onFrame),
    get heldBytes() {
      return carry.length
    },
  }
}
