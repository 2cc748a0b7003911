/** Lines gathered to bodies of bounded size. */
export interface MessageBuilder {
  /** Adds one line: the bytes as they are, then the text, then a line feed. False when it can never fit. */
  add(bytes: Uint8Array, text: string): boolean
  /** Adds one line: the first `length` bytes, then a line feed. False when it can never fit. */
  addBytes(bytes: Buffer, length: number): boolean
  bodies(): Uint8Array[]
}

export function createMessageBuilder(maxBytes: number): MessageBuilder {
  const bodies: Uint8Array[] = []
  let buffer = Buffer.alloc(0)
  let length = 0

  const finish = (): void => {
    if (length > 0) bodies.push(buffer.subarray(0, length))
    length = 0
    buffer = Buffer.alloc(0)
  }

  const reserve = (needed: number): void => {
    if (length + needed > maxBytes) finish()
    if (length + needed <= buffer.length) return
    const wanted = Math.max(4_096, length + needed, buffer.length * 4)
    // Not of a pool, which a message that waits would keep.
    const larger = Buffer.allocUnsafeSlow(Math.min(maxBytes, wanted))
    buffer.copy(larger, 0, 0, length)
    buffer = larger
  }

  return {
    add: (bytes, text) => {
      const needed = bytes.length + text.length + 1
      if (needed > maxBytes) return false
      reserve(needed)
      buffer.set(bytes, length)
      buffer.write(text, length + bytes.length, 'latin1')
      length += needed
      buffer[length - 1] = 0x0a
      return true
    },
    addBytes: (bytes, count) => {
      if (count + 1 > maxBytes) return false
      reserve(count + 1)
      bytes.copy(buffer, length, 0, count)
      length += count + 1
      buffer[length - 1] = 0x0a
      return true
    },
    bodies: () => {
      finish()
      return bodies
    },
  }
}
